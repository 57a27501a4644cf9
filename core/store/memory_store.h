#pragma once

#include <map>
#include <memory>

#include "core/store/store.h"

namespace satchel::core {

/// The store contract on a std::map: for tests and the simulator, never behind a user. One thread only. A copy is the disk's
/// copy: the two share nothing that either changes.
class MemoryStore final : public Store {
 public:
  MemoryStore();
  Result<std::optional<Bytes>> get(ByteView key) const override;
  Result<void> scan(ByteView prefix, ByteView from, const Visit& visit) const override;
  Result<void> scan_back(ByteView prefix, const Visit& visit) const override;
  Result<void> commit(const WriteBatch& batch, Durability durability) override;
  std::unique_ptr<Snapshot> snapshot() const override;

  /// A power cut: of the batches that unsynced() counts the first `kept` stay, the rest is gone, whole.
  void crash(std::size_t kept = 0);
  /// Batches committed as `later` since the last synced one.
  std::size_t unsynced() const { return undo_.size(); }
  /// The n-th commit from now (1 = the next) fails with kDiskFull and changes nothing, as do all after it until cleared with 0.
  void fail_from_commit(std::size_t n) {
    fail_in_ = n;
    refused_ = 0;
  }
  /// Commits that failed since.
  std::size_t refused() const { return refused_; }

  using Map = std::map<Bytes, Bytes>;

 private:
  void apply(const WriteBatch::Change& change);
  // Shared with snapshots and running scans; copied by the first commit that finds it shared.
  std::shared_ptr<Map> live_;
  // For each batch since the last synced commit what takes live_ back to before it, oldest first.
  std::vector<std::vector<WriteBatch::Change>> undo_;
  std::size_t fail_in_ = 0;
  std::size_t refused_ = 0;
};

}  // namespace satchel::core
