// Where everything must be when calm has returned, as the model foretells it.
#include <sstream>

#include "core/campaign/student.h"
#include "core/crypto/hash.h"
#include "core/store/keys.h"
#include "node/digest.h"
#include "tests/sim/log_name.h"
#include "tests/sim/oracles.h"

namespace satchel::tests {

using core::BundleId;

namespace {

bool knows(const Machine& machine, const core::RecordId& id) {
  const auto row = machine.store.get(core::keys::of(core::keys::kRecordIndex, id.view()));
  return row && *row;
}

/// The very bytes: wherever they lie, they open and have that hash.
bool has_picture(const Machine& machine, const core::Hash& hash) { return machine.ledger->blobs().get(hash).has_value(); }

std::string why_not(const node::Digest& digest, const std::optional<core::Receipt>& receipt) {
  if (!receipt) return ": no receipt";
  std::string out;
  if (!digest.record_bundle) out += ": no record bundle";
  if (!digest.photo_bundle) out += ": no photo bundle";
  if (digest.record_bundle && !receipt->stored(*digest.record_bundle))
    out += ": not stored: " + name_of(digest.record_bundle->log);
  if (digest.photo_bundle && !receipt->stored(*digest.photo_bundle)) out += ": not stored: " + name_of(digest.photo_bundle->log);
  return out;
}

}  // namespace

namespace {

/// A bundle's id as it stands in a key.
core::Bytes with_letter(const core::Bytes& id) {
  core::Bytes out{0};
  core::append(out, id);
  return out;
}

}  // namespace

/// In which bundle, by the machines that made it, and how far the others have that log.
std::string Oracles::where_it_is(const core::RecordId& id) const {
  std::ostringstream out;
  for (const Watched& author : watched_) {
    const auto row = author.machine->store.get(core::keys::of(core::keys::kWhere, id.view()));
    const auto carrier = row && *row ? core::keys::parse_at(with_letter(**row)) : std::nullopt;
    if (!carrier) continue;
    out << "\n  " << author.machine->name() << " has it in " << carrier->seq.value << " of the " << name_of(carrier->log) << ";";
    if (author.machine->shelf->own(carrier->log) && author.machine->shelf->forsaken(carrier->log.author.incarnation))
      out << " that life is over;";
    for (const Watched& each : watched_) {
      const auto& receipt = each.machine->shelf->receipt();
      const auto header = each.machine->shelf->header(*carrier);
      out << " " << each.machine->name() << " " << each.machine->shelf->frontier().at(carrier->log).value << "/"
          << (receipt ? receipt->at(carrier->log).stored.value : 0) << (header && *header ? "h" : "");
      if (receipt) out << " by receipt " << receipt->epoch << "." << receipt->version;
    }
  }
  return out.str();
}

/// The disk that had the pictures was set back while they were on their way; what had left already, the record, came.
bool Oracles::gone_with_its_disk(const Model::Done& done) const {
  if (!model_.copied.contains(done.site)) return false;
  const auto nobody_has = [this](const core::Hash& picture) {
    return std::ranges::none_of(watched_, [&](const Watched& each) { return has_picture(*each.machine, picture); });
  };
  return nobody_has(done.what.standard) || (done.what.has_original && nobody_has(done.what.original));
}

std::string Oracles::missing_at_hub() const {
  std::ostringstream out;
  const Machine& hub = *watched_.front().machine;
  for (const std::size_t each : model_.due_at_hub(numbers())) {
    const Model::Done& done = model_.submissions[each];
    const auto who = " of node " + std::to_string(done.site.value) + ", " + done.what.student.text();
    if (!knows(hub, done.what.submission) || !knows(hub, done.what.capture))
      out << "the hub lacks a submission" << who << where_it_is(done.what.submission) << "\n";
    if (!has_picture(hub, done.what.preview)) out << "the hub lacks a preview" << who << "\n";
    if (!model_.picture_wanted(done)) continue;
    if (gone_with_its_disk(done)) continue;
    if (!has_picture(hub, done.what.standard)) out << "the hub lacks a picture" << who << "\n";
    if (done.what.has_original && !has_picture(hub, done.what.original)) out << "the hub lacks an original" << who << "\n";
  }
  return out.str();
}

std::string Oracles::missing_at(std::size_t machine) const {
  std::ostringstream out;
  const Machine& one = *watched_[machine].machine;
  const Machine& hub = *watched_.front().machine;
  const auto& last = hub.shelf->receipt();
  const auto& receipt = one.shelf->receipt();
  if (last && (!receipt || last->newer_than(*receipt))) out << one.name() << " lacks the last receipt\n";
  if (one.shelf->reissue_due()) out << one.name() << " has something to say again\n";
  const auto waiting = one.shelf->waiting();
  for (const core::Lane lane : core::kLanes) {
    if (!waiting || (*waiting)[core::lane_index(lane)].bundles > 0)
      out << one.name() << " still waits for a receipt in lane " << core::lane_name(lane) << "\n";
  }
  const core::Frontier held = one.shelf->frontier();
  for (const auto& [log, seq] : hub.shelf->own_reach()) {
    const bool over = hub.shelf->forsaken(log.author.incarnation);  // said again in a later life
    if (log.audience == core::kEveryone && !over && held.at(log) < seq) out << one.name() << " lacks what is for everyone\n";
  }
  // A relay takes the word of one machine of a node for the word of all, an old word for the present one, and a number that was
  // delivered for a bundle that was: to what is there twice, or was set back, only the hub itself says everything again.
  const bool doubtful = model_.copied.contains(one.member.number) || model_.hub_set_back_whole;
  if (!trusted_site(machine) || (doubtful && !watched_[machine].meets_hub)) return out.str();
  for (const std::size_t each : model_.disks.front().verdicts) {
    const Model::Verdict& verdict = model_.verdicts[each];
    if (verdict.site == one.member.number && !knows(one, verdict.id))
      out << one.name() << " lacks a verdict on " << verdict.student.text() << where_it_is(verdict.id) << "\n";
  }
  for (const std::size_t each : model_.disks.front().listed) {
    const Model::Listed& listed = model_.listed[each];
    if (listed.site != one.member.number) continue;
    const auto state = one.ledger->student(listed.student);
    const auto there = hub.ledger->student(listed.student);
    const bool newest = there && *there && state && *state && (*state)->roster_record == (*there)->roster_record;
    if (newest) continue;
    out << one.name() << " lacks the student " << listed.student.text();
    if (there && *there) out << where_it_is((*there)->roster_record);
    out << "\n";
  }
  return out.str();
}

std::string Oracles::missing() const {
  std::string out = missing_at_hub();
  for (std::size_t machine = 1; machine < watched_.size(); ++machine) {
    if (expected(machine)) out += missing_at(machine);
  }
  return out;
}

/// Who has all that there is of a student has the very same state, byte for byte.
void Oracles::check_states() {
  const Machine& hub = *watched_.front().machine;
  for (std::size_t machine = 1; machine < watched_.size(); ++machine) {
    const Machine& one = *watched_[machine].machine;
    if (!trusted_site(machine) || model_.copied.contains(one.member.number) || model_.hub_set_back) continue;
    for (const std::size_t each : model_.disks[machine].submissions) {
      const core::StudentRef student = model_.submissions[each].what.student;
      const auto here = one.ledger->student(student);
      const auto there = hub.ledger->student(student);
      if (!here || !there || !*here || !*there) {
        fault(Kind::diverged, "the state of " + student.text() + " cannot be read");
      } else if (core::encode(**here) != core::encode(**there)) {
        fault(Kind::diverged, one.name() + " and the hub see " + student.text() + " differently");
      }
    }
  }
  for (const std::size_t each : model_.due_at_hub(numbers())) {
    const Submission& what = model_.submissions[each].what;
    const auto state = hub.ledger->student(what.student);
    if (!state || !*state || core::find_submission(**state, what.submission) == nullptr)
      fault(Kind::diverged, "the hub does not count a submission of " + what.student.text());
  }
}

/// One bundle, one content: wherever a header lies, it is the same (but for lives that two machines wrote).
void Oracles::check_headers() {
  std::map<BundleId, std::pair<core::Bytes, std::string>> known;
  for (std::size_t machine = 0; machine < watched_.size(); ++machine) {
    if (!expected(machine)) continue;
    const Machine& one = *watched_[machine].machine;
    const core::Bytes letter{static_cast<std::uint8_t>(core::keys::kHeader)};
    const auto read = one.store.scan(letter, {}, [&](core::ByteView key, core::ByteView) {
      const auto id = core::keys::parse_at(key);
      const auto header = id ? one.shelf->header(*id) : core::Result<std::optional<protocol::Header>>{std::nullopt};
      if (!id || !header || !*header) {
        fault(Kind::diverged, one.name() + " has a header that cannot be read");
        return true;
      }
      if (model_.copied.contains(id->log.author.node) || (id->log.author.node == core::kHubNumber && model_.hub_set_back))
        return true;
      if (watched_[id->log.author.node.value].conduct == Conduct::lies) return true;  // says two things under one number
      const auto [at, fresh] = known.try_emplace(*id, (*header)->bytes, one.name());
      if (!fresh && at->second.first != (*header)->bytes)
        fault(Kind::diverged, one.name() + " and " + at->second.second + " hold different bundles in the " + name_of(id->log));
      return true;
    });
    if (!read) fault(Kind::diverged, one.name() + "'s headers cannot be read");
  }
}

void Oracles::check_shelf(std::size_t machine) {
  const Machine& one = *watched_[machine].machine;
  const auto report = one.shelf->verify([&](const BundleId& id, const core::Error& error) {
    fault(Kind::diverged, one.name() + "'s shelf is damaged in the " + name_of(id.log) + ": " +
                              std::string{core::info(error.code).id} + " " + error.detail);
  });
  if (!report) fault(Kind::diverged, one.name() + "'s shelf cannot be read");
  const auto book = one.ledger->verify([&](const std::string& where, const core::Error& error) {
    fault(Kind::diverged, one.name() + "'s book: " + where + " " + std::string{core::info(error.code).id} + " " + error.detail);
  });
  if (!book) fault(Kind::diverged, one.name() + "'s book cannot be read");
  const auto quarantined = one.shelf->quarantined();
  if (!quarantined) return fault(Kind::diverged, one.name() + "'s quarantine cannot be read");
  for (const protocol::Quarantined& each : *quarantined) {
    const std::size_t author = each.id.log.author.node.value;
    const bool suspect = model_.revoked.contains(each.id.log.author.node) || watched_[author].conduct == Conduct::lies;
    if (!suspect) {
      fault(Kind::diverged, one.name() + " could not open something in the " + name_of(each.id.log) + ": " +
                                std::string{core::info(each.code).id});
    }
  }
  if (one.hub()) return;
  const core::Frontier held = one.shelf->frontier();
  for (const auto& [log, seq] : held.entries()) {
    const bool foreign_uplink = log.audience == core::kToHub && log.author.node != one.member.number;
    if (!foreign_uplink) continue;
    const auto& receipt = one.shelf->receipt();
    const BundleId id{log, receipt ? receipt->at(log).stored : core::Seq{}};
    if (id.seq.value > 0 && one.shelf->read(id, 0, 1)) {
      fault(Kind::wasteful,
            one.name() + " still carries what the hub has: " + std::to_string(id.seq.value) + " of the " + name_of(log));
    }
  }
}

void Oracles::check_end() {
  for (std::size_t machine = 0; machine < watched_.size(); ++machine) {
    check_closed(machine);
    if (!expected(machine)) continue;
    check_shown(machine);
    check_shelf(machine);
    if (!trusted_site(machine)) continue;
    // All that was done here is shown as being at the hub, unless it is rejected or another submission counts.
    const auto receipt = watched_[machine].machine->shelf->proven_receipt();
    const auto read = node::each_digest(*watched_[machine].machine->front, [&](core::StudentRef ref, const node::Digest& digest) {
      const auto state = watched_[machine].machine->ledger->student(ref);
      const bool known = state && *state && (*state)->current && model_.by_submission.contains(*(*state)->current);
      const bool mine = known && model_.disks[machine].submissions.contains(model_.by_submission.at(*(*state)->current));
      if (mine && digest.submitted && !digest.rejected() && !digest.stored_at_hub(receipt))
        fault(Kind::diverged, watched_[machine].machine->name() + " does not show " + ref.text() + " as being at the hub" +
                                  why_not(digest, receipt));
    });
    if (!read) fault(Kind::diverged, "a list of students cannot be read");
  }
  check_states();
  check_headers();
}

std::uint64_t Oracles::traffic_allowed(const Traffic& traffic) {
  constexpr std::uint64_t kMeeting = 4 * 1024;
  constexpr std::uint64_t kMishap = 96 * 1024;
  return traffic.useful_bytes * 2 + traffic.meetings * kMeeting + traffic.mishaps * kMishap + 64 * 1024;
}

void Oracles::check_traffic(const Traffic& traffic) {
  if (traffic.wire_bytes <= traffic_allowed(traffic)) return;
  fault(Kind::wasteful, std::to_string(traffic.wire_bytes) + " bytes on the wire, " + std::to_string(traffic_allowed(traffic)) +
                            " explained by what happened");
}

}  // namespace satchel::tests
