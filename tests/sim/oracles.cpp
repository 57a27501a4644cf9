// What is looked at while a run goes on; the end is in oracles_end.cpp.
#include "tests/sim/oracles.h"

#include <array>
#include <sstream>

#include "core/crypto/hash.h"
#include "core/store/keys.h"
#include "node/digest.h"
#include "tests/sim/log_name.h"

namespace satchel::tests {

using core::Code;

std::string_view Oracles::kind_name(Kind kind) {
  constexpr std::array<std::string_view, 8> kNames{"lost",      "diverged", "late",     "opened",
                                                   "went-back", "unproven", "wasteful", "broken"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool Oracles::expected(std::size_t machine) const {
  const Watched& one = watched_[machine];
  return one.conduct == Conduct::honest && !model_.revoked.contains(one.machine->member.number);
}

bool Oracles::trusted_site(std::size_t machine) const {
  return expected(machine) && watched_[machine].machine->member.role == core::Role::site;
}

std::vector<core::NodeNumber> Oracles::numbers() const {
  std::vector<core::NodeNumber> out;
  for (const Watched& one : watched_) out.push_back(one.machine->member.number);
  return out;
}

Oracles::Seen Oracles::seen_now(std::size_t machine) const {
  const protocol::Shelf& shelf = *watched_[machine].machine->shelf;
  return {shelf.frontier(), shelf.receipt().value_or(core::Receipt{})};
}

/// A later life of the hub may take back what an earlier one had said: then the frontier, which stands on its word, goes back
/// too; and so may one life, until it hears that it was set back. And where there was no room, what was carried for
/// others may have made way.
void Oracles::compare(std::size_t machine, const Seen& before, const char* how, Kind kind) {
  const Seen now = seen_now(machine);
  const Machine& one = *watched_[machine].machine;
  if (before.receipt.epoch != now.receipt.epoch || before.receipt.hub != now.receipt.hub) return;
  for (const auto& [log, seq] : before.frontier.entries()) {
    if (now.frontier.at(log) >= seq) continue;
    const bool carried = !one.shelf->own(log) && !one.shelf->for_us(log) && log.lane != core::Lane::control;
    if (carried && one.was_short) continue;
    if (model_.hub_set_back && now.receipt.at(log).stored < before.receipt.at(log).stored) continue;
    fault(kind, watched_[machine].machine->name() + how + " in the " + name_of(log));
    return;
  }
}

void Oracles::note_receipt(std::size_t machine) {
  const Machine& one = *watched_[machine].machine;
  const auto& receipt = one.shelf->receipt();
  if (!receipt) return;
  core::Signature& known = receipt_seen_[machine];
  if (known == receipt->signature) return;
  known = receipt->signature;
  if (!one.hub()) {
    if (!issued_.contains(known)) fault(Kind::unproven, one.name() + " holds a receipt that the hub never issued");
    return;
  }
  const bool signed_now = issued_.insert(known).second;  // a disk that was set back holds one of before
  issued_in_this_life_.insert(known);
  if (signed_now && !one.stands_after_a_cut(*receipt)) fault(Kind::unproven, "the hub has signed before all was on its disk");
  const core::Frontier held = one.shelf->frontier();
  for (const auto& [log, reached] : receipt->logs) {
    if (held.at(log) < reached.stored) fault(Kind::unproven, "a receipt says more than the hub has in the " + name_of(log));
  }
  promised(machine);
}

void Oracles::check(std::size_t machine) {
  const Watched& one = watched_[machine];
  if (one.conduct != Conduct::honest || !one.machine->running()) return;
  compare(machine, seen_[machine], "'s frontier went back", Kind::went_back);
  seen_[machine] = seen_now(machine);
  note_receipt(machine);
}

void Oracles::promised(std::size_t machine) { promised_[machine] = seen_now(machine); }

void Oracles::check_after_crash(std::size_t machine) {
  if (watched_[machine].conduct != Conduct::honest) return;
  const Machine& one = *watched_[machine].machine;
  compare(machine, promised_[machine], " lost what it had confirmed", Kind::lost);
  seen_[machine] = seen_now(machine);
  for (const std::size_t each : model_.disks[machine].submissions) {
    const core::RecordId& id = model_.submissions[each].what.submission;
    const auto row = one.store.get(core::keys::of(core::keys::kRecordIndex, id.view()));
    if (!row || !*row) fault(Kind::lost, one.name() + " lost a submission that it had shown as stored");
  }
  note_receipt(machine);
}

void Oracles::set_back(std::size_t machine) {
  seen_.erase(machine);
  promised_.erase(machine);
  receipt_seen_.erase(machine);
  if (watched_[machine].machine->hub()) issued_in_this_life_.clear();
}

void Oracles::session_failed(std::size_t machine, const core::Error& error, bool tolerated) {
  const bool by_line = error.code == Code::kLinkBroken || error.code == Code::kPeerSilent || error.code == Code::kPeerUnreachable;
  if (tolerated || by_line || watched_[machine].conduct != Conduct::honest) return;
  fault(Kind::broken,
        watched_[machine].machine->name() + "'s session failed: " + std::string{core::info(error.code).id} + " " + error.detail);
}

void Oracles::check_shown(std::size_t machine) {
  const Machine& one = *watched_[machine].machine;
  if (one.member.role != core::Role::site || !one.running() || model_.revoked.contains(one.member.number)) return;
  const auto receipt = one.shelf->proven_receipt();
  if (!receipt) return;
  const Machine& hub = *watched_.front().machine;
  // A word of a former life of the hub shows what was so then.
  const bool present = hub.running() && issued_in_this_life_.contains(receipt->signature);
  const auto read = node::each_digest(*one.front, [&](core::StudentRef ref, const node::Digest& digest) {
    if (!digest.stored_at_hub(receipt) || !present) return;
    const auto state = one.ledger->student(ref);
    if (!state || !*state || !(*state)->current)
      return fault(Kind::unproven, one.name() + " shows a student without a submission");
    const auto known = model_.by_submission.find(*(*state)->current);
    if (known == model_.by_submission.end()) return fault(Kind::unproven, one.name() + " shows a submission that nobody made");
    model_.proven.insert(known->second);
    const core::Bytes row = core::keys::of(core::keys::kRecordIndex, known->first.view());
    if (digest.opened_at_hub(receipt) && !hub.store.get(row).value())
      fault(Kind::unproven, one.name() + " shows as being at the hub what is not there");
  });
  if (!read) fault(Kind::diverged, one.name() + "'s list of students cannot be read");
}

void Oracles::check_closed(std::size_t machine) {
  const Machine& one = *watched_[machine].machine;
  if (!one.running() || one.member.role != core::Role::relay) return;
  const core::Frontier held = one.shelf->frontier();
  const protocol::Opener keys{&one.identity.box, one.secrets.group_key.view()};
  for (const auto& [log, seq] : held.entries()) {
    const bool may = log.audience == core::kEveryone || log.audience.value == one.member.number.value;
    if (may || log.author.node == one.member.number) continue;
    const core::BundleId id{log, seq};
    const auto header = one.shelf->header(id);
    const auto body = one.shelf->read_body(id);
    if (!header || !*header || !body) continue;
    const bool stolen = one.stolen && protocol::open_bundle(**header, *body, {&*one.stolen, {}});
    if (stolen || protocol::open_bundle(**header, *body, keys)) fault(Kind::opened, one.name() + " can read the " + name_of(log));
  }
}

}  // namespace satchel::tests
