#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace satchel::core {

/// Changes that become visible and durable together or not at all, in the order given (a later one on the same key wins).
class WriteBatch {
 public:
  void put(Bytes key, Bytes value) { changes_.push_back({std::move(key), std::move(value)}); }
  void remove(Bytes key) { changes_.push_back({std::move(key), std::nullopt}); }
  bool empty() const { return changes_.empty(); }
  void clear() { changes_.clear(); }
  struct Change {
    Bytes key;
    std::optional<Bytes> value;  ///< nullopt removes
  };
  const std::vector<Change>& changes() const { return changes_; }

 private:
  std::vector<Change> changes_;
};

enum class Durability { later, synced };

/// Return false to stop the scan. The views are valid during the call only.
using Visit = std::function<bool(ByteView key, ByteView value)>;

/// A moment of the store that does not change while it is held. It must be gone before its store is.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  virtual Result<std::optional<Bytes>> get(ByteView key) const = 0;
  /// Calls `visit` for each key that begins with `prefix` and is not below `from` (empty: the prefix itself), in byte order.
  virtual Result<void> scan(ByteView prefix, ByteView from, const Visit& visit) const = 0;
  /// The same, from the largest key downwards.
  virtual Result<void> scan_back(ByteView prefix, const Visit& visit) const = 0;
};

/// Ordered keys, atomic batches, snapshots: all that Satchel asks of a database, so that RocksDB can be exchanged.
/// One process, any thread; reads see every batch whose commit() has returned. What was committed as `synced` survives a power
/// cut, and so does all that was committed before it; a batch committed as `later` may be lost, but never a part of it, and never
/// an earlier one without the later ones.
class Store {
 public:
  virtual ~Store() = default;
  /// nullopt when the key is not there; kStoreDamaged when its value does not fit its checksum; kStoreIo.
  virtual Result<std::optional<Bytes>> get(ByteView key) const = 0;
  /// Both scans see one moment of the store, whatever `visit` commits meanwhile.
  virtual Result<void> scan(ByteView prefix, ByteView from, const Visit& visit) const = 0;
  virtual Result<void> scan_back(ByteView prefix, const Visit& visit) const = 0;
  /// kDiskFull, kStoreIo: nothing of the batch is visible, and reading goes on. Writing does, too, once there is space; after
  /// kStoreIo once the store is opened again.
  virtual Result<void> commit(const WriteBatch& batch, Durability durability) = 0;
  virtual std::unique_ptr<Snapshot> snapshot() const = 0;
  /// Gives the file system back what was removed or overwritten among the keys that begin with `prefix` (empty: all). Takes as
  /// long as copying what is left of them. kDiskFull, kStoreIo; nothing is lost then.
  virtual Result<void> reclaim(ByteView) { return {}; }
  /// True when opening found damage in what had been synced: the rest is here, something may be missing. (What a power cut tore
  /// off behind the last synced batch is no damage.)
  virtual bool salvaged() const { return false; }
};

}  // namespace satchel::core
