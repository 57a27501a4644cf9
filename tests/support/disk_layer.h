#pragma once

#include "core/base/disk.h"

namespace satchel::tests {

/// Another disk with something changed: passes everything on; override what is to be different.
class DiskLayer : public core::Disk {
 public:
  explicit DiskLayer(core::Disk& under) : under_(under) {}
  core::Result<core::Bytes> read(const std::string& path, std::uint64_t max) const override { return under_.read(path, max); }
  core::Result<core::Bytes> read_at(const std::string& path, std::uint64_t offset, std::size_t n) const override {
    return under_.read_at(path, offset, n);
  }
  core::Result<void> write_atomic(const std::string& path, core::ByteView bytes, bool secret) override {
    return under_.write_atomic(path, bytes, secret);
  }
  core::Result<std::unique_ptr<core::AppendFile>> create(const std::string& path) override { return under_.create(path); }
  core::Result<void> make_folder(const std::string& path) override { return under_.make_folder(path); }
  core::Result<void> remove(const std::string& path) override { return under_.remove(path); }
  core::Result<void> sync_folder(const std::string& folder) override { return under_.sync_folder(folder); }
  core::Result<std::vector<core::DiskEntry>> list(const std::string& folder) const override { return under_.list(folder); }
  bool exists(const std::string& path) const override { return under_.exists(path); }
  core::Result<void> forget_cached(const std::string& path) const override { return under_.forget_cached(path); }
  core::Result<std::uint64_t> free_bytes(const std::string& folder) const override { return under_.free_bytes(folder); }

 protected:
  core::Disk& under_;
};

}  // namespace satchel::tests
