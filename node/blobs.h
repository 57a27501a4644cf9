#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/store/store.h"

namespace satchel::node {

/// Content-addressed bytes (picture renditions; named by protocol::blob_hash), sealed at rest in pieces so that no piece can be
/// moved to another place.
class Blobs {
 public:
  /// `store` and `key` (32 bytes, the node's store key) outlive this.
  Blobs(core::Store& store, core::ByteView key, core::Rng& rng) : store_(store), key_(key), rng_(rng) {}

  /// Adds the bytes to `batch`, and an index row that names the bundle which carries them (none: they stay here). When they are
  /// here already only the index row is written, and only if a bundle is named.
  core::Result<core::Hash> put(core::WriteBatch& batch, core::ByteView bytes, const std::optional<core::BundleId>& carrier);
  /// Removes the bytes and the index row of a blob of this size.
  static void remove(core::WriteBatch& batch, const core::Hash& hash, std::uint64_t size_bytes);
  struct Index {
    std::uint64_t size_bytes = 0;
    std::optional<core::BundleId> carrier;
  };
  /// nullopt when the blob is not here.
  core::Result<std::optional<Index>> find(const core::Hash& hash) const;
  struct Carried {
    core::Hash hash;
    core::BundleId carrier;
  };
  /// Every blob that a bundle carries.
  core::Result<std::vector<Carried>> carried() const;
  /// kPictureNotHere when it has not arrived; kStoreDamaged when what is stored does not fit the hash.
  core::Result<core::Bytes> get(const core::Hash& hash) const;
  /// Walks all blobs; calls `fault` with the hash of each that is damaged. Gives how many there are.
  core::Result<std::size_t> verify(const std::function<void(const core::Hash&, core::Error)>& fault) const;

 private:
  core::Store& store_;
  core::ByteView key_;
  core::Rng& rng_;
};

}  // namespace satchel::node
