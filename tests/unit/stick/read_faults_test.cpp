#include <catch2/catch.hpp>

#include "tests/unit/stick/sticks.h"

/// Reading a stick: the n-th write fails, of the reader's own store or of the stick.
namespace satchel::protocol {
namespace {

using core::Lane;
using tests::Node;
using tests::Stick;
using tests::Village;

void fill(Village& village, Stick& stick) {
  Node& east = *village.east;
  village.write(east, Lane::record, 100);
  village.write(east, Lane::photo, 40'000, core::kToHub, ChunkSize::k16);
  village.write(east, Lane::record, 4'000);
  REQUIRE(stick.write(east));
}

TEST_CASE("whichever write of reading a stick fails in the reader's store, the next reading finishes the job") {
  for (const bool power : {false, true}) {
    std::size_t failures = 0;
    for (std::size_t n = 1;; ++n) {
      INFO("write " << n << (power ? ", then a power cut" : ""));
      Village village;
      Stick stick;
      fill(village, stick);
      Node& hub = *village.hub;
      hub.store.fail_from_commit(n);
      const auto read = stick.read(hub);
      hub.store.fail_from_commit(0);
      if (power) {
        hub.shelf.reset();
        hub.store.crash();
      }
      if (power || n % 2 == 0) REQUIRE(hub.reopen());
      CHECK(tests::faults(hub) == 0);
      if (read) {
        CHECK(hub.shelf->frontier() == village.east->shelf->frontier());
        break;
      }
      ++failures;
      CHECK(read.error().code == core::Code::kDiskFull);
      REQUIRE(stick.read(hub));
      CHECK(hub.shelf->frontier() == village.east->shelf->frontier());
      CHECK(hub.shelf->inbox()->size() == 3);
      CHECK(tests::faults(hub) == 0);
    }
    CHECK(failures > 3);
  }
}

TEST_CASE("whichever write of the reader's note fails on the stick, all has been read, and the writer writes on") {
  std::size_t failures = 0;
  for (std::size_t n = 1; failures == n - 1; ++n) {
    INFO("write " << n);
    Village village;
    Stick stick;
    fill(village, stick);
    Node& hub = *village.hub;
    const std::size_t before = stick.disk.writes();
    stick.disk.fail_from_write(n);
    REQUIRE(stick.read(hub));
    stick.disk.fail_from_write(0);
    if (stick.disk.writes() - before >= n) ++failures;
    CHECK(hub.shelf->frontier() == village.east->shelf->frontier());
    village.write(*village.east, Lane::record, 100);
    REQUIRE(stick.write(*village.east));
    REQUIRE(stick.read(hub));
    CHECK(hub.shelf->frontier() == village.east->shelf->frontier());
  }
  CHECK(failures >= 1);
}

TEST_CASE("between the bundles of a long stick what has come can be opened, and an error there ends the reading") {
  Village village;
  Stick stick;
  Node& east = *village.east;
  for (int i = 0; i < 3; ++i) village.write(east, Lane::original, 3'000'000);
  REQUIRE(stick.write(east));
  Node& hub = *village.hub;
  std::size_t calls = 0;
  const StickWriter reader{hub.member, hub.identity.sign};
  const auto full = [&]() -> core::Result<void> {
    ++calls;
    return core::Code::kDiskFull;
  };
  const auto read = read_stick(stick.disk, tests::kStickPath, *hub.shelf, hub.membership, reader, full);
  CHECK((!read && read.error().code == core::Code::kDiskFull));
  CHECK(calls == 1);
  CHECK(hub.shelf->inbox()->size() == 2);
  REQUIRE(read_stick(stick.disk, tests::kStickPath, *hub.shelf, hub.membership, reader, [&]() -> core::Result<void> {
    ++calls;
    return {};
  }));
  CHECK(hub.shelf->inbox()->size() == 3);
}

}  // namespace
}  // namespace satchel::protocol
