#include <catch2/catch.hpp>

#include "tests/unit/bundle/village.h"
#include "tests/unit/shelf/stores.h"

/// The n-th write fails, or is the last before a power cut, for every n of a small exchange.
namespace satchel::protocol {
namespace {

using core::Lane;
using core::Result;
using core::Seq;
using tests::Node;
using tests::Village;

/// One meeting that ends at the first fault of the receiver's store.
Result<void> try_to_meet(const Node& from, Node& to) {
  SATCHEL_TRY_ASSIGN(const auto offers, from.shelf->offers_for(to.peer(), to.shelf->frontier(), to.shelf->partials()));
  for (const core::BundleId& id : offers) SATCHEL_TRY(tests::hand_over(*from.shelf, *to.shelf, id, 5000));
  return to.shelf->flush();
}

void write_some(Village& village) {
  village.write(*village.east, Lane::record, 100);
  village.write(*village.east, Lane::photo, 40'000, core::kToHub, ChunkSize::k16);
  village.write(*village.east, Lane::record, 100);
}

void check_sound(const Node& node) {
  CHECK(node.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0);
}

TEST_CASE("whichever write of an exchange fails, the next exchange finishes the job") {
  Village village;
  write_some(village);
  std::size_t failures = 0;
  for (std::size_t n = 1;; ++n) {
    INFO("write " << n);
    Node& hub = *village.hub;
    hub.store = core::MemoryStore{};
    REQUIRE(hub.reopen());
    hub.store.fail_from_commit(n);
    const auto met = try_to_meet(*village.east, hub);
    hub.store.fail_from_commit(0);
    if (met) break;
    ++failures;
    CHECK(met.error().code == core::Code::kDiskFull);
    check_sound(hub);
    // With and without a restart in between.
    if (n % 2 == 0) REQUIRE(hub.reopen());
    REQUIRE(try_to_meet(*village.east, hub));
    CHECK(hub.shelf->frontier() == village.east->shelf->frontier());
    CHECK(hub.shelf->inbox()->size() == 3);
    check_sound(hub);
  }
  CHECK(failures > 10);
}

TEST_CASE("at whichever write the power goes, the next exchange finishes the job") {
  Village village;
  write_some(village);
  for (std::size_t n = 1;; ++n) {
    INFO("write " << n);
    Node& hub = *village.hub;
    hub.store = core::MemoryStore{};
    REQUIRE(hub.reopen());
    hub.store.fail_from_commit(n);
    const auto met = try_to_meet(*village.east, hub);
    hub.store.fail_from_commit(0);
    hub.store.crash();
    REQUIRE(hub.reopen());
    check_sound(hub);
    if (met) {
      CHECK(hub.shelf->frontier() == village.east->shelf->frontier());
      break;
    }
    REQUIRE(try_to_meet(*village.east, hub));
    CHECK(hub.shelf->frontier() == village.east->shelf->frontier());
    check_sound(hub);
  }
}

TEST_CASE("whichever write of a receipt's taking in fails, what it frees is gone at the next flush, without another receipt") {
  Village village;
  write_some(village);
  REQUIRE(try_to_meet(*village.east, *village.hub));
  std::size_t freed_late = 0;
  for (std::size_t n = 1;; ++n) {
    INFO("write " << n);
    Node& relay = *village.relay;
    relay.store = core::MemoryStore{};
    REQUIRE(relay.reopen());
    REQUIRE(try_to_meet(*village.east, relay));
    relay.store.fail_from_commit(n);
    const auto taken = relay.shelf->set_receipt(village.issue(1));
    const bool failed = relay.store.refused() > 0;
    if (taken) static_cast<void>(relay.shelf->flush().has_value());  // the disk is still full
    relay.store.fail_from_commit(0);
    check_sound(relay);
    if (!taken) {
      CHECK(taken.error().code == core::Code::kDiskFull);
      if (n % 2 == 0) REQUIRE(relay.reopen());
      check_sound(relay);
      REQUIRE(*relay.shelf->set_receipt(village.issue(2)));
    } else if (failed) {
      ++freed_late;
    }
    REQUIRE(relay.shelf->flush());
    CHECK(relay.shelf->frontier() == village.east->shelf->frontier());
    CHECK(tests::count(relay.store, core::keys::kHeader) == 0);
    CHECK(tests::count(relay.store, core::keys::kChunk) == 0);
    check_sound(relay);
    if (!failed) break;
  }
  CHECK(freed_late >= 1);
}

}  // namespace
}  // namespace satchel::protocol
