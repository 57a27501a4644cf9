#include <catch2/catch.hpp>

#include "tests/support/disk_layer.h"
#include "tests/unit/stick/sticks.h"

/// Sticks that are full, fail, or lose power at any write.
namespace satchel::protocol {
namespace {

using core::Code;
using core::Lane;
using tests::bundles;
using tests::Node;
using tests::Stick;
using tests::Village;

constexpr std::uint64_t kReserved = 256 * 1024;  // what a write leaves free

TEST_CASE("what has no room is left out and counted, the urgent lanes first") {
  Village village;
  village.write(*village.east, Lane::original, 40'000);
  village.write(*village.east, Lane::record, 100);
  Stick stick;
  stick.disk.set_capacity(kReserved + 20'000);
  const auto written = stick.write(*village.east);
  REQUIRE(written);
  CHECK(bundles(*written) == 1);
  CHECK(written->left_out == 1);
  CHECK(bundles(*stick.read(*village.hub)) == 1);
  stick.disk.set_capacity(kReserved + 200'000);
  CHECK(bundles(*stick.write(*village.east)) == 1);
  CHECK(bundles(*stick.read(*village.hub)) == 1);
}

TEST_CASE("a stick with no room at all says so, and no empty segment is left on it however often one tries") {
  Village village;
  village.write(*village.east, Lane::original, 40'000);
  Stick stick;
  stick.disk.set_capacity(kReserved + 5000);
  for (int i = 0; i < 3; ++i) {
    const auto written = stick.write(*village.east);
    REQUIRE_FALSE(written);
    CHECK(written.error().code == Code::kDiskFull);
    CHECK(stick.files('s').empty());
  }
}

TEST_CASE("a stick full of what has arrived takes the next load in one go") {
  Village village;
  village.write(*village.east, Lane::photo, 40'000);
  Stick stick;
  stick.disk.set_capacity(kReserved + 60'000);
  REQUIRE(stick.write(*village.east));
  REQUIRE(stick.read(*village.hub));
  REQUIRE(*village.east->shelf->set_receipt(village.issue(1)));
  village.write(*village.east, Lane::photo, 40'000);
  const auto written = stick.write(*village.east);
  REQUIRE(written);
  CHECK(bundles(*written) == 1);
  CHECK(written->left_out == 0);
}

TEST_CASE("what reads back otherwise than it was written is reported, and no manifest names it") {
  /// Changes a byte of every file that is appended to.
  class BadDisk final : public tests::DiskLayer {
   public:
    using DiskLayer::DiskLayer;
    core::Result<core::Bytes> read_at(const std::string& path, std::uint64_t offset, std::size_t n) const override {
      auto out = under_.read_at(path, offset, n);
      if (out && !out->empty()) out->back() ^= 1;
      return out;
    }
  };
  Village village;
  village.write(*village.east, Lane::record, 100);
  Stick stick;
  BadDisk bad{stick.disk};
  const auto written =
      write_stick(bad, tests::kStickPath, *village.east->shelf, {village.east->member, village.east->identity.sign});
  REQUIRE_FALSE(written);
  CHECK(written.error().code == Code::kStickReadBack);
  CHECK(stick.files('m').empty());
  CHECK(stick.files('s').empty());
}

/// A first load on the stick, a second in the shelf.
void prepare(Village& village, Stick& stick) {
  Node& east = *village.east;
  village.write(east, Lane::record, 100);
  REQUIRE(stick.write(east));
  village.write(east, Lane::photo, 20'000, core::kToHub, ChunkSize::k16);
  village.write(east, Lane::record, 100);
}

TEST_CASE("whichever write to the stick fails, what lay there is still read, and the next write finishes the job") {
  std::size_t failures = 0;
  for (std::size_t n = 1;; ++n) {
    INFO("write " << n);
    Village village;
    Stick stick;
    prepare(village, stick);
    stick.disk.fail_from_write(n);
    const auto written = stick.write(*village.east);
    stick.disk.fail_from_write(0);
    Node& hub = *village.hub;
    REQUIRE(stick.read(hub));
    CHECK(hub.shelf->frontier().at(Village::log(*village.east, Lane::record)).value >= 1);
    const auto again = stick.write(*village.east);
    CHECK((again || again.error().code == Code::kNothingToDo));
    const auto read = stick.read(hub);
    REQUIRE(read);
    CHECK(read->damage_count == 0);
    CHECK(hub.shelf->frontier() == village.east->shelf->frontier());
    if (written) break;
    ++failures;
  }
  CHECK(failures > 8);
}

TEST_CASE("at whichever write the stick is pulled out, what is torn is found, and the next write finishes the job") {
  for (std::size_t n = 1;; ++n) {
    INFO("write " << n);
    Village village;
    Stick stick;
    prepare(village, stick);
    stick.disk.fail_from_write(n);
    const auto written = stick.write(*village.east);
    stick.disk.fail_from_write(0);
    tests::SeededRng tear{n};
    stick.disk.crash(&tear);
    Node& hub = *village.hub;
    REQUIRE(stick.read(hub));
    CHECK(hub.shelf->frontier().at(Village::log(*village.east, Lane::record)).value >= 1);
    CHECK(tests::faults(hub) == 0);
    const auto again = stick.write(*village.east);
    CHECK((again || again.error().code == Code::kNothingToDo));
    REQUIRE(stick.read(hub));
    CHECK(hub.shelf->frontier() == village.east->shelf->frontier());
    CHECK(tests::faults(hub) == 0);
    if (written) break;
  }
}

}  // namespace
}  // namespace satchel::protocol
