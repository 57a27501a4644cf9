#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/disk.h"
#include "core/base/result.h"
#include "protocol/stick/block.h"

namespace satchel::protocol {

/// Bytes that can be read at any place: a file, or memory in a test.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  /// Exactly `n` bytes, which lie within size(); any error when they cannot be had.
  virtual core::Result<core::Bytes> read(std::uint64_t offset, std::size_t n) = 0;
};

class FileSource final : public ByteSource {
 public:
  FileSource(const core::Disk& disk, std::string path, std::uint64_t size) : disk_(&disk), path_(std::move(path)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  core::Result<core::Bytes> read(std::uint64_t offset, std::size_t n) override;

 private:
  const core::Disk* disk_;
  std::string path_;
  std::uint64_t size_;
};

/// Borrows `bytes`.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(core::ByteView bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  core::Result<core::Bytes> read(std::uint64_t offset, std::size_t n) override;

 private:
  core::ByteView bytes_;
};

/// Walks over blocks. What is no block is passed over up to the next marker with a sound head; a sound head is believed about its
/// length. What this class itself reads is linear in the size of the source, whatever that holds; its caller bounds how often it
/// reads a block that is cut (kCutBlocksMax).
class BlockScanner {
 public:
  explicit BlockScanner(ByteSource& source) : source_(&source) {}

  struct Found {
    std::uint64_t offset = 0;
    BlockHead head;
    bool cut = false;  ///< the source ends before the block does
    std::uint64_t content() const { return offset + kBlockHeadSize; }
  };
  /// The next block; nullopt at the end. damaged_at() tells whether something before it was passed over.
  std::optional<Found> next();
  /// Where the bytes that the last next() passed over begin.
  const std::optional<std::uint64_t>& damaged_at() const { return damaged_at_; }

 private:
  std::optional<BlockHead> head_at(std::uint64_t offset);
  std::optional<std::uint64_t> find_marker(std::uint64_t from);
  /// The `n` bytes at `offset` when the window holds them all; empty otherwise.
  core::ByteView in_window(std::uint64_t offset, std::size_t n) const;

  ByteSource* source_;
  std::uint64_t at_ = 0;
  std::uint64_t window_at_ = 0;
  core::Bytes window_;  ///< what the last search read: false markers close to each other must not read it again and again
  std::optional<std::uint64_t> damaged_at_;
};

}  // namespace satchel::protocol
