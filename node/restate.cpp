#include "node/restate.h"

#include <algorithm>

#include "core/crypto/signed_profile.h"
#include "node/desk.h"
#include "node/digest.h"
#include "node/meta.h"
#include "node/roster_rows.h"

namespace satchel::node {

using core::Lane;
using core::Result;

namespace {

constexpr std::size_t kStudentsPerTurn = 100;

/// The verdict that counts, above any that was forgotten; or that there is none.
Result<void> restate_review(const LedgerBase& base, const Ledger& ledger, Ledger::Turn& turn, const core::StudentState& state) {
  if (!state.current) return {};
  const core::VerdictSeen* verdict = core::current_verdict(state);
  if (verdict == nullptr && state.stage != core::Stage::submitted) return {};
  core::VerdictFact word;
  if (verdict != nullptr) word = verdict->fact;
  word.student = state.student;
  word.submission = *state.current;
  word.undone = verdict == nullptr;
  word.review_epoch = ledger.number(core::next_review_epoch(state) + 1);
  if (verdict == nullptr) word.decided = base.surroundings.clock.moment();
  std::vector<core::VerdictFact> words{word};
  if (verdict != nullptr && !word.approved) words.insert(words.begin(), take_back_before(word));
  for (const core::NodeNumber site : who_holds(base.membership, state)) {
    for (const core::VerdictFact& each : words) SATCHEL_TRY(turn.state(audience_of(site), Lane::control, each));
  }
  return {};
}

Result<void> restate_students(const LedgerBase& base, Ledger& ledger, const std::vector<core::StudentState>& students) {
  std::vector<core::RosterFact> rows;
  std::uint64_t newest = 0;
  Ledger::Turn turn = ledger.turn();
  for (const core::StudentState& state : students) {
    if (state.stage == core::Stage::purged) continue;
    SATCHEL_TRY(restate_review(base, ledger, turn, state));
    if (!state.roster || base.membership.revoked(state.roster->site)) continue;
    rows.push_back(*state.roster);
    rows.back().version = ledger.number(rows.back().version + 1);
    newest = std::max(newest, rows.back().version);
  }
  RowWriter writer{turn, newest};
  for (const core::RosterFact& row : rows) SATCHEL_TRY(writer.fresh(row));
  SATCHEL_TRY(writer.state_index());
  return turn.commit();
}

Result<void> restate_campaign(const LedgerBase& base, const Ledger& ledger, Ledger::Turn& turn) {
  const Meta meta{base.store};
  SATCHEL_TRY_ASSIGN(core::TimetableFact timetable, meta.timetable());
  if (timetable.version != 0) {
    timetable.version = ledger.number(timetable.version + 1);
    SATCHEL_TRY(turn.state(core::kEveryone, Lane::control, timetable));
  }
  SATCHEL_TRY_ASSIGN(const auto campaign, meta.campaign(base.identity.store_key.view()));
  if (!campaign) return {};
  const core::Founding& founding = base.membership.founding();
  core::SignedProfile profile = campaign->profile;
  SATCHEL_TRY_ASSIGN(const auto offered, meta.offered_profiles(founding));
  if (!offered.empty() && core::newer_profile(offered.back(), profile)) profile = offered.back();
  const core::SignedProfile anew =
      core::sign_profile(founding.id(), ledger.number(profile.version + 1), profile.toml, base.identity.sign);
  SATCHEL_TRY(turn.state(core::kEveryone, Lane::control, core::ProfileFact{core::encode(anew)}));
  return {};
}

}  // namespace

core::VerdictFact take_back_before(const core::VerdictFact& word) {
  core::VerdictFact out;
  out.student = word.student;
  out.submission = word.submission;
  out.by = word.by;
  out.undone = true;
  out.review_epoch = word.review_epoch - 1;
  out.decided = word.decided;
  return out;
}

Result<std::size_t> restate(const LedgerBase& base, Ledger& ledger) {
  if (base.self != core::kHubNumber || !base.high_water.may_have_forgotten()) return std::size_t{0};
  const std::uint32_t epoch = base.high_water.epoch();
  SATCHEL_TRY_ASSIGN(const std::uint32_t done, Meta{base.store}.restated());
  if (done >= epoch) return std::size_t{0};
  std::vector<core::StudentRef> refs;
  SATCHEL_TRY(each_digest(base.store, [&](core::StudentRef ref, const Digest&) { refs.push_back(ref); }));
  for (std::size_t at = 0; at < refs.size(); at += kStudentsPerTurn) {
    std::vector<core::StudentState> students;
    for (std::size_t i = at; i < std::min(refs.size(), at + kStudentsPerTurn); ++i) {
      SATCHEL_TRY_ASSIGN(auto state, ledger.student(refs[i]));
      if (state) students.push_back(*std::move(state));
    }
    SATCHEL_TRY(restate_students(base, ledger, students));
  }
  Ledger::Turn last = ledger.turn();
  SATCHEL_TRY(restate_campaign(base, ledger, last));
  Meta::put_restated(last.batch(), epoch);
  SATCHEL_TRY(last.commit());
  base.log.note("said anew, as of epoch " + std::to_string(epoch) + ": " + std::to_string(refs.size()) + " students");
  return refs.size();
}

}  // namespace satchel::node
