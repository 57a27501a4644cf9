#include "node/doctor.h"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "core/base/utf8.h"
#include "node/home.h"
#include "node/mounts.h"
#include "node/system_disk.h"
#include "tests/support/disk_layer.h"
#include "tests/support/loopback.h"
#include "tests/support/scratch.h"
#include "tests/support/seeded_rng.h"

namespace satchel::node {
namespace {

/// The codes that were found, and their levels.
std::map<std::string, std::string> codes(Findings& findings) {
  std::map<std::string, std::string> out;
  for (const boost::json::value& one : findings.take()) {
    const boost::json::object& item = one.as_object();
    out[std::string(item.at("code").as_string())] = std::string(item.at("level").as_string());
  }
  return out;
}

/// A TCP port of this machine that nobody or somebody listens on.
struct Port {
  int fd = tests::bound_socket(SOCK_STREAM);
  std::string address = "127.0.0.1:" + std::to_string(tests::own_port(fd));
  explicit Port(bool listens) {
    if (listens) REQUIRE(::listen(fd, 4) == 0);
  }
  ~Port() { ::close(fd); }
};

struct Fixed final : core::Clock {
  core::WallMs wall() const override { return {1'000}; }
  core::MonoMs mono() const override { return {1'000}; }
  std::uint64_t boot_id() const override { return 1; }
};

/// A machine of 1970.
struct Machine {
  SystemDisk disk;
  Fixed clock;
  tests::SeededRng rng{1};
  Surroundings surroundings{disk, clock, rng, {}};
};

TEST_CASE("every finding has a code of its own and words in both languages, and what is amiss has a cure") {
  std::set<std::string_view> seen;
  for (const FindingInfo& one : all_findings()) {
    INFO(one.id);
    CHECK(one.id.starts_with("D-"));
    CHECK(seen.insert(one.id).second);
    CHECK(&info(one.finding) == &one);
    for (const std::string_view text : {one.zh, one.en}) CHECK((!text.empty() && core::is_plain_text(text)));
    CHECK(one.cure_zh.empty() == (one.level == Level::fine));
    CHECK(one.cure_en.empty() == (one.level == Level::fine));
  }
}

TEST_CASE("a port that answers, one that refuses, and a name that nobody has are told apart") {
  Machine machine;
  const Port open{true};
  Findings answers;
  REQUIRE(examine_peer(machine.surroundings, open.address, answers));
  const auto open_found = codes(answers);
  CHECK(open_found.contains("D-PEER-TCP-OK"));
  CHECK(open_found.contains("D-PEER-UDP-REFUSED"));
  const Port closed{false};
  Findings refuses;
  REQUIRE(examine_peer(machine.surroundings, closed.address, refuses));
  CHECK(refuses.worst() == Level::bad);
  const auto found = codes(refuses);
  CHECK(found.contains("D-PEER-REFUSED"));
  CHECK(found.contains("D-PEER-UDP-REFUSED"));
  Findings nobody;
  REQUIRE(examine_peer(machine.surroundings, "name.invalid:7420", nobody));  // RFC 2606
  CHECK(codes(nobody).contains("D-PEER-NAME"));
  Findings none;
  CHECK(examine_peer(machine.surroundings, "no port", none).error().code == core::Code::kAddressBad);
}

TEST_CASE("a folder that is no node is said to be none, with the clock and the network looked at all the same") {
  const tests::Scratch scratch;
  Machine machine;
  const auto answer = doctor(machine.surroundings, (scratch / "none").string(), {});
  REQUIRE(answer);
  CHECK(answer->exit == core::Exit::failure);
  CHECK(answer->body.at("worst") == "bad");
  std::set<std::string> found;
  for (const auto& one : answer->body.at("findings").as_array()) found.emplace(one.as_object().at("code").as_string());
  CHECK(found.contains("E-HOME-MISSING"));
  CHECK(found.contains("D-CLOCK-IMPLAUSIBLE"));  // 1970
  CHECK(found.contains("D-NODE-STOPPED"));
  CHECK((found.contains("D-PORT-UDP-OK") || found.contains("D-PORT-UDP-TAKEN")));
  CHECK((found.contains("D-CONGESTION-BBR") || found.contains("D-CONGESTION-OTHER")));
}

/// A disk that says what a test wants of its room, and may refuse to be written.
struct OddDisk final : tests::DiskLayer {
  using tests::DiskLayer::DiskLayer;
  std::uint64_t room = 0;
  bool read_only = false;
  core::Result<std::uint64_t> free_bytes(const std::string&) const override { return room; }
  core::Result<void> write_atomic(const std::string& path, core::ByteView bytes, bool secret) override {
    if (read_only) return core::Code::kDiskWrite;
    return DiskLayer::write_atomic(path, bytes, secret);
  }
};

TEST_CASE("a disk with room, one that fills up, one that is full and one that is read-only are told apart") {
  const tests::Scratch scratch;
  Machine machine;
  OddDisk odd(machine.disk);
  const Surroundings surroundings{odd, machine.clock, machine.rng, {}};
  const std::string home = scratch.path().string();
  tests::write_file(Home{home}.key_file(), "no keys");
  const auto found = [&](std::uint64_t room, bool read_only) {
    odd.room = room;
    odd.read_only = read_only;
    Findings findings;
    examine_home(surroundings, home, findings);
    return codes(findings);
  };
  CHECK(found(std::uint64_t{1} << 40U, false).contains("D-DISK-OK"));
  CHECK(found(0, false).contains("D-DISK-FULL"));
  bool low = false;
  for (unsigned bits = 20; bits < 40; ++bits) low = low || found(std::uint64_t{1} << bits, false).contains("D-DISK-LOW");
  CHECK(low);
  CHECK(found(1, false).contains("D-HOME-OK"));
  CHECK(found(1, true).contains("D-HOME-READONLY"));
  const auto sticks = found(1, false);
  CHECK((sticks.contains("D-STICK-NONE") || sticks.contains("D-STICK-MOUNTED")));
}

TEST_CASE("lines of mountinfo are read with their blanks, and what is no line is passed over") {
  const auto found = parse_mountinfo(
      "36 25 8:17 / /media/teacher/USB\\040DISK rw,nosuid shared:5 master:2 - vfat /dev/sdb1 rw,utf8\n"
      "rubbish\n"
      "25 1 0:22 / /proc rw - proc proc rw\n"
      "1 2 3:4 / /x rw -\n"
      "\n");
  REQUIRE(found.size() == 2);
  CHECK(found[0].folder == "/media/teacher/USB DISK");
  CHECK(found[0].device == "8:17");
  CHECK(found[0].type == "vfat");
  CHECK(found[0].source == "/dev/sdb1");
  CHECK(found[1].type == "proc");
  CHECK_FALSE(on_removable_disk(found[1]));
}

}  // namespace
}  // namespace satchel::node
