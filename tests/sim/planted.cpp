#include "tests/sim/planted.h"

#include "core/store/keys.h"
#include "node/digest.h"
#include "protocol/bundle/header.h"

namespace satchel::tests {

using core::Bytes;
namespace keys = core::keys;

namespace {

/// Says "synced" and leaves it to the next who syncs.
class LateStore final : public StoreLayer {
 public:
  using StoreLayer::StoreLayer;
  core::Result<void> commit(const core::WriteBatch& batch, core::Durability durability) override {
    claimed_ = durability == core::Durability::synced;
    return under_.commit(batch, core::Durability::later);
  }
  bool all_synced() const override { return claimed_; }

 private:
  bool claimed_ = true;
};

/// Changes one in `kOneIn` rows of a kind, or leaves it out.
class ChangedStore final : public StoreLayer {
 public:
  using Change = std::optional<Bytes> (*)(core::ByteView key, Bytes value);
  ChangedStore(core::MemoryStore& under, char letter, Change change)
      : StoreLayer(under), letter_(static_cast<std::uint8_t>(letter)), change_(change) {}
  core::Result<void> commit(const core::WriteBatch& batch, core::Durability durability) override {
    core::WriteBatch out;
    for (const core::WriteBatch::Change& each : batch.changes()) {
      if (!each.value) {
        out.remove(each.key);
      } else if (each.key.front() != letter_ || ++seen_ % kOneIn != 0) {
        out.put(each.key, *each.value);
      } else if (const auto changed = change_(each.key, *each.value)) {
        out.put(each.key, *changed);
      }
    }
    return under_.commit(out, durability);
  }

 private:
  static constexpr std::size_t kOneIn = 4;
  std::uint8_t letter_;
  Change change_;
  std::size_t seen_ = 0;
};

std::optional<Bytes> left_out(core::ByteView, Bytes) { return std::nullopt; }

std::optional<Bytes> flipped(core::ByteView, Bytes value) {
  value.back() ^= 1U;
  return value;
}

/// What a student's digest names as the carrier of the submission: the first bundle of the log, which is at the hub early.
std::optional<Bytes> first_bundle(core::ByteView, Bytes value) {
  auto digest = node::decode_digest(value);
  if (!digest || !digest->record_bundle) return value;
  digest->record_bundle->seq = core::Seq{1};
  if (digest->photo_bundle) digest->photo_bundle->seq = core::Seq{1};
  return node::encode(*digest);
}

std::unique_ptr<StoreLayer> changed(Machine& machine, char letter, ChangedStore::Change change) {
  return std::make_unique<ChangedStore>(machine.store, letter, change);
}

bool sign_too_much(Machine& hub) {
  if (!hub.shelf->receipt() || hub.shelf->receipt()->logs.empty()) return false;
  core::Receipt receipt = *hub.shelf->receipt();
  ++receipt.version;
  ++receipt.logs.begin()->second.stored.value;
  core::sign_receipt(receipt, hub.identity.sign);
  return hub.shelf->set_receipt(receipt).has_value() && hub.shelf->flush().has_value();
}

/// Starts again with these rows gone from the disk.
bool start_without(Machine& machine, std::vector<Bytes> rows) {
  if (rows.empty()) return false;
  machine.stop();
  core::WriteBatch batch;
  for (Bytes& row : rows) batch.remove(std::move(row));
  SATCHEL_CHECK(machine.store.commit(batch, core::Durability::synced).has_value());
  SATCHEL_CHECK(machine.start().has_value());
  return true;
}

/// Forgets how far the logs of others reach, and starts again.
bool forget_logs(Machine& machine) {
  std::vector<Bytes> rows;
  const Bytes letter{static_cast<std::uint8_t>(keys::kLog)};
  SATCHEL_CHECK(machine.store
                    .scan(letter, {},
                          [&](core::ByteView key, core::ByteView) {
                            core::ByteReader in{key.subspan(1)};
                            if (in.u32_be() != machine.member.number.value) rows.push_back(core::to_bytes(key));
                            return true;
                          })
                    .has_value());
  return start_without(machine, std::move(rows));
}

}  // namespace

bool lose_records(Machine& machine) {
  std::vector<Bytes> rows;
  for (const char letter : {keys::kStudentRecord, keys::kStudentState, keys::kStudentDigest}) {
    std::optional<Bytes> student;
    SATCHEL_CHECK(machine.store
                      .scan(Bytes{static_cast<std::uint8_t>(letter)}, {},
                            [&](core::ByteView key, core::ByteView) {
                              constexpr std::size_t kPrefix = 1 + 8;
                              if (!student) student = core::to_bytes(key.first(kPrefix));
                              if (!core::same_bytes(key.first(kPrefix), *student)) return false;
                              rows.push_back(core::to_bytes(key));
                              return true;
                            })
                      .has_value());
  }
  return start_without(machine, std::move(rows));
}

std::unique_ptr<StoreLayer> plant(Mutation mutation, Machine& machine) {
  const bool site = machine.member.role == core::Role::site;
  switch (mutation) {
    case Mutation::confirms_unsynced: return std::make_unique<LateStore>(machine.store);
    case Mutation::changes_bytes: return machine.hub() ? changed(machine, keys::kChunk, flipped) : nullptr;
    case Mutation::stale_state: return machine.hub() ? changed(machine, keys::kStudentState, left_out) : nullptr;
    case Mutation::shows_too_early: return site ? changed(machine, keys::kStudentDigest, first_bundle) : nullptr;
    default: return nullptr;
  }
}

bool misbehave(Mutation mutation, Machine& machine, SeededRng& rng) {
  if (mutation == Mutation::receipt_too_high && machine.hub() && rng.below(8) == 0) return sign_too_much(machine);
  if (mutation == Mutation::forgets_frontier && !machine.hub() && rng.below(8) == 0) return forget_logs(machine);
  return false;
}

}  // namespace satchel::tests
