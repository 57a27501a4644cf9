#pragma once

#include "protocol/stick/stick.h"
#include "tests/support/memory_disk.h"
#include "tests/unit/bundle/village.h"

namespace satchel::tests {

inline const std::string kStickPath = "/stick";
inline const std::string kFilesPath = "/stick/satchel";

/// A stick, empty but for the folder where it is mounted.
struct Stick {
  MemoryDisk disk;
  Stick() { SATCHEL_CHECK(disk.make_folder(kStickPath).has_value()); }

  core::Result<protocol::StickReport> write(Node& node) {
    return protocol::write_stick(disk, kStickPath, *node.shelf, {node.member, node.identity.sign});
  }
  core::Result<protocol::StickReport> read(Node& node) {
    return protocol::read_stick(disk, kStickPath, *node.shelf, node.membership, {node.member, node.identity.sign});
  }
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    const auto listed = disk.list(kFilesPath);
    if (!listed) return out;
    for (const core::DiskEntry& entry : *listed) out.push_back(entry.name);
    return out;
  }
  /// Names of segments (kind 's'), manifests ('m') or notes ('n').
  std::vector<std::string> files(char kind) const {
    std::vector<std::string> out;
    for (const std::string& name : files()) {
      if (name.size() > 4 && name[4] == kind) out.push_back(name);
    }
    return out;
  }
  core::Bytes& raw(const std::string& name) { return disk.raw(kFilesPath + "/" + name); }
  /// Lays a file there as a stranger would.
  void lay(const std::string& name, core::ByteView bytes) {
    SATCHEL_CHECK(disk.make_folder(kFilesPath).has_value());
    SATCHEL_CHECK(disk.write_atomic(kFilesPath + "/" + name, bytes).has_value());
  }
};

/// Forgets everything that a node holds.
inline void forget(Node& node) {
  node.shelf.reset();
  node.store = core::MemoryStore{};
  SATCHEL_CHECK(node.reopen().has_value());
}

inline std::uint64_t bundles(const protocol::StickReport& report) {
  std::uint64_t out = 0;
  for (const protocol::Tally& lane : report.bundles) out += lane.bundles;
  return out;
}

inline std::size_t faults(const Node& node) {
  return node.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults;
}

}  // namespace satchel::tests
