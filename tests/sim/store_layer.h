#pragma once

#include "core/store/memory_store.h"

namespace satchel::tests {

/// Another store with something changed: passes everything on; override what is to be different.
class StoreLayer : public core::Store {
 public:
  explicit StoreLayer(core::MemoryStore& under) : under_(under) {}
  core::Result<std::optional<core::Bytes>> get(core::ByteView key) const override { return under_.get(key); }
  core::Result<void> scan(core::ByteView prefix, core::ByteView from, const core::Visit& visit) const override {
    return under_.scan(prefix, from, visit);
  }
  core::Result<void> scan_back(core::ByteView prefix, const core::Visit& visit) const override {
    return under_.scan_back(prefix, visit);
  }
  core::Result<void> commit(const core::WriteBatch& batch, core::Durability durability) override {
    return under_.commit(batch, durability);
  }
  std::unique_ptr<core::Snapshot> snapshot() const override { return under_.snapshot(); }
  /// Whether everything is durable, by this store's word.
  virtual bool all_synced() const { return under_.unsynced() == 0; }

 protected:
  core::MemoryStore& under_;
};

}  // namespace satchel::tests
