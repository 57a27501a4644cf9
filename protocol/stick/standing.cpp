#include "protocol/stick/standing.h"

#include <algorithm>

#include "core/crypto/hash.h"
#include "protocol/stick/block.h"

namespace satchel::protocol {

using core::Bytes;

bool segment_stands(const core::Disk& disk, const std::string& path, std::uint64_t size, std::size_t& heads,
                    StickReport& report) {
  static_cast<void>(disk.forget_cached(path));
  for (std::uint64_t at = 0; at < size;) {
    if (heads == 0) return true;
    --heads;
    const auto bytes = disk.read_at(path, at, kBlockHeadSize);
    if (!bytes) return false;
    report.bytes_read += bytes->size();
    const auto head = parse_block_head(*bytes);
    if (!head) return false;
    at += kBlockOverhead + head->length;
    if (at > size) return false;
  }
  return true;
}

core::Hash stick_state(const core::Disk& disk, const Listing& listing, StickReport& report) {
  core::ByteWriter out;
  const auto add = [&](const StickFile& file, std::uint64_t from, std::size_t n) {
    const auto bytes = n > 0 ? disk.read_at(listing.path(file), from, n) : core::Result<Bytes>{Bytes{}};
    if (bytes) report.bytes_read += bytes->size();
    out.sized(file.name).u64(file.size).u8(bytes ? 1 : 0).sized(bytes ? *bytes : Bytes{});
  };
  for (const StickFile& file : listing.segments) add(file, 0, 0);
  for (const StickFile& file : listing.manifests) add(file, 0, kBlockHeadSize + kManifestHeadSize);
  for (const StickFile& file : listing.notes) {
    add(file, file.size - std::min<std::uint64_t>(file.size, kBlockDigestSize), kBlockDigestSize);
  }
  return core::hash("satchel stick state", out.bytes());
}

}  // namespace satchel::protocol
