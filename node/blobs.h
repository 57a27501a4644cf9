#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/store/store.h"
#include "protocol/shelf/shelf.h"

namespace satchel::node {

/// Content-addressed bytes (picture renditions; named by protocol::blob_hash). They lie in rows of their own, sealed at rest in
/// pieces so that no piece can be moved to another place; or, where the body of the bundle that brought them stays for good, in
/// that body alone, as they came. The index row of such a blob holds what opens the body, so no recipient's key is needed later.
class Blobs {
 public:
  /// `store`, `shelf` (which stands on `store`) and `key` (32 bytes, the node's store key) outlive this.
  Blobs(core::Store& store, const protocol::Shelf& shelf, core::ByteView key, core::Rng& rng)
      : store_(store), shelf_(shelf), key_(key), rng_(rng) {}

  /// The body in which a blob lies.
  struct Place {
    core::BundleId bundle;
    std::uint64_t offset = 0;  ///< of the blob in the opened payload
    core::Bytes sealed_key;    ///< the bundle's content key, sealed with the store key and bound to the index row
  };
  struct Index {
    std::uint64_t size_bytes = 0;
    std::optional<core::BundleId> carrier;  ///< the bundle that brought it last: where it is, provably
    std::optional<Place> place;             ///< none: it lies in rows of its own. Not always the carrier.
  };
  /// Adds to `batch` bytes that are not here yet, named `hash`, in rows of their own, and an index row that names the bundle
  /// which carries them (none: they stay here).
  Index put(core::WriteBatch& batch, const core::Hash& hash, core::ByteView bytes, const std::optional<core::BundleId>& carrier);
  /// Adds the index row of a blob that lies in the body of `carrier`, at `offset` of its payload, sealed with `content_key`. From
  /// when the batch is committed until remove() of the blob, nobody may drop that body.
  Index put_in_body(core::WriteBatch& batch, const core::Hash& hash, std::uint64_t size_bytes, const core::BundleId& carrier,
                    std::uint64_t offset, core::ByteView content_key);
  /// What is here, in either form, has come by `carrier`, too. The bytes stay where they are.
  static Index put_carrier(core::WriteBatch& batch, const core::Hash& hash, Index here, const core::BundleId& carrier);
  /// Removes the index row and the rows of the bytes. The body in which they lie is the caller's to drop, once that is committed.
  static void remove(core::WriteBatch& batch, const core::Hash& hash, const Index& index);
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
  core::Result<core::Bytes> from_rows(const core::Hash& hash) const;
  core::Result<core::Bytes> from_body(const core::Hash& hash, std::uint64_t size_bytes, const Place& place) const;

  core::Store& store_;
  const protocol::Shelf& shelf_;
  core::ByteView key_;
  core::Rng& rng_;
};

}  // namespace satchel::node
