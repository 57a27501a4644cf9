#pragma once

#include <cstdint>

#include "core/base/result.h"
#include "core/store/store.h"
#include "protocol/bundle/header.h"

/// Bodies in the store. A body is cut into blocks: of at most kPieceMax, counted from the start of the chunk list and anew from
/// the start of the ciphertext, so that no block crosses the end of what one hash proves. A whole block is one row under its
/// first offset; the block that is arriving lies in smaller rows, one for each piece that came, until it is whole.
namespace satchel::protocol {

std::uint64_t block_start(const Header& header, std::uint64_t offset);
std::uint64_t block_end(const Header& header, std::uint64_t offset);
core::Bytes piece_key(const core::BundleId& id, std::uint64_t offset);

/// Writes a whole body in blocks.
void put_body(core::WriteBatch& batch, const Header& header, core::ByteView body);
/// Removes the blocks of a complete body.
void remove_body(core::WriteBatch& batch, const Header& header);
/// Removes every row from the block start `from` up to `end`, the latter being how far the body has arrived.
core::Result<void> remove_from(const core::Store& store, core::WriteBatch& batch, const Header& header, std::uint64_t from,
                               std::uint64_t end);

/// How far an arriving body reaches; kStoreDamaged when its rows leave a hole.
core::Result<std::uint64_t> body_reach(const core::Store& store, const Header& header);
/// Exactly the bytes from..end; kStoreDamaged when they are not all there.
core::Result<core::Bytes> read_range(const core::Store& store, const Header& header, std::uint64_t from, std::uint64_t end);

}  // namespace satchel::protocol
