#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/bytes.h"
#include "core/base/ids.h"

/// The self-delimiting piece that every file on a stick is made of:
///
///   block := marker(8) ‖ kind u8 ‖ length u32 ‖ check(8) ‖ content(length) ‖ digest(32)
///
/// `check` proves kind and length before a byte of the content is read; `digest` proves the content. A reader that meets anything
/// else searches the next marker.
namespace satchel::protocol {

enum class BlockKind : std::uint8_t {
  opening = 1,   ///< campaign id u64 ‖ certificate of the writer; first in a segment
  member = 2,    ///< a certificate
  receipt = 3,   ///< the hub's
  bundle = 4,    ///< previous root(32) ‖ header length varint ‖ header ‖ body
  manifest = 5,  ///< alone in its file (manifest.h)
  note = 6,      ///< alone in its file (note.h)
};

/// No text, no picture format and no file system structure begins so; the line ends show a transfer that meddles with them.
inline constexpr std::array<std::uint8_t, 8> kMarker{0x89, 'S', 'A', 'T', 0x0D, 0x0A, 0x1A, 0x0A};
inline constexpr std::size_t kBlockHeadSize = 8 + 1 + 4 + 8;
inline constexpr std::size_t kBlockDigestSize = 32;
inline constexpr std::size_t kBlockOverhead = kBlockHeadSize + kBlockDigestSize;

struct BlockHead {
  BlockKind kind = BlockKind::opening;
  std::uint32_t length = 0;
};

core::Bytes block_head(BlockHead head);
/// nullopt unless `bytes` are exactly a head whose check fits.
std::optional<BlockHead> parse_block_head(core::ByteView bytes);

/// A whole block, for contents that are small.
core::Bytes make_block(BlockKind kind, core::ByteView content);
/// The content of a file that is one block of `kind`; nullopt when it is anything else.
std::optional<core::Bytes> single_block(core::ByteView file, BlockKind kind);

/// What goes before the content in the digest.
core::Bytes digest_prefix(BlockHead head);

}  // namespace satchel::protocol
