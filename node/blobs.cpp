#include "node/blobs.h"

#include <algorithm>

#include "core/crypto/box.h"
#include "core/crypto/hash.h"
#include "core/store/keys.h"
#include "node/places.h"
#include "protocol/bundle/header.h"
#include "protocol/bundle/payload.h"

namespace satchel::node {
namespace {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Hash;
using core::Result;

/// RocksDB keeps values of this size in blob files, and one piece is the most that has to be in memory twice.
constexpr std::size_t kPiece = 256 * 1024;

}  // namespace

Result<Hash> Blobs::put(core::WriteBatch& batch, ByteView bytes, const std::optional<core::BundleId>& carrier) {
  const Hash hash = protocol::blob_hash(bytes);
  SATCHEL_TRY_ASSIGN(const auto here, find(hash));
  if (here && !carrier) return hash;
  core::ByteWriter index;
  index.u64(bytes.size());
  if (carrier) index.raw(protocol::id_bytes(*carrier));
  batch.put(core::keys::of(core::keys::kBlobIndex, hash.view()), std::move(index).take());
  if (here) return hash;
  std::size_t offset = 0;
  do {
    const std::size_t n = std::min(kPiece, bytes.size() - offset);
    Bytes key = core::keys::piece(core::keys::kBlob, hash.view(), offset);
    Bytes sealed = core::seal_value(key_, rng_, key, bytes.subspan(offset, n));
    batch.put(std::move(key), std::move(sealed));
    offset += n;
  } while (offset < bytes.size());
  return hash;
}

void Blobs::remove(core::WriteBatch& batch, const Hash& hash, std::uint64_t size_bytes) {
  batch.remove(core::keys::of(core::keys::kBlobIndex, hash.view()));
  std::uint64_t offset = 0;
  do {
    batch.remove(core::keys::piece(core::keys::kBlob, hash.view(), offset));
    offset += kPiece;
  } while (offset < size_bytes);
}

Result<std::optional<Blobs::Index>> Blobs::find(const Hash& hash) const {
  SATCHEL_TRY_ASSIGN(const auto row, store_.get(core::keys::of(core::keys::kBlobIndex, hash.view())));
  if (!row) return std::optional<Index>{};
  core::ByteReader in{*row};
  Index index;
  index.size_bytes = in.u64();
  if (in.remaining() > 0) {
    const auto id = bundle_id_from(in.rest());
    if (!id) return Error{Code::kStoreDamaged, "blob index " + hash.hex().substr(0, 16)};
    index.carrier = *id;
  }
  if (!in.ok()) return Error{Code::kStoreDamaged, "blob index " + hash.hex().substr(0, 16)};
  return std::optional<Index>{index};
}

Result<std::vector<Blobs::Carried>> Blobs::carried() const {
  std::vector<Carried> out;
  std::optional<Error> trouble;
  SATCHEL_TRY(store_.scan(core::keys::of(core::keys::kBlobIndex, {}), {}, [&](ByteView key, ByteView value) {
    const auto hash = Hash::from(key.subspan(1));
    if (!hash || value.size() < sizeof(std::uint64_t)) {
      trouble = Error{Code::kStoreDamaged, "blob index"};
      return false;
    }
    if (const auto carrier = bundle_id_from(value.subspan(sizeof(std::uint64_t)))) out.push_back({*hash, *carrier});
    return true;
  }));
  if (trouble) return *trouble;
  return out;
}

Result<Bytes> Blobs::get(const Hash& hash) const {
  Bytes out;
  std::optional<Error> trouble;
  const Bytes prefix = core::keys::of(core::keys::kBlob, hash.view());
  SATCHEL_TRY(store_.scan(prefix, {}, [&](ByteView key, ByteView value) {
    auto piece = core::open_value(key_, key, value);
    if (!piece) {
      trouble = Error{Code::kStoreDamaged, "blob " + hash.hex().substr(0, 16)};
      return false;
    }
    core::append(out, *piece);
    return true;
  }));
  if (trouble) return *trouble;
  if (out.empty()) return Code::kPictureNotHere;
  if (protocol::blob_hash(out) != hash) return Error{Code::kStoreDamaged, "blob " + hash.hex().substr(0, 16)};
  return out;
}

Result<std::size_t> Blobs::verify(const std::function<void(const Hash&, Error)>& fault) const {
  // By the index rows, which are small and lie apart: a damaged piece stops a scan over pieces, but not this one.
  std::vector<Hash> hashes;
  const auto scanned = store_.scan(core::keys::of(core::keys::kBlobIndex, {}), {}, [&](ByteView key, ByteView) {
    if (const auto hash = Hash::from(key.subspan(1))) hashes.push_back(*hash);
    return true;
  });
  if (!scanned) fault(Hash{}, scanned.error());
  for (const Hash& hash : hashes) {
    if (const auto bytes = get(hash); !bytes) fault(hash, bytes.error());
  }
  return hashes.size();
}

}  // namespace satchel::node
