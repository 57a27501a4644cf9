#include "protocol/shelf/body_store.h"

#include <algorithm>

#include "core/store/keys.h"

namespace satchel::protocol {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Result;

namespace {

Bytes body_prefix(const core::BundleId& id) { return core::keys::bundle(core::keys::kChunk, id); }

/// The offset at the end of a piece's key.
std::uint64_t offset_in(ByteView key) {
  core::ByteReader in{key.last(8)};
  return in.u64_be();
}

}  // namespace

std::uint64_t block_start(const Header& header, std::uint64_t offset) {
  const std::uint64_t base = offset < header.list_size() ? 0 : header.list_size();
  return base + (offset - base) / kPieceMax * kPieceMax;
}

std::uint64_t block_end(const Header& header, std::uint64_t offset) {
  return std::min(block_start(header, offset) + kPieceMax, header.proof_end(offset));
}

Bytes piece_key(const core::BundleId& id, std::uint64_t offset) {
  return core::keys::piece(core::keys::kChunk, id_bytes(id), offset);
}

void put_body(core::WriteBatch& batch, const Header& header, ByteView body) {
  SATCHEL_CHECK(body.size() == header.body_size());
  for (std::uint64_t at = 0; at < body.size(); at = block_end(header, at)) {
    batch.put(piece_key(header.id, at), core::to_bytes(body.subspan(at, block_end(header, at) - at)));
  }
}

void remove_body(core::WriteBatch& batch, const Header& header) {
  for (std::uint64_t at = 0; at < header.body_size(); at = block_end(header, at)) batch.remove(piece_key(header.id, at));
}

Result<void> remove_from(const core::Store& store, core::WriteBatch& batch, const Header& header, std::uint64_t from,
                         std::uint64_t end) {
  std::uint64_t at = from;
  for (; at < end && block_end(header, at) <= end; at = block_end(header, at)) batch.remove(piece_key(header.id, at));
  if (at >= end) return {};
  // The last block is in pieces of any length: look for them.
  return store.scan(body_prefix(header.id), piece_key(header.id, at), [&](ByteView key, ByteView) {
    batch.remove(core::to_bytes(key));
    return true;
  });
}

Result<std::uint64_t> body_reach(const core::Store& store, const Header& header) {
  std::uint64_t last = 0;
  std::uint64_t reach = 0;
  SATCHEL_TRY(store.scan_back(body_prefix(header.id), [&](ByteView key, ByteView value) {
    last = offset_in(key);
    reach = last + value.size();
    return false;
  }));
  if (reach > header.body_size() || (reach > 0 && last >= header.body_size())) return Error{Code::kStoreDamaged, "body too long"};
  return reach;
}

Result<Bytes> read_range(const core::Store& store, const Header& header, std::uint64_t from, std::uint64_t end) {
  Bytes out;
  if (from >= end) return out;
  out.reserve(end - from);
  std::uint64_t expected = block_start(header, from);
  bool whole = true;
  SATCHEL_TRY(store.scan(body_prefix(header.id), piece_key(header.id, expected), [&](ByteView key, ByteView value) {
    if (offset_in(key) != expected || value.empty()) {
      whole = false;
      return false;
    }
    const std::uint64_t stop = expected + value.size();
    if (stop > from) {
      const std::uint64_t skip = from > expected ? from - expected : 0;
      core::append(out, value.subspan(skip, std::min(stop, end) - expected - skip));
    }
    expected = stop;
    return expected < end;
  }));
  if (!whole || expected < end) return Error{Code::kStoreDamaged, "body has a hole"};
  return out;
}

}  // namespace satchel::protocol
