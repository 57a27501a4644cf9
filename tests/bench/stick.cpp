// bench_stick [FOLDER]: what it costs to plug a stick in that is as it was left: bytes read from it in files, by the real reader
// and the real writer, and how long that takes on the file system of FOLDER (default: the temporary folder of the system).
//   build/bench/bench_stick
//   build/bench/bench_stick /media/usb
// Beside each row stands what was wanted of it. Exit 1 when a row misses it.
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "node/system_disk.h"
#include "protocol/stick/stick.h"
#include "tests/support/disk_layer.h"
#include "tests/unit/bundle/village.h"

namespace {

using namespace satchel;
using core::Lane;
using tests::Node;
using tests::Village;

/// Counts what is read out of files.
class CountingDisk final : public tests::DiskLayer {
 public:
  using DiskLayer::DiskLayer;
  core::Result<core::Bytes> read(const std::string& path, std::uint64_t max) const override {
    auto out = under_.read(path, max);
    if (out) bytes_read += out->size();
    return out;
  }
  core::Result<core::Bytes> read_at(const std::string& path, std::uint64_t offset, std::size_t n) const override {
    auto out = under_.read_at(path, offset, n);
    if (out) bytes_read += out->size();
    return out;
  }
  mutable std::uint64_t bytes_read = 0;
};

bool all_met = true;

void row(const char* what, double value, const char* unit, double limit) {
  const bool met = value <= limit;
  all_met = all_met && met;
  std::printf("%-58s %10.1f %-3s wanted %.0f%s\n", what, value, unit, limit, met ? "" : "   MISSED");
}

void read(core::Disk& disk, const std::string& folder, Node& node) {
  const auto report = protocol::read_stick(disk, folder, *node.shelf, node.membership, {node.member, node.identity.sign});
  SATCHEL_CHECK(report.has_value());
}
void write(core::Disk& disk, const std::string& folder, Node& node) {
  const auto report = protocol::write_stick(disk, folder, *node.shelf, {node.member, node.identity.sign});
  SATCHEL_CHECK(report || report.error().code == core::Code::kNothingToDo);
}

/// A site's, a relay's, another site's and the hub's files on one stick, read by all but the hub; `photos` of 100 KB from each
/// site.
void plug_in_again(const std::string& folder, int photos) {
  Village village;
  node::SystemDisk system;
  CountingDisk disk{system};
  for (Node* site : {village.east.get(), village.west.get()}) {
    for (int i = 0; i < photos; ++i) {
      village.write(*site, Lane::photo, 100'000);
      village.write(*site, Lane::record, 4'000);
    }
    village.write(*village.hub, Lane::record, 3'000, core::Audience{site->member.number.value});
  }
  // The hub writes and does not read: what it has read makes room.
  for (Node* node : village.all()) write(disk, folder, *node);
  for (Node* node : {village.relay.get(), village.west.get(), village.east.get()}) {
    read(disk, folder, *node);
    write(disk, folder, *node);
  }
  std::uint64_t held = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder + "/satchel"}) held += entry.file_size();

  disk.bytes_read = 0;
  const auto begin = std::chrono::steady_clock::now();
  read(disk, folder, *village.east);
  const std::uint64_t by_reading = disk.bytes_read;
  write(disk, folder, *village.east);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  std::printf("stick with %.1f MB of four writers, unchanged\n", static_cast<double>(held) / 1e6);
  row("  read: bytes out of its files", static_cast<double>(by_reading), "B", 4096);
  row("  read and write: bytes out of its files", static_cast<double>(disk.bytes_read), "B", 4096);
  row("  read and write: time", took.count(), "ms", 1000);
}

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  const fs::path below = argc > 1 ? fs::path(argv[1]) : fs::temp_directory_path();
  for (const int photos : {5, 200}) {
    const fs::path folder = below / ("satchel-bench-stick-" + std::to_string(photos));
    fs::remove_all(folder);
    fs::create_directories(folder);
    plug_in_again(folder.string(), photos);
    fs::remove_all(folder);
  }
  return all_met ? 0 : 1;
}
