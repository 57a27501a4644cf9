#include "core/store/overlay_store.h"

#include <map>

namespace satchel::core {
namespace {

/// What stands before a value in the upper store: a removed key must hide the one below it.
enum Mark : std::uint8_t { kRemoved = 0, kPresent = 1 };

using Changes = std::map<Bytes, std::optional<Bytes>>;

std::optional<Bytes> unmark(ByteView value) {
  if (value.empty() || value[0] == kRemoved) return std::nullopt;
  return to_bytes(value.subspan(1));
}

template <class Reader>
Result<Changes> changes_under(const Reader& above, ByteView prefix, ByteView from) {
  Changes out;
  SATCHEL_TRY(above.scan(prefix, from, [&](ByteView key, ByteView value) {
    out.emplace(to_bytes(key), unmark(value));
    return true;
  }));
  return out;
}

template <class Below, class Above>
Result<std::optional<Bytes>> get_over(const Below& below, const Above& above, ByteView key) {
  SATCHEL_TRY_ASSIGN(const auto changed, above.get(key));
  if (changed) return unmark(*changed);
  return below.get(key);
}

/// Walks both in one order; of two under one key the upper one counts. `Iterator` walks the changes, `before` tells which of two
/// keys comes first.
template <class Iterator, class Before>
class Merging {
 public:
  Merging(Iterator at, Iterator end, const Visit& visit, Before before) : at_(at), end_(end), visit_(visit), before_(before) {}
  bool below(ByteView key, ByteView value) {
    const Bytes there = to_bytes(key);
    while (at_ != end_ && before_(at_->first, there)) {
      if (!tell()) return false;
    }
    if (at_ != end_ && at_->first == there) return tell();
    return go_on_ = visit_(key, value);
  }
  void rest() {
    while (go_on_ && at_ != end_) tell();
  }

 private:
  bool tell() {
    const auto& [key, value] = *at_;
    ++at_;
    if (value) go_on_ = visit_(key, *value);
    return go_on_;
  }
  Iterator at_;
  Iterator end_;
  const Visit& visit_;
  Before before_;
  bool go_on_ = true;
};

template <class Below, class Above>
Result<void> scan_over(const Below& below, const Above& above, ByteView prefix, ByteView from, const Visit& visit) {
  SATCHEL_TRY_ASSIGN(const Changes changes, changes_under(above, prefix, from));
  Merging merging{changes.begin(), changes.end(), visit, [](const Bytes& a, const Bytes& b) { return a < b; }};
  SATCHEL_TRY(below.scan(prefix, from, [&](ByteView key, ByteView value) { return merging.below(key, value); }));
  merging.rest();
  return {};
}

template <class Below, class Above>
Result<void> scan_back_over(const Below& below, const Above& above, ByteView prefix, const Visit& visit) {
  SATCHEL_TRY_ASSIGN(const Changes changes, changes_under(above, prefix, {}));
  Merging merging{changes.rbegin(), changes.rend(), visit, [](const Bytes& a, const Bytes& b) { return a > b; }};
  SATCHEL_TRY(below.scan_back(prefix, [&](ByteView key, ByteView value) { return merging.below(key, value); }));
  merging.rest();
  return {};
}

class OverlaySnapshot final : public Snapshot {
 public:
  OverlaySnapshot(std::unique_ptr<Snapshot> below, std::unique_ptr<Snapshot> above)
      : below_(std::move(below)), above_(std::move(above)) {}
  Result<std::optional<Bytes>> get(ByteView key) const override { return get_over(*below_, *above_, key); }
  Result<void> scan(ByteView prefix, ByteView from, const Visit& visit) const override {
    return scan_over(*below_, *above_, prefix, from, visit);
  }
  Result<void> scan_back(ByteView prefix, const Visit& visit) const override {
    return scan_back_over(*below_, *above_, prefix, visit);
  }

 private:
  std::unique_ptr<Snapshot> below_;
  std::unique_ptr<Snapshot> above_;
};

}  // namespace

Result<std::optional<Bytes>> OverlayStore::get(ByteView key) const { return get_over(below_, above_, key); }

Result<void> OverlayStore::scan(ByteView prefix, ByteView from, const Visit& visit) const {
  return scan_over(below_, above_, prefix, from, visit);
}

Result<void> OverlayStore::scan_back(ByteView prefix, const Visit& visit) const {
  return scan_back_over(below_, above_, prefix, visit);
}

Result<void> OverlayStore::commit(const WriteBatch& batch, Durability /*durability*/) {
  WriteBatch marked;
  for (const WriteBatch::Change& change : batch.changes()) {
    Bytes value{static_cast<std::uint8_t>(change.value ? kPresent : kRemoved)};
    if (change.value) append(value, *change.value);
    marked.put(change.key, std::move(value));
  }
  return above_.commit(marked, Durability::later);  // a trial is never to survive a power cut
}

std::unique_ptr<Snapshot> OverlayStore::snapshot() const {
  return std::make_unique<OverlaySnapshot>(below_.snapshot(), above_.snapshot());
}

}  // namespace satchel::core
