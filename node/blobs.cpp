#include "node/blobs.h"

#include <algorithm>

#include "core/crypto/box.h"
#include "core/crypto/hash.h"
#include "core/crypto/secret.h"
#include "core/store/keys.h"
#include "node/places.h"
#include "protocol/bundle/bundle.h"
#include "protocol/bundle/payload.h"

namespace satchel::node {
namespace {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Hash;
using core::Result;

/// The store keeps values of this size in its value log, and one piece is the most that has to be in memory twice.
constexpr std::size_t kPiece = 256 * 1024;

/// The first byte behind the carrier of a blob that lies in a body.
constexpr std::uint8_t kInBody = 1;

Bytes index_key(const Hash& hash) { return core::keys::of(core::keys::kBlobIndex, hash.view()); }

Error damaged(const Hash& hash) { return {Code::kStoreDamaged, "blob " + hash.hex().substr(0, 16)}; }

/// size ‖ [carrier ‖ [1 ‖ bundle ‖ offset ‖ sealed content key]]
Bytes encode(const Blobs::Index& index) {
  core::ByteWriter out;
  out.u64(index.size_bytes);
  if (index.carrier) out.raw(protocol::id_bytes(*index.carrier));
  if (index.carrier && index.place) {
    out.u8(kInBody).raw(protocol::id_bytes(index.place->bundle)).u64(index.place->offset).raw(index.place->sealed_key);
  }
  return std::move(out).take();
}

/// nullopt for what encode() does not write.
std::optional<Blobs::Index> decode(ByteView row) {
  core::ByteReader in{row};
  Blobs::Index out;
  out.size_bytes = in.u64();
  if (in.remaining() > 0) {
    out.carrier = bundle_id_from(in.raw(kBundleIdBytes));
    if (!out.carrier) return std::nullopt;
  }
  if (in.remaining() > 0) {
    const std::uint8_t form = in.u8();
    const auto bundle = bundle_id_from(in.raw(kBundleIdBytes));
    const std::uint64_t offset = in.u64();
    if (form != kInBody || !bundle || !in.ok()) return std::nullopt;
    out.place = Blobs::Place{*bundle, offset, core::to_bytes(in.rest())};
  }
  if (!in.ok()) return std::nullopt;
  return out;
}

}  // namespace

Blobs::Index Blobs::put(core::WriteBatch& batch, const Hash& hash, ByteView bytes, const std::optional<core::BundleId>& carrier) {
  Index index{bytes.size(), carrier, std::nullopt};
  batch.put(index_key(hash), encode(index));
  std::size_t offset = 0;
  do {
    const std::size_t n = std::min(kPiece, bytes.size() - offset);
    Bytes key = core::keys::piece(core::keys::kBlob, hash.view(), offset);
    Bytes sealed = core::seal_value(key_, rng_, key, bytes.subspan(offset, n));
    batch.put(std::move(key), std::move(sealed));
    offset += n;
  } while (offset < bytes.size());
  return index;
}

Blobs::Index Blobs::put_in_body(core::WriteBatch& batch, const Hash& hash, std::uint64_t size_bytes,
                                const core::BundleId& carrier, std::uint64_t offset, ByteView content_key) {
  Bytes key = index_key(hash);
  Index index{size_bytes, carrier, Place{carrier, offset, core::seal_value(key_, rng_, key, content_key)}};
  batch.put(std::move(key), encode(index));
  return index;
}

Blobs::Index Blobs::put_carrier(core::WriteBatch& batch, const Hash& hash, Index here, const core::BundleId& carrier) {
  here.carrier = carrier;
  batch.put(index_key(hash), encode(here));
  return here;
}

void Blobs::remove(core::WriteBatch& batch, const Hash& hash, const Index& index) {
  batch.remove(index_key(hash));
  if (index.place) return;
  std::uint64_t offset = 0;
  do {
    batch.remove(core::keys::piece(core::keys::kBlob, hash.view(), offset));
    offset += kPiece;
  } while (offset < index.size_bytes);
}

Result<std::optional<Blobs::Index>> Blobs::find(const Hash& hash) const {
  SATCHEL_TRY_ASSIGN(const auto row, store_.get(index_key(hash)));
  if (!row) return std::optional<Index>{};
  auto index = decode(*row);
  if (!index) return Error{Code::kStoreDamaged, "blob index " + hash.hex().substr(0, 16)};
  return index;
}

Result<std::vector<Blobs::Carried>> Blobs::carried() const {
  std::vector<Carried> out;
  std::optional<Error> trouble;
  SATCHEL_TRY(store_.scan(core::keys::of(core::keys::kBlobIndex, {}), {}, [&](ByteView key, ByteView value) {
    const auto hash = Hash::from(key.subspan(1));
    const auto index = decode(value);
    if (!hash || !index) {
      trouble = Error{Code::kStoreDamaged, "blob index"};
      return false;
    }
    if (index->carrier) out.push_back({*hash, *index->carrier});
    return true;
  }));
  if (trouble) return *trouble;
  return out;
}

Result<Bytes> Blobs::get(const Hash& hash) const {
  SATCHEL_TRY_ASSIGN(const auto index, find(hash));
  SATCHEL_TRY_ASSIGN(Bytes out, index && index->place ? from_body(hash, index->size_bytes, *index->place) : from_rows(hash));
  if (out.empty()) return Code::kPictureNotHere;
  if (protocol::blob_hash(out) != hash) return damaged(hash);
  return out;
}

Result<Bytes> Blobs::from_rows(const Hash& hash) const {
  Bytes out;
  std::optional<Error> trouble;
  const Bytes prefix = core::keys::of(core::keys::kBlob, hash.view());
  SATCHEL_TRY(store_.scan(prefix, {}, [&](ByteView key, ByteView value) {
    auto piece = core::open_value(key_, key, value);
    if (!piece) {
      trouble = damaged(hash);
      return false;
    }
    core::append(out, *piece);
    return true;
  }));
  if (trouble) return *trouble;
  return out;
}

Result<Bytes> Blobs::from_body(const Hash& hash, std::uint64_t size_bytes, const Place& place) const {
  auto opened = core::open_value(key_, index_key(hash), place.sealed_key);
  if (!opened) return damaged(hash);
  const core::SecretBytes content_key{*opened};
  core::wipe(*opened);
  auto held = shelf_.body_of(place.bundle);
  if (!held && held.error().code == Code::kStoreIo) return held.error();
  if (!held || content_key.size() != protocol::kContentKeySize) return damaged(hash);
  auto payload = protocol::open_content(held->header, held->body, content_key.view());
  if (!payload || place.offset > payload->size() || size_bytes > payload->size() - place.offset) return damaged(hash);
  payload->erase(payload->begin(), payload->begin() + static_cast<std::ptrdiff_t>(place.offset));
  payload->resize(static_cast<std::size_t>(size_bytes));
  return *std::move(payload);
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
