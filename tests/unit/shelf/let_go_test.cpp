#include <catch2/catch.hpp>

#include "core/record/facts.h"
#include "tests/unit/bundle/village.h"
#include "tests/unit/shelf/stores.h"

using namespace satchel;
using core::BundleId;
using core::Lane;
using core::Seq;
using tests::Node;
using tests::Village;

namespace {

core::BundleMark mark_of(const Node& node, const BundleId& id) { return core::bundle_mark((*node.shelf->header(id))->root); }

/// As the node does when a verdict goes against a picture: the mark becomes durable with the verdict.
void mark(Node& node, core::NodeNumber author, core::BundleMark mark) {
  core::WriteBatch batch;
  node.shelf->let_go(batch, author, mark);
  REQUIRE(node.store.commit(batch, core::Durability::synced));
}

void let_go(Node& node, core::NodeNumber author, core::BundleMark which) {
  mark(node, author, which);
  REQUIRE(node.shelf->settle_let_go());
}

std::uint64_t faults(const Node& node) {
  return node.shelf->verify([](const BundleId&, const core::Error&) {})->faults;
}

/// The first `bytes` of a body, as a line brings them that is cut then.
void hand_part(const Node& from, Node& to, const BundleId& id, std::size_t bytes) {
  REQUIRE(to.shelf->begin((*from.shelf->header(id))->bytes, **from.shelf->previous_root(id))->outcome ==
          protocol::Begin::Outcome::take);
  REQUIRE(to.shelf->append(id, 0, *from.shelf->read(id, 0, bytes)));
  REQUIRE(to.shelf->flush());
}

}  // namespace

TEST_CASE("a body that was let go before it came leaves no hole: its header is kept, and the receipt covers it") {
  Village village;
  Node& east = *village.east;
  Node& hub = *village.hub;
  const BundleId first = village.write(east, Lane::photo, 5'000);
  const BundleId rejected = village.write(east, Lane::photo, 90'000);
  const BundleId last = village.write(east, Lane::photo, 5'000);
  let_go(hub, east.member.number, mark_of(east, rejected));

  CHECK(tests::meet(east, hub) == 2);
  CHECK(hub.shelf->frontier().at(first.log) == Seq{3});
  CHECK_FALSE(hub.shelf->read_body(rejected));
  CHECK(hub.shelf->read_body(first));
  CHECK(hub.shelf->read_body(last));
  CHECK(hub.shelf->inbox()->size() == 2);  // nothing of it is to be opened
  CHECK(faults(hub) == 0);
  REQUIRE(east.shelf->set_receipt(village.issue(1)));
  CHECK(east.shelf->waiting()->at(core::lane_index(Lane::photo)).bundles == 0);
  CHECK(tests::meet(east, hub) == 0);

  REQUIRE(hub.reopen());
  CHECK(hub.shelf->frontier().at(first.log) == Seq{3});
  CHECK(faults(hub) == 0);
  const BundleId next = village.write(east, Lane::photo, 100);
  CHECK(tests::meet(east, hub) == 1);
  CHECK(hub.shelf->frontier().covers(next));
}

TEST_CASE("what has come of a body is freed when it is let go, and its place counts as held") {
  Village village;
  Node& east = *village.east;
  Node& hub = *village.hub;
  const BundleId photo = village.write(east, Lane::photo, 90'000);
  hand_part(east, hub, photo, 40'000);
  REQUIRE(hub.shelf->partials().size() == 1);
  let_go(hub, east.member.number, mark_of(east, photo));
  CHECK(hub.shelf->partials().empty());
  CHECK(tests::count(hub.store, core::keys::kChunk) == 0);
  CHECK(hub.shelf->frontier().covers(photo));
  CHECK(faults(hub) == 0);
  // A peer that goes on sending is told that it is here.
  CHECK(hub.shelf->append(photo, 40'000, *east.shelf->read(photo, 40'000, 1'000))->whole);
  CHECK(hub.shelf->begin((*east.shelf->header(photo))->bytes, std::nullopt)->outcome == protocol::Begin::Outcome::have);
}

TEST_CASE("a kill between the verdict and the freeing loses neither") {
  Village village;
  Node& east = *village.east;
  Node& hub = *village.hub;
  const BundleId photo = village.write(east, Lane::photo, 90'000);
  const BundleId other = village.write(east, Lane::photo, 1'000);
  hand_part(east, hub, photo, 40'000);
  mark(hub, east.member.number, mark_of(east, photo));
  REQUIRE(hub.reopen());
  REQUIRE(hub.shelf->flush());
  CHECK(hub.shelf->partials().empty());
  CHECK(tests::count(hub.store, core::keys::kChunk) == 0);
  CHECK(tests::meet(east, hub) == 1);
  CHECK(hub.shelf->frontier().covers(other));
  CHECK(faults(hub) == 0);
}

TEST_CASE("what is complete stays, and nobody lets go of what another one wrote") {
  Village village;
  Node& east = *village.east;
  Node& hub = *village.hub;
  const BundleId here = village.write(east, Lane::photo, 5'000);
  REQUIRE(tests::meet(east, hub) == 1);
  let_go(hub, east.member.number, mark_of(east, here));
  CHECK(hub.shelf->read_body(here));
  const BundleId coming = village.write(east, Lane::photo, 5'000);
  let_go(hub, village.west->member.number, mark_of(east, coming));
  CHECK(tests::meet(east, hub) == 1);
  CHECK(hub.shelf->read_body(coming));
}

TEST_CASE("a clone's bundle under the number of one that was let go is still an equivocation") {
  Village village;
  Node& east = *village.east;
  Node& hub = *village.hub;
  const BundleId photo = village.write(east, Lane::photo, 5'000);
  let_go(hub, east.member.number, mark_of(east, photo));
  REQUIRE(tests::meet(east, hub) == 0);
  const auto twin = village.seal_at(east, photo, {}, 700);
  const auto begin = hub.shelf->begin(twin.header.bytes, core::Hash{});
  REQUIRE(begin);
  CHECK(begin->refusal->code == core::Code::kEquivocation);
  CHECK(hub.shelf->equivocations()->size() == 1);
}
