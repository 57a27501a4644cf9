#include <algorithm>
#include <tuple>

#include "core/store/keys.h"
#include "protocol/shelf/shelf.h"
#include "protocol/shelf/shelf_keys.h"

namespace satchel::protocol {

namespace keys = core::keys;
using core::BundleId;
using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Result;

namespace {

/// Calls `take` with the id and value of each row of one letter; kStoreDamaged when a row does not parse.
Result<void> each_row(const core::Store& store, char letter, const std::function<bool(const BundleId&, ByteView)>& take) {
  bool whole = true;
  SATCHEL_TRY(store.scan(Bytes{static_cast<std::uint8_t>(letter)}, {}, [&](ByteView key, ByteView value) {
    const auto id = keys::parse_at(key);
    whole = id && take(*id, value);
    return whole;
  }));
  if (!whole) return Error{Code::kStoreDamaged, "row of a bundle"};
  return {};
}

}  // namespace

Result<void> Shelf::load_inbox() {
  return each_row(*store_, keys::kInbox, [&](const BundleId& id, ByteView value) {
    core::ByteReader in{value};
    inbox_[id] = in.u64_be();
    return in.done();
  });
}

/// Whether a caller's batch was committed only the store can tell.
Result<void> Shelf::settle_marked() {
  while (!marked_.empty()) {
    const BundleId id = *marked_.begin();
    SATCHEL_TRY_ASSIGN(const auto there, store_->get(keys::bundle(keys::kInbox, id)));
    if (there) {
      core::ByteReader in{*there};
      inbox_[id] = in.u64_be();
      if (!in.done()) return Error{Code::kStoreDamaged, "row of a bundle"};
    } else {
      inbox_.erase(id);
    }
    marked_.erase(marked_.begin());
  }
  return {};
}

Result<std::vector<BundleId>> Shelf::inbox() {
  SATCHEL_TRY(settle_marked());
  using Place = std::tuple<core::Lane, std::uint64_t, BundleId>;
  std::vector<Place> places;
  places.reserve(inbox_.size());
  for (const auto& [id, arrival] : inbox_) places.emplace_back(id.log.lane, arrival, id);
  std::ranges::sort(places);
  std::vector<BundleId> out;
  out.reserve(places.size());
  for (const Place& place : places) out.push_back(std::get<BundleId>(place));
  return out;
}

void Shelf::mark_opened(core::WriteBatch& batch, const BundleId& id) {
  batch.remove(keys::bundle(keys::kInbox, id));
  fresh_.forget(id);
  marked_.insert(id);
  ++changes_;
}

void Shelf::quarantine(core::WriteBatch& batch, const BundleId& id, Code code) {
  mark_opened(batch, id);
  // The stable text, not the number: the catalogue may be put into another order.
  batch.put(keys::bundle(keys::kQuarantine, id), core::to_bytes(core::as_bytes(core::info(code).id)));
}

Result<bool> Shelf::vouched(const BundleId& id) const {
  if (membership_->trusted(id)) return true;
  SATCHEL_TRY_ASSIGN(const auto released, store_->get(keys::bundle(keys::kReleased, id)));
  return released.has_value();
}

Result<std::vector<BundleId>> Shelf::untrusted() const {
  std::vector<BundleId> out;
  for (const auto& [log, summary] : logs_) {
    if (!for_us(log) || !membership_->revoked(log.author.node)) continue;
    std::vector<BundleId> held;
    SATCHEL_TRY(store_->scan(keys::log(keys::kHeader, log), {}, [&](ByteView key, ByteView) {
      if (const auto id = keys::parse_at(key)) held.push_back(*id);
      return true;
    }));
    for (const BundleId& id : held) {
      SATCHEL_TRY_ASSIGN(const bool fine, vouched(id));
      SATCHEL_TRY_ASSIGN(const auto aside, store_->get(keys::bundle(keys::kQuarantine, id)));
      if (!fine && !aside) out.push_back(id);
    }
  }
  return out;
}

Result<void> Shelf::release(core::WriteBatch& batch, const BundleId& id) {
  SATCHEL_TRY_ASSIGN(const auto aside, store_->get(keys::bundle(keys::kQuarantine, id)));
  SATCHEL_TRY_ASSIGN(const auto stored, row(id));
  if (!aside || !stored) return Error{Code::kMalformed, "not in quarantine"};
  batch.remove(keys::bundle(keys::kQuarantine, id));
  batch.put(keys::bundle(keys::kReleased, id), Bytes{1});
  core::ByteWriter order;
  order.u64_be(stored->arrival);
  batch.put(keys::bundle(keys::kInbox, id), std::move(order).take());
  marked_.insert(id);
  ++changes_;
  return {};
}

Result<std::vector<Quarantined>> Shelf::quarantined() const {
  std::vector<Quarantined> out;
  SATCHEL_TRY(each_row(*store_, keys::kQuarantine, [&](const BundleId& id, ByteView value) {
    for (const core::CodeInfo& known : core::all_codes()) {
      if (known.id == core::as_text(value)) {
        out.push_back({id, known.code});
        return true;
      }
    }
    return false;
  }));
  return out;
}

Result<std::vector<Equivocation>> Shelf::equivocations() const {
  std::vector<Equivocation> out;
  SATCHEL_TRY(each_row(*store_, keys::kEquivocation, [&](const BundleId& id, ByteView value) {
    core::ByteReader in{value};
    Equivocation proof{id, {}};
    for (Bytes& header : proof.headers) header = core::to_bytes(in.sized(kHeaderMax));
    out.push_back(std::move(proof));
    return in.done();
  }));
  return out;
}

Result<bool> Shelf::stick_seen(const core::Hash& what, const core::Hash& shape) const {
  SATCHEL_TRY_ASSIGN(const auto there, store_->get(keys::of(keys::kStickSeen, what.view())));
  return there && core::same_bytes(*there, shape.view());
}

Result<void> Shelf::remember_stick(const core::Hash& what, const core::Hash& shape) {
  core::WriteBatch batch;
  batch.put(keys::of(keys::kStickSeen, what.view()), core::to_bytes(shape.view()));
  return commit(batch, core::Durability::later);
}

Result<std::optional<core::Bytes>> Shelf::recall(core::NodeNumber node) const { return store_->get(peer_key(node)); }

Result<void> Shelf::remember(core::NodeNumber node, const core::Bytes& memory) {
  core::WriteBatch batch;
  batch.put(peer_key(node), memory);
  return store_->commit(batch, core::Durability::later);
}

}  // namespace satchel::protocol
