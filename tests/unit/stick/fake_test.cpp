#include <catch2/catch.hpp>

#include "tests/unit/stick/sticks.h"

/// Sticks that do not hold what they took, and what is saved of those that were damaged.
namespace satchel::protocol {
namespace {

using core::Code;
using core::Lane;
using tests::bundles;
using tests::MemoryDisk;
using tests::Node;
using tests::Stick;
using tests::Village;

constexpr std::size_t kReal = 300'000;

/// Writes photos of 50 KB one by one until the stick is found out; how many went on it before.
int write_until_found_out(Village& village, Stick& stick, Code& found) {
  for (int written = 0; written < 40; ++written) {
    village.write(*village.east, Lane::photo, 50'000);
    const auto report = stick.write(*village.east);
    if (!report) {
      found = report.error().code;
      return written;
    }
  }
  return 40;
}

TEST_CASE("a stick that drops what it has no room for is found out at once, and no manifest names what is not there") {
  Village village;
  Stick stick;
  stick.disk.make_fake(kReal, MemoryDisk::Fake::drops);
  Code found{};
  const int written = write_until_found_out(village, stick, found);
  CHECK(found == Code::kStickReadBack);
  CHECK(written == 5);  // 5 × 50 KB and their manifests; the sixth does not fit
  stick.disk.plug_in_elsewhere();
  const auto read = stick.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 5);
  CHECK(tests::faults(*village.hub) == 0);
}

TEST_CASE("a stick that writes over its beginning is found out at once, though what was written last reads back") {
  Village village;
  Stick stick;
  stick.disk.make_fake(kReal, MemoryDisk::Fake::wraps);
  Code found{};
  const int written = write_until_found_out(village, stick, found);
  CHECK(found == Code::kStickFake);
  CHECK(written == 5);
}

TEST_CASE("one write that is longer than a false stick is found out as well") {
  for (const auto how : {MemoryDisk::Fake::drops, MemoryDisk::Fake::wraps}) {
    Village village;
    for (int i = 0; i < 12; ++i) village.write(*village.east, Lane::photo, 50'000);
    Stick stick;
    stick.disk.make_fake(kReal, how);
    const auto report = stick.write(*village.east);
    REQUIRE_FALSE(report);
    CHECK(report.error().code == Code::kStickReadBack);
  }
}

TEST_CASE("what a false stick destroyed of another writer's is told too") {
  Village village;
  Stick stick;
  stick.disk.make_fake(kReal, MemoryDisk::Fake::wraps);
  village.write(*village.west, Lane::photo, 50'000);
  REQUIRE(stick.write(*village.west));
  Code found{};
  const int written = write_until_found_out(village, stick, found);
  CHECK(found == Code::kStickFake);
  CHECK(written == 4);
}

TEST_CASE("nothing is lost by a false stick: what is whole on it is taken, and a good one brings the rest") {
  for (const auto how : {MemoryDisk::Fake::drops, MemoryDisk::Fake::wraps}) {
    Village village;
    Stick bad;
    bad.disk.make_fake(kReal, how);
    Code found{};
    write_until_found_out(village, bad, found);
    bad.disk.plug_in_elsewhere();
    Node& hub = *village.hub;
    const auto read = bad.read(hub);
    CHECK((read || read.error().code == Code::kOtherCampaign));
    CHECK(tests::faults(hub) == 0);
    Stick good;
    REQUIRE(good.write(*village.east));
    REQUIRE(good.read(hub));
    CHECK(hub.shelf->frontier() == village.east->shelf->frontier());
    CHECK(tests::faults(hub) == 0);
  }
}

TEST_CASE("a stick that is as large as it says is never accused, however often it is filled and emptied") {
  Village village;
  Stick stick;
  stick.disk.make_fake(100'000'000, MemoryDisk::Fake::wraps);
  for (std::uint64_t round = 1; round <= 12; ++round) {
    village.write(*village.east, Lane::photo, 30'000);
    village.write(*village.west, Lane::record, 300);
    CHECK(stick.write(*village.east));
    CHECK(stick.write(*village.west));
    stick.disk.plug_in_elsewhere();
    const auto read = stick.read(*village.hub);
    REQUIRE(read);
    CHECK(read->damage_count == 0);
    if (round % 3 == 0) REQUIRE(*village.east->shelf->set_receipt(village.issue(round)));
  }
  CHECK(village.hub->shelf->frontier().at(Village::log(*village.east, Lane::photo)).value == 12);
}

TEST_CASE("what has gone from an older file of the stick is written anew with the next load, before a reader misses it") {
  Village village;
  Node& east = *village.east;
  village.write(east, Lane::photo, 30'000);
  village.write(east, Lane::photo, 30'000);
  Stick stick;
  REQUIRE(stick.write(east));
  const std::string old = stick.files('s')[0];
  core::Bytes& bytes = stick.raw(old);
  std::fill(bytes.begin() + 20'000, bytes.begin() + 50'000, std::uint8_t{0xFF});  // a bad block of the flash
  village.write(east, Lane::photo, 30'000);
  const auto written = stick.write(east);
  REQUIRE(written);
  CHECK(bundles(*written) == 3);
  CHECK(written->damage_count == 1);
  CHECK(stick.files('s') != std::vector{old});
  const auto read = stick.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 3);
  CHECK(read->damage_count == 0);
}

TEST_CASE("a stick that lost its manifests still gives everything, and its writer puts them right") {
  Village village;
  Node& east = *village.east;
  for (int i = 0; i < 3; ++i) village.write(east, Lane::record, 200);
  Stick stick;
  REQUIRE(stick.write(east));
  for (const std::string& name : stick.files('m')) REQUIRE(stick.disk.remove(tests::kFilesPath + "/" + name));
  Stick handed_over = stick;
  CHECK(bundles(*handed_over.read(*village.hub)) == 3);
  tests::forget(*village.hub);
  REQUIRE(stick.write(east));
  const auto read = stick.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 3);
  CHECK(read->damage_count == 0);
}

TEST_CASE("rubbish anywhere in a file costs what it covers and nothing else") {
  Village village;
  Node& east = *village.east;
  for (int i = 0; i < 8; ++i) village.write(east, Lane::record, 500);
  Stick sound;
  REQUIRE(sound.write(east));
  const std::string segment = sound.files('s')[0];
  tests::SeededRng rng{5};
  for (int round = 0; round < 60; ++round) {
    Stick stick = sound;
    core::Bytes& bytes = stick.raw(segment);
    const std::size_t at = rng.below(bytes.size());
    core::Bytes rubbish(rng.below(1'500));
    rng.fill(rubbish);
    const bool inserted = round % 2 == 0;
    if (!inserted)
      bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                  bytes.begin() + static_cast<std::ptrdiff_t>(std::min(bytes.size(), at + rubbish.size())));
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), rubbish.begin(), rubbish.end());
    INFO("round " << round << ", " << rubbish.size() << " bytes at " << at);
    tests::forget(*village.hub);
    const auto read = stick.read(*village.hub);
    REQUIRE(read);
    CHECK(bundles(*read) + (inserted ? 1 : 4) >= 8);
    CHECK(tests::faults(*village.hub) == 0);
    // The reader's note makes the writer put it right.
    const auto again = stick.write(east);
    CHECK((again || again.error().code == Code::kNothingToDo));
    REQUIRE(stick.read(*village.hub));
    CHECK(village.hub->shelf->frontier() == east.shelf->frontier());
  }
}

TEST_CASE("several writers share a stick, each pulled out at any write, and nothing of the others is touched") {
  for (std::size_t n = 1;; ++n) {
    INFO("write " << n);
    Village village;
    Stick stick;
    village.write(*village.west, Lane::record, 300);
    REQUIRE(stick.write(*village.west));
    village.write(*village.hub, Lane::record, 300, core::Audience{1});
    REQUIRE(stick.write(*village.hub));
    village.write(*village.east, Lane::photo, 20'000);
    stick.disk.fail_from_write(n, Code::kDiskWrite);
    const auto written = stick.write(*village.east);
    stick.disk.fail_from_write(0);
    tests::SeededRng tear{n};
    stick.disk.crash(&tear);
    REQUIRE(stick.read(*village.hub));
    CHECK(village.hub->shelf->frontier().at(Village::log(*village.west, Lane::record)).value == 1);
    REQUIRE(stick.read(*village.east));
    CHECK(village.east->shelf->frontier().at(Village::log(*village.hub, Lane::record, core::Audience{1})).value == 1);
    if (written) break;
  }
}

}  // namespace
}  // namespace satchel::protocol
