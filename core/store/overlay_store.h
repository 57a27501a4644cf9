#pragma once

#include "core/store/store.h"

namespace satchel::core {

/// A store as it would be: reads see `below` with the changes of `above` over it, commits go to `above` alone, and `below` is
/// never written. For trying out on real data what would come of a change. Both are borrowed; `above` must be empty at first and
/// holds the overlay's own form of values. A scan keeps in memory what `above` holds under its prefix. One thread at a time.
class OverlayStore final : public Store {
 public:
  OverlayStore(const Store& below, Store& above) : below_(below), above_(above) {}
  Result<std::optional<Bytes>> get(ByteView key) const override;
  Result<void> scan(ByteView prefix, ByteView from, const Visit& visit) const override;
  Result<void> scan_back(ByteView prefix, const Visit& visit) const override;
  Result<void> commit(const WriteBatch& batch, Durability durability) override;
  std::unique_ptr<Snapshot> snapshot() const override;

 private:
  const Store& below_;
  Store& above_;
};

}  // namespace satchel::core
