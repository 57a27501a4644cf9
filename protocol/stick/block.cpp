#include "protocol/stick/block.h"

#include <algorithm>

#include "core/crypto/hash.h"

namespace satchel::protocol {

using core::Bytes;
using core::ByteView;

namespace {

Bytes kind_and_length(BlockHead head) {
  core::ByteWriter out;
  out.u8(static_cast<std::uint8_t>(head.kind)).u32(head.length);
  return std::move(out).take();
}

Bytes check_of(BlockHead head) {
  const core::Hash whole = core::hash("satchel block head", kind_and_length(head));
  return core::to_bytes(whole.view().first(8));
}

core::Hash digest_of(BlockHead head, ByteView content) {
  core::Hasher hasher;
  return hasher.add(digest_prefix(head)).add(content).finish();
}

}  // namespace

Bytes digest_prefix(BlockHead head) {
  Bytes out = core::to_bytes(core::as_bytes("\x0dsatchel block"));  // the length of the domain, as in core::hash()
  core::append(out, kind_and_length(head));
  return out;
}

Bytes block_head(BlockHead head) {
  Bytes out = core::to_bytes(kMarker);
  core::append(out, kind_and_length(head));
  core::append(out, check_of(head));
  return out;
}

std::optional<BlockHead> parse_block_head(ByteView bytes) {
  if (bytes.size() != kBlockHeadSize || !std::ranges::equal(bytes.first(kMarker.size()), kMarker)) return std::nullopt;
  core::ByteReader in{bytes.subspan(kMarker.size())};
  const std::uint8_t kind = in.u8();
  const BlockHead head{static_cast<BlockKind>(kind), in.u32()};
  if (kind < static_cast<std::uint8_t>(BlockKind::opening) || kind > static_cast<std::uint8_t>(BlockKind::note))
    return std::nullopt;
  if (!core::same_bytes(in.rest(), check_of(head))) return std::nullopt;
  return head;
}

Bytes make_block(BlockKind kind, ByteView content) {
  const BlockHead head{kind, static_cast<std::uint32_t>(content.size())};
  Bytes out = block_head(head);
  core::append(out, content);
  core::append(out, digest_of(head, content).view());
  return out;
}

std::optional<Bytes> single_block(ByteView file, BlockKind kind) {
  if (file.size() < kBlockOverhead) return std::nullopt;
  const auto head = parse_block_head(file.first(kBlockHeadSize));
  if (!head || head->kind != kind || head->length != file.size() - kBlockOverhead) return std::nullopt;
  const ByteView content = file.subspan(kBlockHeadSize, head->length);
  if (!core::same_bytes(digest_of(*head, content).view(), file.last(kBlockDigestSize))) return std::nullopt;
  return core::to_bytes(content);
}

}  // namespace satchel::protocol
