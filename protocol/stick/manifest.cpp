#include "protocol/stick/manifest.h"

#include <algorithm>

#include "core/crypto/hash.h"
#include "core/store/keys.h"
#include "protocol/limits.h"
#include "protocol/stick/block.h"

namespace satchel::protocol {

using core::ByteReader;
using core::Bytes;
using core::ByteView;
using core::ByteWriter;
using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr std::size_t kLogSize = 17;
constexpr std::size_t kRangeSizeMin = kLogSize + 2;
constexpr std::size_t kSegmentSizeMin = 1 + 1 + 32 + 1 + 1 + 1;

Bytes encode_list(const Manifest& manifest) {
  ByteWriter out;
  out.varint(manifest.segments.size());
  for (const Manifest::Segment& segment : manifest.segments) {
    out.varint(segment.counter).varint(segment.size).raw(segment.hash.view());
    out.varint(segment.receipt_epoch).varint(segment.receipt_version).varint(segment.ranges.size());
    for (const Manifest::Range& range : segment.ranges) {
      core::keys::put_log(out, range.log);
      out.varint(range.first.value).varint(range.last.value);
    }
  }
  return std::move(out).take();
}

bool read_range(ByteReader& in, Manifest::Range& range) {
  range.log.author.node.value = in.u32_be();
  range.log.author.incarnation.value = in.u64_be();
  range.log.audience.value = in.u32_be();
  const std::uint8_t lane = in.u8();
  range.first.value = in.varint();
  range.last.value = in.varint();
  if (!in.ok() || lane >= core::kLanes.size() || range.first.value == 0 || range.last < range.first) return false;
  range.log.lane = static_cast<core::Lane>(lane);
  return true;
}

bool read_segment(ByteReader& in, Manifest::Segment& segment) {
  const std::uint64_t counter = in.varint();
  segment.size = in.varint();
  segment.hash = in.fixed<core::Hash>();
  const std::uint64_t epoch = in.varint();
  segment.receipt_version = in.varint();
  const std::uint64_t ranges = in.varint();
  if (!in.ok() || ranges > in.remaining() / kRangeSizeMin || counter > ~0U || epoch > ~0U) return false;
  segment.counter = static_cast<std::uint32_t>(counter);
  segment.receipt_epoch = static_cast<std::uint32_t>(epoch);
  segment.ranges.resize(ranges);
  return std::ranges::all_of(segment.ranges, [&](Manifest::Range& range) { return read_range(in, range); });
}

Error bad() { return {Code::kStickBad, "manifest"}; }

}  // namespace

core::Hash list_hash(const Manifest& manifest) {
  ByteWriter out;
  out.u32(manifest.writer.value).u64(manifest.generation).raw(encode_list(manifest));
  return core::hash("satchel stick list", out.bytes());
}

Bytes encode_file(const Manifest& manifest) {
  ByteWriter out;
  out.u32(manifest.writer.value).u64(manifest.generation).raw(list_hash(manifest).view()).raw(encode_list(manifest));
  return make_block(BlockKind::manifest, out.bytes());
}

Result<Manifest> decode_manifest_file(ByteView file) {
  const auto content = single_block(file, BlockKind::manifest);
  if (!content) return bad();
  ByteReader in{*content};
  Manifest out;
  out.writer.value = in.u32();
  out.generation = in.u64();
  const core::Hash claimed = in.fixed<core::Hash>();
  const std::uint64_t segments = in.varint();
  if (!in.ok() || segments > kSegmentsMax || segments > in.remaining() / kSegmentSizeMin) return bad();
  out.segments.resize(segments);
  const bool whole = std::ranges::all_of(out.segments, [&](Manifest::Segment& segment) { return read_segment(in, segment); });
  if (!whole || !in.done() || claimed != list_hash(out)) return bad();
  return out;
}

Result<ManifestHead> decode_manifest_head(ByteView first_bytes) {
  if (first_bytes.size() != kBlockHeadSize + kManifestHeadSize) return bad();
  const auto head = parse_block_head(first_bytes.first(kBlockHeadSize));
  if (!head || head->kind != BlockKind::manifest) return bad();
  ByteReader in{first_bytes.subspan(kBlockHeadSize)};
  ManifestHead out;
  out.writer.value = in.u32();
  out.generation = in.u64();
  out.list_hash = in.fixed<core::Hash>();
  return out;
}

std::vector<Manifest::Range> to_ranges(std::vector<core::BundleId> ids) {
  std::ranges::sort(ids);
  std::vector<Manifest::Range> out;
  for (const core::BundleId& id : ids) {
    if (!out.empty() && out.back().log == id.log && out.back().last.value + 1 == id.seq.value) {
      out.back().last = id.seq;
    } else {
      out.push_back({id.log, id.seq, id.seq});
    }
  }
  return out;
}

bool holds(const std::vector<Manifest::Range>& ranges, const core::BundleId& id) {
  return std::ranges::any_of(
      ranges, [&](const Manifest::Range& range) { return range.log == id.log && range.first <= id.seq && id.seq <= range.last; });
}

}  // namespace satchel::protocol
