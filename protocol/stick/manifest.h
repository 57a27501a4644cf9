#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"

namespace satchel::protocol {

/// What one writer has laid on a stick. Two files take turns, so that a torn write leaves the one before. Only a hint: it saves
/// reading; every bundle proves itself.
///
///   manifest := writer u32 ‖ generation u64 ‖ list hash(32) ‖ list
///   list     := segments varint ‖ segment…
///   segment  := counter varint ‖ size varint ‖ file hash(32) ‖ receipt epoch varint ‖ receipt version varint
///               ‖ ranges varint ‖ (log id(17) ‖ first varint ‖ last varint)…
struct Manifest {
  struct Range {
    core::LogId log;
    core::Seq first;
    core::Seq last;
    bool operator==(const Range&) const = default;
  };
  struct Segment {
    std::uint32_t counter = 0;
    std::uint64_t size = 0;
    core::Hash hash;
    std::uint32_t receipt_epoch = 0;  ///< of the receipt in it; 0 without one
    std::uint64_t receipt_version = 0;
    std::vector<Range> ranges;  ///< the bundles in it
    bool operator==(const Segment&) const = default;
  };
  core::NodeNumber writer;
  std::uint64_t generation = 0;  ///< the larger of the two files counts
  std::vector<Segment> segments;
  bool operator==(const Manifest&) const = default;
};

/// What stands in front, enough to recognise a manifest that has been taken in: read without the rest.
struct ManifestHead {
  core::NodeNumber writer;
  std::uint64_t generation = 0;
  core::Hash list_hash;
};
inline constexpr std::size_t kManifestHeadSize = 4 + 8 + 32;

/// The file: one block.
core::Bytes encode_file(const Manifest& manifest);
/// kStickBad unless the file is whole and in its one form.
core::Result<Manifest> decode_manifest_file(core::ByteView file);
/// From the first bytes of the file; kStickBad when they are not the beginning of a manifest.
core::Result<ManifestHead> decode_manifest_head(core::ByteView first_bytes);
core::Hash list_hash(const Manifest& manifest);

/// Gathers ids, in any order, into ranges.
std::vector<Manifest::Range> to_ranges(std::vector<core::BundleId> ids);
bool holds(const std::vector<Manifest::Range>& ranges, const core::BundleId& id);

}  // namespace satchel::protocol
