#include <catch2/catch.hpp>

#include "protocol/limits.h"
#include "tests/unit/bundle/village.h"
#include "tests/unit/shelf/stores.h"

namespace satchel::protocol {
namespace {

using core::BundleId;
using core::Lane;
using core::Seq;
using tests::Node;
using tests::Village;

/// A relay with so much room for others.
void give_room(Node& relay, std::uint64_t bytes) {
  ShelfLimits limits;
  limits.foreign_bytes = bytes;
  REQUIRE(relay.reopen(limits));
}

std::uint64_t faults(const Node& node) {
  return node.shelf->verify([](const BundleId&, const core::Error&) {})->faults;
}

bool holds(const Node& node, const BundleId& id) { return node.shelf->read_body(id).has_value(); }

Begin::Outcome offer(Node& to, const Node& from, const BundleId& id) {
  return tests::hand_over(*from.shelf, *to.shelf, id)->outcome;
}

std::vector<BundleId> offers(const Node& from, const Node& to) {
  Peer peer = to.peer();
  peer.way = to.shelf->way();
  return *from.shelf->offers_for(peer, to.shelf->frontier(), {});
}

TEST_CASE("originals fill a small disk, and records get through all the same") {
  Village village;
  Node& relay = *village.relay;
  give_room(relay, 20'000);
  std::vector<BundleId> originals;
  for (int i = 0; i < 8; ++i) originals.push_back(village.write(*village.east, Lane::original, 4000));
  for (const BundleId& id : originals) offer(relay, *village.east, id);
  REQUIRE(relay.shelf->carried()[core::lane_index(Lane::original)].bundles == 4);
  for (int i = 0; i < 20; ++i) {
    const BundleId record = village.write(*village.west, Lane::record, 500);
    CHECK(offer(relay, *village.west, record) == Begin::Outcome::take);
  }
  CHECK(relay.shelf->carried()[core::lane_index(Lane::record)].bundles == 20);
  CHECK(relay.shelf->carried()[core::lane_index(Lane::original)].bundles < 4);
  CHECK(faults(relay) == 0);
  CHECK(tests::meet(relay, *village.hub) >= 20);
}

TEST_CASE("what was evicted is neither claimed nor asked for while there is no room, and taken again when there is") {
  Village village;
  Node& relay = *village.relay;
  give_room(relay, 9'000);
  const BundleId first = village.write(*village.east, Lane::original, 4000);
  const BundleId second = village.write(*village.east, Lane::original, 4000);
  REQUIRE(offer(relay, *village.east, first) == Begin::Outcome::take);
  REQUIRE(offer(relay, *village.east, second) == Begin::Outcome::take);
  REQUIRE(relay.shelf->frontier().at(first.log) == Seq{2});
  const BundleId record = village.write(*village.west, Lane::record, 2000);
  REQUIRE(offer(relay, *village.west, record) == Begin::Outcome::take);
  // The one that has been here longest went. The other lies beyond a gap now.
  CHECK_FALSE(holds(relay, first));
  CHECK(holds(relay, second));
  CHECK(relay.shelf->frontier().at(first.log) == Seq{0});
  CHECK(faults(relay) == 0);
  // It says that it is full, so nobody offers it; and who does all the same is refused, and drives nothing out.
  CHECK_FALSE(relay.shelf->way().takes(Lane::original));
  CHECK(relay.shelf->way().takes(Lane::photo));
  CHECK(offers(*village.east, relay).empty());
  CHECK(offer(relay, *village.east, first) == Begin::Outcome::refused);
  CHECK(holds(relay, record));
  // A restart forgets how much was lacking, and nothing else.
  REQUIRE(relay.reopen({.foreign_bytes = 9'000}));
  CHECK(relay.shelf->frontier().at(first.log) == Seq{0});
  CHECK(faults(relay) == 0);
  // The record arrives and its receipt makes room.
  tests::meet(relay, *village.hub);
  REQUIRE(*relay.shelf->set_receipt(village.issue(1)));
  CHECK(relay.shelf->way().takes(Lane::original));
  CHECK(offer(relay, *village.east, first) == Begin::Outcome::take);
  CHECK(relay.shelf->frontier().at(first.log) == Seq{2});  // the gap is closed
  CHECK(faults(relay) == 0);
}

TEST_CASE("a lane makes way for a more urgent one, and for no other") {
  const auto [there, comes, taken] = GENERATE(table<Lane, Lane, bool>({{Lane::original, Lane::photo, true},
                                                                       {Lane::photo, Lane::record, true},
                                                                       {Lane::record, Lane::control, true},
                                                                       {Lane::original, Lane::original, false},
                                                                       {Lane::record, Lane::record, false},
                                                                       {Lane::photo, Lane::original, false},
                                                                       {Lane::control, Lane::record, false},
                                                                       {Lane::control, Lane::control, false}}));
  Village village;
  give_room(*village.relay, 6'000);
  const BundleId held = village.write(*village.east, there, 4000);
  REQUIRE(offer(*village.relay, *village.east, held) == Begin::Outcome::take);
  const BundleId next = village.write(*village.west, comes, 4000);
  CHECK((offer(*village.relay, *village.west, next) == Begin::Outcome::take) == taken);
  CHECK(holds(*village.relay, held) == !taken);
}

TEST_CASE("nothing is given up in vain") {
  Village village;
  give_room(*village.relay, 6'000);
  const BundleId held = village.write(*village.east, Lane::original, 4000);
  REQUIRE(offer(*village.relay, *village.east, held) == Begin::Outcome::take);
  const BundleId large = village.write(*village.west, Lane::record, 8000);  // would not fit an empty disk either
  CHECK(offer(*village.relay, *village.west, large) == Begin::Outcome::refused);
  CHECK(holds(*village.relay, held));
}

TEST_CASE("what others are known to hold goes before what lies here alone, and then what has been here longest") {
  Village village;
  Node& relay = *village.relay;
  give_room(relay, 13'500);
  std::vector<BundleId> photos;
  for (Node* author : {village.east.get(), village.west.get()}) photos.push_back(village.write(*author, Lane::photo, 4000));
  photos.push_back(village.write(*village.east, Lane::photo, 4000));
  offer(relay, *village.east, photos[0]);
  offer(relay, *village.west, photos[1]);
  offer(relay, *village.east, photos[2]);
  relay.shelf->note_handed(core::NodeNumber{9}, photos[1]);
  const BundleId record = village.write(*village.east, Lane::record, 3000);
  REQUIRE(offer(relay, *village.east, record) == Begin::Outcome::take);
  CHECK_FALSE(holds(relay, photos[1]));
  CHECK(holds(relay, photos[0]));
  const BundleId another = village.write(*village.east, Lane::record, 3000);
  REQUIRE(offer(relay, *village.east, another) == Begin::Outcome::take);
  CHECK_FALSE(holds(relay, photos[0]));
  CHECK(holds(relay, photos[2]));
}

TEST_CASE("on a disk that runs full everything of others but control goes, and nothing of our own or for us") {
  Village village;
  Node& west = *village.west;
  std::vector<BundleId> own;
  for (const Lane lane : core::kLanes) own.push_back(village.write(west, lane, 2000));
  std::vector<BundleId> foreign;
  for (const Lane lane : core::kLanes) foreign.push_back(village.write(*village.east, lane, 2000));
  const BundleId news = village.write(*village.hub, Lane::record, 2000, core::Audience{2});
  for (const BundleId& id : foreign) REQUIRE(offer(west, *village.east, id) == Begin::Outcome::take);
  REQUIRE(offer(west, *village.hub, news) == Begin::Outcome::take);
  west.shelf->set_free_disk(63ULL << 20);
  CHECK(*west.shelf->relieve() > 6000);
  for (const BundleId& id : own) CHECK(holds(west, id));
  CHECK(holds(west, news));
  CHECK(holds(west, foreign[0]));
  for (std::size_t i = 1; i < foreign.size(); ++i) CHECK_FALSE(holds(west, foreign[i]));
  CHECK(*west.shelf->relieve() == 0);
  CHECK(faults(west) == 0);
  // Nothing of it is lost: its author still has it for the hub.
  CHECK(tests::meet(*village.east, *village.hub) == 4);
}

TEST_CASE("only as much goes as the disk lacks") {
  Village village;
  Node& relay = *village.relay;
  for (int i = 0; i < 5; ++i) offer(relay, *village.east, village.write(*village.east, Lane::original, 4000));
  relay.shelf->set_free_disk((64ULL << 20) - 5000);
  CHECK(*relay.shelf->relieve() < 9000);
  CHECK(relay.shelf->carried()[core::lane_index(Lane::original)].bundles == 3);
  CHECK(*relay.shelf->relieve() == 0);
}

TEST_CASE("news for the node itself drives out what it carries for others") {
  Village village;
  Node& west = *village.west;
  const BundleId foreign = village.write(*village.east, Lane::original, 60'000);
  REQUIRE(offer(west, *village.east, foreign) == Begin::Outcome::take);
  west.shelf->set_free_disk((20ULL << 20) + 1000);
  const BundleId news = village.write(*village.hub, Lane::record, 30'000, core::Audience{2});
  CHECK(offer(west, *village.hub, news) == Begin::Outcome::take);
  CHECK_FALSE(holds(west, foreign));
  CHECK(holds(west, news));
}

TEST_CASE("half an original makes way for a record, too, and can begin anew later") {
  Village village;
  Node& relay = *village.relay;
  give_room(relay, 9'000);
  const BundleId half = village.write(*village.east, Lane::original, 8000);
  REQUIRE(relay.shelf->begin((*village.east->shelf->header(half))->bytes, core::Hash{})->outcome == Begin::Outcome::take);
  REQUIRE(relay.shelf->append(half, 0, *village.east->shelf->read(half, 0, 5000)));
  const BundleId record = village.write(*village.west, Lane::record, 2000);
  CHECK(offer(relay, *village.west, record) == Begin::Outcome::take);
  CHECK(relay.shelf->partials().empty());
  CHECK(tests::count(relay.store, core::keys::kChunk) == 1);
  CHECK(offer(relay, *village.east, half) == Begin::Outcome::refused);
}

TEST_CASE("whichever write of making room fails, what is left is sound and the next try succeeds") {
  for (std::size_t fail = 1;; ++fail) {
    Village village;
    Node& relay = *village.relay;
    give_room(relay, 9'000);
    for (int i = 0; i < 2; ++i) offer(relay, *village.east, village.write(*village.east, Lane::original, 4000));
    const BundleId record = village.write(*village.west, Lane::record, 6000);
    relay.store.fail_from_commit(fail);
    const auto header = **village.west->shelf->header(record);
    const auto begun = relay.shelf->begin(header.bytes, core::Hash{});
    relay.store.fail_from_commit(0);
    CHECK(faults(relay) == 0);
    REQUIRE(relay.reopen({.foreign_bytes = 9'000}));
    CHECK(faults(relay) == 0);
    CHECK(offer(relay, *village.west, record) == Begin::Outcome::take);
    CHECK(holds(relay, record));
    if (begun) {
      CHECK(fail > 2);
      return;
    }
    REQUIRE(fail < 20);
  }
}

}  // namespace
}  // namespace satchel::protocol
