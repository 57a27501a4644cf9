#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/base/disk.h"
#include "core/crypto/hash.h"
#include "core/crypto/membership.h"
#include "protocol/shelf/shelf.h"
#include "protocol/stick/block.h"
#include "protocol/stick/manifest.h"

namespace satchel::protocol {

/// One segment on its way to a file: what its readers need to verify goes in front of what they verify. finish() makes it
/// durable and compares it with what reads back; a segment that is not finished is removed again.
class SegmentWriter {
 public:
  /// Creates `path` with the opening block. kFileExists, kDiskFull, kDiskWrite.
  static core::Result<SegmentWriter> create(core::Disk& disk, std::string path, const core::Member& writer);
  SegmentWriter(SegmentWriter&&) noexcept = default;
  SegmentWriter& operator=(SegmentWriter&&) noexcept = default;
  ~SegmentWriter();

  core::Result<void> add_receipt(const core::Receipt& receipt);
  /// With the author's certificate before the first bundle of an author.
  core::Result<void> add_bundle(const Shelf& shelf, const core::BundleId& id, const Header& header);
  /// Bytes that add_bundle would add at most.
  std::uint64_t cost(const Header& header) const;
  std::uint64_t size() const { return size_; }
  bool empty() const { return bundles_.empty() && receipt_version_ == 0; }
  /// Synced, read back, compared: kStickReadBack when they differ.
  core::Result<Manifest::Segment> finish(std::uint32_t counter);

 private:
  SegmentWriter(core::Disk& disk, std::string path) : disk_(&disk), path_(std::move(path)) {}
  core::Result<void> put(core::ByteView bytes);
  core::Result<void> put_block(BlockKind kind, core::ByteView content);
  core::Result<void> put_body(const Shelf& shelf, const core::BundleId& id, const Header& header, core::Hasher& digest);
  core::Result<core::Hash> read_back() const;

  core::Disk* disk_;
  std::string path_;
  std::unique_ptr<core::AppendFile> file_;
  core::Hasher hasher_;
  std::uint64_t size_ = 0;
  std::set<core::NodeNumber> certified_;
  std::vector<core::BundleId> bundles_;
  std::uint32_t receipt_epoch_ = 0;
  std::uint64_t receipt_version_ = 0;
};

}  // namespace satchel::protocol
