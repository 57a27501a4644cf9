#pragma once

#include <memory>
#include <string>

#include "core/store/overlay_store.h"
#include "node/node.h"

namespace satchel::node {

/// A machine's disk on which nothing can be written: reading a stick then leaves no trace on it either.
class ReadOnlyDisk final : public core::Disk {
 public:
  explicit ReadOnlyDisk(const core::Disk& under) : under_(under) {}
  core::Result<core::Bytes> read(const std::string& path, std::uint64_t max_bytes) const override {
    return under_.read(path, max_bytes);
  }
  core::Result<core::Bytes> read_at(const std::string& path, std::uint64_t offset, std::size_t n) const override {
    return under_.read_at(path, offset, n);
  }
  core::Result<void> write_atomic(const std::string&, core::ByteView, bool) override { return core::Code::kDiskWrite; }
  core::Result<std::unique_ptr<core::AppendFile>> create(const std::string&) override { return core::Code::kDiskWrite; }
  core::Result<void> make_folder(const std::string&) override { return core::Code::kDiskWrite; }
  core::Result<void> remove(const std::string&) override { return core::Code::kDiskWrite; }
  core::Result<void> sync_folder(const std::string&) override { return core::Code::kDiskWrite; }
  core::Result<std::vector<core::DiskEntry>> list(const std::string& folder) const override { return under_.list(folder); }
  bool exists(const std::string& path) const override { return under_.exists(path); }
  core::Result<void> forget_cached(const std::string& path) const override { return under_.forget_cached(path); }
  core::Result<std::uint64_t> free_bytes(const std::string& folder) const override { return under_.free_bytes(folder); }

 private:
  const core::Disk& under_;
};

/// A node as it would be: the same shelf and ledger, run over the node's store without writing to it. What is taken in lies in a
/// database of its own in the home, sealed as ever, which is gone with the trial (and, after a kill, with the next one). So a dry
/// run is the real thing, and its report is what would be reported.
class Trial {
 public:
  /// The node must be enrolled and outlive the trial; nothing else may use it meanwhile. Errors as of Node::open.
  static core::Result<std::unique_ptr<Trial>> open(Node& node);
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
  ~Trial();

  core::Disk& disk() { return disk_; }
  core::Membership& membership() { return membership_; }
  protocol::Shelf& shelf() { return *shelf_; }
  Ledger& ledger() { return *ledger_; }
  const core::Store& store() const { return *store_; }

 private:
  Trial(Node& node, const Enrolled& all);

  std::string folder_;
  ReadOnlyDisk disk_;
  Surroundings surroundings_;
  core::Membership membership_;
  core::HighWater high_water_;
  Log log_;
  std::unique_ptr<core::Store> above_;
  std::unique_ptr<core::OverlayStore> store_;
  std::unique_ptr<protocol::Shelf> shelf_;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace satchel::node
