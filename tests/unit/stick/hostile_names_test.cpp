#include <catch2/catch.hpp>
#include <filesystem>

#include "node/system_disk.h"
#include "protocol/limits.h"
#include "tests/support/disk_layer.h"
#include "tests/support/scratch.h"
#include "tests/unit/stick/sticks.h"

/// Folders as a stranger may have prepared them: names, links, sizes.
namespace satchel::protocol {
namespace {

namespace fs = std::filesystem;
using core::Bytes;
using core::Code;
using core::Lane;
using tests::bundles;
using tests::Stick;
using tests::Village;

TEST_CASE("files and folders that are not ours are neither read nor touched") {
  Village village;
  village.write(*village.east, Lane::record, 60);
  Stick stick;
  const std::vector<std::string> strange{
      "autorun.inf", "0001s000.sat.new", "0001x000.sat", "照片.jpg", std::string(200, 'a') + ".sat", "%n%s.sat"};
  for (const std::string& name : strange) stick.lay(name, core::as_bytes("not ours"));
  REQUIRE(stick.disk.make_folder(tests::kFilesPath + "/0001s001.sat"));
  REQUIRE(stick.write(*village.east));
  const auto read = stick.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 1);
  CHECK(read->damage_count == 0);
  for (const std::string& name : strange) CHECK(core::as_text(stick.raw(name)) == "not ours");
}

TEST_CASE("a file in the place of the folder is an error, not a crash") {
  Village village;
  village.write(*village.east, Lane::record, 60);
  Stick stick;
  REQUIRE(stick.disk.write_atomic(tests::kFilesPath, core::as_bytes("x")));
  CHECK_FALSE(stick.write(*village.east));
  CHECK_FALSE(stick.read(*village.hub));
}

/// A disk that says of one file that it is of any size, and reads zeros there.
class SparseDisk final : public tests::DiskLayer {
 public:
  SparseDisk(core::Disk& under, std::string name, std::uint64_t size) : DiskLayer(under), name_(std::move(name)), size_(size) {}
  core::Result<Bytes> read(const std::string& path, std::uint64_t max) const override {
    if (path.ends_with(name_)) return Code::kFileTooLarge;
    return under_.read(path, max);
  }
  core::Result<Bytes> read_at(const std::string& path, std::uint64_t offset, std::size_t n) const override {
    if (!path.ends_with(name_)) return under_.read_at(path, offset, n);
    bytes_read += n;
    return Bytes(n);
  }
  core::Result<std::vector<core::DiskEntry>> list(const std::string& folder) const override {
    auto out = under_.list(folder);
    if (out && folder == tests::kFilesPath) out->push_back({name_, false, size_});
    return out;
  }
  mutable std::uint64_t bytes_read = 0;

 private:
  std::string name_;
  std::uint64_t size_;
};

TEST_CASE("a segment of terabytes is reported and not read") {
  Village village;
  village.write(*village.east, Lane::record, 60);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  SparseDisk sparse{stick.disk, "0001s005.sat", 1ULL << 42};
  tests::Node& hub = *village.hub;
  const auto read = read_stick(sparse, tests::kStickPath, *hub.shelf, hub.membership, {hub.member, hub.identity.sign});
  REQUIRE(read);
  CHECK(bundles(*read) == 1);
  CHECK(read->damage_count == 1);
  CHECK(sparse.bytes_read < 4096);
}

// --- a real file system

struct RealStick {
  tests::Scratch scratch;
  node::SystemDisk disk;
  std::string path = (scratch.path() / "stick").string();
  std::string secret = (scratch.path() / "secret.txt").string();
  RealStick() {
    fs::create_directories(path);
    tests::write_file(secret, "keep me");
  }
  std::string kept() const { return tests::read_file(secret); }
  std::string file(const std::string& name) const { return path + "/satchel/" + name; }
};

TEST_CASE("links on a stick are not followed, neither to read nor to write") {
  Village village;
  village.write(*village.east, Lane::record, 60);
  RealStick stick;
  const StickWriter east{village.east->member, village.east->identity.sign};
  const StickWriter hub{village.hub->member, village.hub->identity.sign};
  REQUIRE(write_stick(stick.disk, stick.path, *village.east->shelf, east));
  // A segment of ours, our note, our manifest, and the temporary name of each: all point at somebody's file.
  for (const char* name :
       {"0002s000.sat", "0000n.sat", "0000n.sat.new", "0001n.sat.new", "0001m0.sat.new", "0001m1.sat.new", "0001s001.sat"}) {
    fs::create_symlink(stick.secret, stick.file(name));
  }
  const auto read = read_stick(stick.disk, stick.path, *village.hub->shelf, village.hub->membership, hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 1);
  CHECK(stick.kept() == "keep me");
  village.write(*village.east, Lane::record, 60);
  static_cast<void>(write_stick(stick.disk, stick.path, *village.east->shelf, east));
  CHECK(stick.kept() == "keep me");
  CHECK(fs::file_size(stick.secret) == 7);
}

TEST_CASE("what a killed write left behind under a temporary name is in nobody's way") {
  Village village;
  village.write(*village.east, Lane::record, 60);
  RealStick stick;
  fs::create_directories(stick.path + "/satchel");
  tests::write_file(stick.file("0001m1.sat.new"), "half a manifest");
  REQUIRE(write_stick(stick.disk, stick.path, *village.east->shelf, {village.east->member, village.east->identity.sign}));
  CHECK_FALSE(fs::exists(stick.file("0001m1.sat.new")));
}

}  // namespace
}  // namespace satchel::protocol
