#include "core/campaign/after_approval.h"

#include <algorithm>
#include <array>

namespace satchel::core {
namespace {

constexpr std::array kFields{
    ProofField{"name", "姓名", "name"},
    ProofField{"student_number", "学号", "student number"},
    ProofField{"id_number", "身份证号", "ID number"},
    ProofField{"enrolled_on", "入学日期", "enrolment"},
    ProofField{"level", "学历层次", "level"},
    ProofField{"major", "专业", "major"},
    ProofField{"class", "班级", "class"},
    ProofField{"site", "站点", "site"},
    ProofField{"picture", "照片", "picture"},
};

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kChinaMs = 8 * 3'600'000;

/// The one with the largest epoch, then record id.
template <class Seen, class Counts>
const Seen* newest(const std::vector<Seen>& list, Counts counts) noexcept {
  const Seen* out = nullptr;
  for (const Seen& seen : list) {
    if (!counts(seen)) continue;
    const bool later =
        out == nullptr || seen.fact.epoch > out->fact.epoch || (seen.fact.epoch == out->fact.epoch && seen.id > out->id);
    if (later) out = &seen;
  }
  return out;
}

template <class Seen>
std::uint64_t next_epoch(const std::vector<Seen>& list) noexcept {
  std::uint64_t most = 0;
  for (const Seen& seen : list) most = std::max(most, seen.fact.epoch);
  return most + 1;
}

bool may_say(const StudentState& state, NodeNumber author) noexcept {
  return author == kHubNumber || (state.roster && state.roster->site == author);
}

}  // namespace

std::span<const ProofField> proof_fields() noexcept { return kFields; }

const ProofField* proof_field(std::string_view name) noexcept {
  const auto found = std::find_if(kFields.begin(), kFields.end(), [&](const ProofField& field) { return field.name == name; });
  return found == kFields.end() ? nullptr : &*found;
}

const ProofSeen* current_proof(const StudentState& state) noexcept {
  return newest(state.proofs, [&](const ProofSeen& seen) {
    return state.current && seen.fact.submission == *state.current && may_say(state, seen.author);
  });
}

const ErrataSeen* open_errata(const StudentState& state) noexcept {
  const ErrataSeen* last = newest(state.errata, [](const ErrataSeen&) { return true; });
  return last == nullptr || last->fact.closed ? nullptr : last;
}

const DeliverySeen* current_delivery(const StudentState& state) noexcept {
  for (const DeliverySeen& seen : state.deliveries) {
    if (state.current && seen.fact.submission == *state.current) return &seen;
  }
  return nullptr;
}

const ExportSeen* first_export(const StudentState& state) noexcept {
  const ExportSeen* out = nullptr;
  for (const ExportSeen& seen : state.exports) {
    if (!state.current || seen.fact.submission != *state.current) continue;
    if (out == nullptr || seen.fact.exported.wall < out->fact.exported.wall) out = &seen;
  }
  return out;
}

std::uint64_t next_proof_epoch(const StudentState& state) noexcept { return next_epoch(state.proofs); }
std::uint64_t next_errata_epoch(const StudentState& state) noexcept { return next_epoch(state.errata); }

std::optional<PurgeScope> purge_scope(const StudentState& state) noexcept {
  std::optional<PurgeScope> out;
  for (const PurgeSeen& seen : state.purges) {
    if (!out || seen.fact.scope > *out) out = seen.fact.scope;
  }
  return out;
}

bool purges(const StudentState& state, PurgeScope scope) noexcept {
  const auto ordered = purge_scope(state);
  return ordered && *ordered >= scope;
}

std::optional<PurgeScope> purged_by(const StudentState& state, NodeNumber node) noexcept {
  std::optional<PurgeScope> out;
  for (const PurgedSeen& seen : state.purged) {
    if (seen.author == node && (!out || seen.fact.scope > *out)) out = seen.fact.scope;
  }
  return out;
}

RosterFact without_person(RosterFact row) {
  for (std::string* text :
       {&row.student_number, &row.name, &row.id_number, &row.enrolled_on, &row.phone, &row.mail, &row.remark}) {
    text->clear();
  }
  row.extra.clear();
  return row;
}

std::optional<PurgeScope> purge_due(const StudentState& state, const Retention& retention, WallMs now) noexcept {
  if (state.stage != Stage::delivered && state.stage != Stage::purged) return std::nullopt;
  const DeliverySeen* delivery = current_delivery(state);
  if (delivery == nullptr) return std::nullopt;
  const std::int64_t age = now.value - delivery->fact.delivered.wall.value;
  const auto over = [&](int days) { return age >= days * kDayMs; };
  // Each scope takes what the one before takes too, so it waits for the longer of both.
  if (!over(retention.originals_days)) return std::nullopt;
  if (!over(retention.pictures_days)) return PurgeScope::originals;
  return over(retention.records_days) ? PurgeScope::records : PurgeScope::pictures;
}

Result<void> may_proof(const StudentState& state) {
  if (state.stage == Stage::purged) return Code::kPurged;
  const bool out = approved_or_after(state.stage) && first_export(state) != nullptr;
  return out ? Result<void>{} : Result<void>{Code::kNotExported};
}

Result<void> may_deliver(const StudentState& state, const Profile& profile) {
  if (state.stage == Stage::delivered) return Code::kNothingToDo;
  SATCHEL_TRY(may_proof(state));
  if (open_errata(state) != nullptr) return Code::kErrataOpen;
  if (profile.clocks.proof_max > 0 && state.stage != Stage::proofed) return Code::kNotProofed;
  return {};
}

}  // namespace satchel::core
