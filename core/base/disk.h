#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace satchel::core {

/// A file being written from its end. Bytes are durable only after sync() has returned without error.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  virtual Result<void> append(ByteView bytes) = 0;
  virtual Result<void> sync() = 0;
};

struct DiskEntry {
  std::string name;  ///< without folder
  bool is_folder = false;
  std::uint64_t size_bytes = 0;
};

/// Files as the formats need them; the store has its own engine. Real: node/system_disk. Tests: one that fails the n-th write,
/// tears, or fills up. Paths are UTF-8.
class Disk {
 public:
  virtual ~Disk() = default;
  /// The whole file, or kFileMissing / kFileIsFolder / kFileTooLarge (over max_bytes) / kFileUnreadable.
  virtual Result<Bytes> read(const std::string& path, std::uint64_t max_bytes) const = 0;
  /// Up to n bytes from `offset`; fewer only at the end of the file.
  virtual Result<Bytes> read_at(const std::string& path, std::uint64_t offset, std::size_t n) const = 0;
  /// Replaces or creates `path` so that after a power cut either the old or the whole new content is there, and the new one once
  /// this has returned (temporary file, fsync, rename, fsync of the folder). `secret` makes it readable by its owner alone.
  virtual Result<void> write_atomic(const std::string& path, ByteView bytes, bool secret = false) = 0;
  /// A new file; kFileExists when it is there already.
  virtual Result<std::unique_ptr<AppendFile>> create(const std::string& path) = 0;
  virtual Result<void> make_folder(const std::string& path) = 0;
  virtual Result<void> remove(const std::string& path) = 0;
  /// Makes creations, renames and removals inside `folder` durable.
  virtual Result<void> sync_folder(const std::string& folder) = 0;
  /// Sorted by name, so that what is derived from it is deterministic.
  virtual Result<std::vector<DiskEntry>> list(const std::string& folder) const = 0;
  virtual bool exists(const std::string& path) const = 0;
  /// What is read of `path` from here on comes from the device, not from what the system kept in memory of it, where the system
  /// can do that; what was written must have been synced. For sticks that do not hold what they took.
  virtual Result<void> forget_cached(const std::string& path) const = 0;
  virtual Result<std::uint64_t> free_bytes(const std::string& folder) const = 0;
};

}  // namespace satchel::core
