#include "core/record/high_water.h"

#include <catch2/catch.hpp>

#include "tests/support/memory_disk.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

namespace satchel::core {
namespace {

const std::string kPath = "high-water";

struct Home {
  tests::MemoryDisk disk;
  tests::SeededRng rng{13};
  HighWater open() {
    auto out = HighWater::open(disk, kPath, rng);
    REQUIRE(out);
    return *std::move(out);
  }
};

LogId log(Incarnation incarnation, Lane lane = Lane::record) { return {{NodeNumber{4}, incarnation}, kToHub, lane}; }

TEST_CASE("a new file begins with a fresh incarnation, and keeps it") {
  Home home;
  const Incarnation first = home.open().incarnation();
  CHECK(first != Incarnation{0});
  const HighWater again = home.open();
  CHECK(again.incarnation() == first);
  CHECK(again.epoch() == 1);
  Home other;
  other.rng = tests::SeededRng{14};
  CHECK(other.open().incarnation() != first);
}

TEST_CASE("each life counts its words above all that a former one can have used") {
  Home home;
  HighWater water = home.open();
  CHECK(water.number(1) == 1);
  CHECK(water.number(7) == 7);
  REQUIRE(water.reincarnate(home.rng));
  const std::uint64_t second = water.number(8);
  CHECK(second > 1'000'000);
  CHECK(water.number(second + 1) == second + 1);
  REQUIRE(water.reincarnate(home.rng, 9));
  CHECK(water.number(second + 1'000'000) > second + 1'000'000);
}

TEST_CASE("what was raised is there after a power cut") {
  Home home;
  HighWater water = home.open();
  const LogId records = log(water.incarnation());
  REQUIRE(water.raise({{records, Seq{7}}}));
  REQUIRE(water.raise({{records, Seq{3}}, {log(water.incarnation(), Lane::photo), Seq{2}}}));
  home.disk.crash();
  const HighWater again = home.open();
  CHECK(again.at(records) == Seq{7});
  CHECK(again.at(log(water.incarnation(), Lane::photo)) == Seq{2});
  CHECK(again.at(log(water.incarnation(), Lane::original)) == Seq{0});
}

TEST_CASE("nothing is written when nothing rises") {
  Home home;
  HighWater water = home.open();
  const LogId records = log(water.incarnation());
  REQUIRE(water.raise({{records, Seq{7}}}));
  const std::size_t writes = home.disk.writes();
  CHECK(water.raise({{records, Seq{7}}}));
  CHECK(water.raise({{records, Seq{6}}}));
  CHECK(water.raise({}));
  CHECK(home.disk.writes() == writes);
}

TEST_CASE("what did not reach the disk has not been raised") {
  Home home;
  HighWater water = home.open();
  const LogId records = log(water.incarnation());
  REQUIRE(water.raise({{records, Seq{7}}}));
  home.disk.fail_from_write(1);
  const auto failed = water.raise({{records, Seq{8}}});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == Code::kDiskFull);
  CHECK(water.at(records) == Seq{7});
  home.disk.fail_from_write(0);
  CHECK(home.open().at(records) == Seq{7});
  CHECK(water.raise({{records, Seq{8}}}));
  CHECK(home.open().at(records) == Seq{8});
}

TEST_CASE("a database that knows less than what has left this machine does not match") {
  Home home;
  HighWater water = home.open();
  const LogId records = log(water.incarnation());
  const LogId photos = log(water.incarnation(), Lane::photo);
  CHECK(water.matches({}));
  REQUIRE(water.raise({{records, Seq{7}}, {photos, Seq{2}}}));
  CHECK(water.matches({{records, Seq{7}}, {photos, Seq{2}}}));
  CHECK(water.matches({{records, Seq{9}}, {photos, Seq{2}}}));
  CHECK_FALSE(water.matches({{records, Seq{6}}, {photos, Seq{2}}}));
  CHECK_FALSE(water.matches({{records, Seq{7}}}));
  CHECK_FALSE(water.matches({}));
}

TEST_CASE("after a restore the numbers are not used again: a new incarnation begins, durably") {
  Home home;
  HighWater water = home.open();
  const Incarnation before = water.incarnation();
  REQUIRE(water.raise({{log(before), Seq{7}}}));
  REQUIRE_FALSE(water.matches({{log(before), Seq{5}}}));
  REQUIRE(water.reincarnate(home.rng));
  CHECK(water.incarnation() != before);
  CHECK(water.epoch() == 2);
  CHECK(water.at(log(before)) == Seq{0});
  CHECK(water.matches({{log(before), Seq{5}}}));
  home.disk.crash();
  const HighWater again = home.open();
  CHECK(again.incarnation() == water.incarnation());
  CHECK(again.epoch() == 2);
}

TEST_CASE("a new incarnation that cannot be written down does not begin") {
  Home home;
  HighWater water = home.open();
  const Incarnation before = water.incarnation();
  REQUIRE(water.raise({{log(before), Seq{7}}}));
  home.disk.fail_from_write(1);
  CHECK_FALSE(water.reincarnate(home.rng));
  CHECK(water.incarnation() == before);
  CHECK(water.epoch() == 1);
  CHECK(water.at(log(before)) == Seq{7});
}

TEST_CASE("a torn, changed or extended file is refused, and never taken for a new one") {
  Home home;
  HighWater water = home.open();
  REQUIRE(water.raise({{log(water.incarnation()), Seq{300}}}));
  const Bytes sound = home.disk.raw(kPath);
  const auto refused = [&](const Bytes& file) {
    home.disk.raw(kPath) = file;
    const auto opened = HighWater::open(home.disk, kPath, home.rng);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Code::kMalformed);
    CHECK(home.disk.raw(kPath) == file);
  };
  for (std::size_t n = 0; n < sound.size(); ++n) {
    INFO("byte " << n);
    refused({sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(n)});
    Bytes flipped = sound;
    flipped[n] ^= 0x04;
    refused(flipped);
  }
  Bytes longer = sound;
  longer.push_back(0);
  refused(longer);
}

TEST_CASE("a folder in the place of the file is an error, not a new beginning") {
  Home home;
  REQUIRE(home.disk.make_folder(kPath));
  const auto opened = HighWater::open(home.disk, kPath, home.rng);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Code::kFileIsFolder);
}

}  // namespace
}  // namespace satchel::core
