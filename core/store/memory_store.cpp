#include "core/store/memory_store.h"

#include <algorithm>

namespace satchel::core {
namespace {

using Map = MemoryStore::Map;

bool begins_with(ByteView key, ByteView prefix) {
  return key.size() >= prefix.size() && same_bytes(key.first(prefix.size()), prefix);
}

std::optional<Bytes> find(const Map& map, ByteView key) {
  const auto at = map.find(to_bytes(key));
  if (at == map.end()) return std::nullopt;
  return at->second;
}

void walk(const Map& map, ByteView prefix, ByteView from, const Visit& visit) {
  const Bytes start = std::max(to_bytes(prefix), to_bytes(from));
  for (auto at = map.lower_bound(start); at != map.end() && begins_with(at->first, prefix); ++at) {
    if (!visit(at->first, at->second)) return;
  }
}

/// The first key behind all that begin with `prefix`.
Map::const_iterator end_of(const Map& map, ByteView prefix) {
  Bytes next = to_bytes(prefix);
  while (!next.empty() && next.back() == 0xFF) next.pop_back();
  if (next.empty()) return map.end();
  ++next.back();
  return map.lower_bound(next);
}

void walk_back(const Map& map, ByteView prefix, const Visit& visit) {
  for (auto at = end_of(map, prefix); at != map.begin();) {
    --at;
    if (!begins_with(at->first, prefix) || !visit(at->first, at->second)) return;
  }
}

class MemorySnapshot final : public Snapshot {
 public:
  explicit MemorySnapshot(std::shared_ptr<const Map> map) : map_(std::move(map)) {}
  Result<std::optional<Bytes>> get(ByteView key) const override { return find(*map_, key); }
  Result<void> scan(ByteView prefix, ByteView from, const Visit& visit) const override {
    walk(*map_, prefix, from, visit);
    return {};
  }
  Result<void> scan_back(ByteView prefix, const Visit& visit) const override {
    walk_back(*map_, prefix, visit);
    return {};
  }

 private:
  std::shared_ptr<const Map> map_;
};

}  // namespace

MemoryStore::MemoryStore() : live_(std::make_shared<Map>()) {}

Result<std::optional<Bytes>> MemoryStore::get(ByteView key) const { return find(*live_, key); }

Result<void> MemoryStore::scan(ByteView prefix, ByteView from, const Visit& visit) const {
  const std::shared_ptr<const Map> held = live_;
  walk(*held, prefix, from, visit);
  return {};
}

Result<void> MemoryStore::scan_back(ByteView prefix, const Visit& visit) const {
  const std::shared_ptr<const Map> held = live_;
  walk_back(*held, prefix, visit);
  return {};
}

Result<void> MemoryStore::commit(const WriteBatch& batch, Durability durability) {
  if (fail_in_ == 1) {
    ++refused_;
    return Code::kDiskFull;
  }
  if (fail_in_ > 1) --fail_in_;
  if (live_.use_count() > 1) live_ = std::make_shared<Map>(*live_);
  std::vector<WriteBatch::Change> before;
  for (const WriteBatch::Change& change : batch.changes()) {
    if (durability == Durability::later) before.push_back({change.key, find(*live_, change.key)});
    apply(change);
  }
  if (durability == Durability::synced) {
    undo_.clear();
  } else {
    undo_.push_back(std::move(before));
  }
  return {};
}

std::unique_ptr<Snapshot> MemoryStore::snapshot() const { return std::make_unique<MemorySnapshot>(live_); }

void MemoryStore::crash(std::size_t kept) {
  if (live_.use_count() > 1) live_ = std::make_shared<Map>(*live_);
  for (; undo_.size() > kept; undo_.pop_back()) {
    auto& before = undo_.back();
    for (; !before.empty(); before.pop_back()) apply(before.back());
  }
  undo_.clear();  // what is on the disk after a power cut stays there
}

void MemoryStore::apply(const WriteBatch::Change& change) {
  if (change.value) {
    (*live_)[change.key] = *change.value;
  } else {
    live_->erase(change.key);
  }
}

}  // namespace satchel::core
