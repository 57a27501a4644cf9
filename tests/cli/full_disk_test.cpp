// A disk that fills up, as a small tmpfs in a mount namespace of this test's own. Needs root; says so and passes where there is
// none.
#include <sched.h>
#include <sys/mount.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "tests/support/world.h"

using namespace satchel::tests;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// Mounts `mebibytes` of memory at `where`, for this process and its children alone. False where that is not allowed.
bool mount_small_disk(const fs::path& where, int mebibytes) {
  fs::create_directories(where);
  static const bool apart = unshare(CLONE_NEWNS) == 0 && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  const std::string size = "size=" + std::to_string(mebibytes) + "m";
  if (apart && mount("satchel-test", where.c_str(), "tmpfs", 0, size.c_str()) == 0) return true;
  WARN("skipped: a small tmpfs needs root (" << std::strerror(errno) << ")");
  return false;
}

/// Fills what is left, to the last byte.
void fill(const fs::path& folder) {
  std::ofstream file(folder / "filler", std::ios::binary);
  const std::string piece(4096, 'x');
  while (file.write(piece.data(), static_cast<std::streamsize>(piece.size())).flush()) {
  }
}

std::int64_t count(const NodeHome& home, const char* what) {
  return number_at(home.ask({"status"}).at("students").as_object(), what);
}

}  // namespace

TEST_CASE("on a full disk a capture is refused, what was saved stays, and all goes on once there is space") {
  const Scratch scratch;
  const fs::path disk = scratch / "w" / "east";
  if (!mount_small_disk(disk, 64)) return;
  {
    World world(scratch, {.students = 6, .with_relay = false});
    world.deliver_by_stick(world.hub, world.east);
    const auto people = world.people_of(world.east);
    REQUIRE(people.size() >= 2);
    world.submit(world.east, people[0], 0);
    REQUIRE(count(world.east, "submitted") == 1);

    fill(disk);
    const Outcome full =
        world.east.say({"capture", "--code", world.code(people[1]).string(), "--photo", good_photo(1).string(), "--submit"});
    INFO(full.out << full.err);
    REQUIRE(full.exit == 10);
    REQUIRE(full.err.find("E-DISK-FULL") != std::string::npos);

    fs::remove(disk / "filler");
    REQUIRE(count(world.east, "submitted") == 1);
    world.submit(world.east, people[1], 1);
    REQUIRE(world.east.ask({"log", "verify"}).at("faults").as_array().empty());
    world.deliver_by_stick(world.east, world.hub);
    REQUIRE(count(world.hub, "submitted") == 2);
  }
  umount2(disk.c_str(), MNT_DETACH);
}

TEST_CASE("a full stick, a full export folder and a full folder of codes are refused as full") {
  const Scratch scratch;
  const fs::path disk = scratch / "disk";
  if (!mount_small_disk(disk, 1)) return;
  {
    World world(scratch, {.students = 4, .with_relay = false});
    world.deliver_by_stick(world.hub, world.east);
    world.submit(world.east, world.people_of(world.east).front(), 0);
    world.deliver_by_stick(world.east, world.hub);
    const json::object review = world.hub.ask({"review", "list"});
    world.hub.ask({"review", "approve", text_at(review.at("waiting").as_array().at(0).as_object(), "student")});

    fill(disk);
    const std::string name = disk.string();
    world.east.refuses({"stick", "write", name}, 10, "E-DISK-FULL");
    world.hub.refuses({"export", "--out", name + "/export"}, 10, "E-DISK-FULL");
    world.hub.refuses({"code", "issue", "--out", name + "/codes"}, 10, "E-DISK-FULL");

    fs::remove(disk / "filler");
    world.east.ask({"stick", "write", name});
    world.hub.ask({"export", "--out", name + "/export"});
  }
  umount2(disk.c_str(), MNT_DETACH);
}

TEST_CASE("a hub whose disk is full while a site syncs acknowledges nothing that it has not stored") {
  const Scratch scratch;
  const fs::path disk = scratch / "w" / "hub";
  if (!mount_small_disk(disk, 64)) return;
  {
    World world(scratch, {.students = 6, .with_relay = false});
    world.deliver_by_stick(world.hub, world.east);
    const auto people = world.people_of(world.east);
    for (const Person& person : people) world.submit(world.east, person, 0);
    fill(disk);
    {
      Process node = world.hub.start({"run", "--listen", "127.0.0.1:0"});
      if (node.wait_for_line(kCommandTime)) {
        const json::value ready = parse_json(node.out().substr(0, node.out().find('\n')));
        if (ready.as_object().contains("listen")) {
          const Outcome outcome = world.east.say({"sync", "--peer", text_at(ready.as_object(), "listen"), "--deadline", "10s"});
          INFO(outcome.out << outcome.err);
          REQUIRE(outcome.exit != 0);
        }
      }
      node.send(15);
      node.wait(kCommandTime);
    }
    REQUIRE(count(world.east, "stored_at_hub") == 0);

    fs::remove(disk / "filler");
    RunningNode hub(world.hub);
    world.east.ask({"sync", "--peer", hub.address(), "--until-done", "--deadline", "100s"});
    REQUIRE(count(world.east, "opened_at_hub") == static_cast<std::int64_t>(people.size()));
    hub.stop();
    REQUIRE(world.hub.ask({"log", "verify"}).at("faults").as_array().empty());
  }
  umount2(disk.c_str(), MNT_DETACH);
}
