#pragma once

#include "core/base/disk.h"

namespace satchel::node {

/// core::Disk over POSIX. Every error names its cause; ENOSPC and EDQUOT become kDiskFull.
class SystemDisk final : public core::Disk {
 public:
  core::Result<core::Bytes> read(const std::string& path, std::uint64_t max_bytes) const override;
  core::Result<core::Bytes> read_at(const std::string& path, std::uint64_t offset, std::size_t n) const override;
  core::Result<void> write_atomic(const std::string& path, core::ByteView bytes, bool secret) override;
  core::Result<std::unique_ptr<core::AppendFile>> create(const std::string& path) override;
  core::Result<void> make_folder(const std::string& path) override;
  core::Result<void> remove(const std::string& path) override;
  core::Result<void> sync_folder(const std::string& folder) override;
  core::Result<std::vector<core::DiskEntry>> list(const std::string& folder) const override;
  bool exists(const std::string& path) const override;
  core::Result<void> forget_cached(const std::string& path) const override;
  core::Result<std::uint64_t> free_bytes(const std::string& folder) const override;
};

}  // namespace satchel::node
