#include <catch2/catch.hpp>

#include "protocol/limits.h"
#include "tests/unit/bundle/village.h"

namespace satchel::protocol {
namespace {

using core::BundleId;
using core::Lane;
using core::Seq;
using tests::Node;
using tests::Village;

std::vector<BundleId> offers(const Node& from, const Node& to, std::vector<Partial> partials = {}) {
  const auto out = from.shelf->offers_for(to.peer(), to.shelf->frontier(), partials);
  REQUIRE(out);
  return *out;
}

TEST_CASE("the urgent lanes come first, and own before foreign within a lane") {
  Village village;
  Node& east = *village.east;
  const BundleId foreign = village.write(*village.west, Lane::record, 40);
  REQUIRE(tests::meet(*village.west, east) == 1);
  const BundleId original = village.write(east, Lane::original, 40);
  const BundleId photo = village.write(east, Lane::photo, 40);
  const BundleId first = village.write(east, Lane::record, 40);
  const BundleId second = village.write(east, Lane::record, 40);
  const BundleId control = village.write(east, Lane::control, 40);
  CHECK(offers(east, *village.hub) == std::vector{control, first, second, foreign, photo, original});
}

TEST_CASE("what the peer holds a part of comes before the rest of its lane") {
  Village village;
  Node& east = *village.east;
  const BundleId record = village.write(east, Lane::record, 40);
  const BundleId first = village.write(east, Lane::photo, 40);
  const BundleId second = village.write(east, Lane::photo, 40);
  CHECK(offers(east, *village.hub, {{second, 7}}) == std::vector{record, second, first});
  const BundleId never{record.log, Seq{99}};
  CHECK(offers(east, *village.hub, {{never, 7}}) == std::vector{record, first, second});
}

TEST_CASE("only what the peer lacks is offered") {
  Village village;
  Node& east = *village.east;
  for (int i = 0; i < 5; ++i) village.write(east, Lane::record, 40);
  core::Frontier frontier;
  frontier.raise(Village::log(east, Lane::record), Seq{3});
  const auto out = east.shelf->offers_for(village.hub->peer(), frontier, {});
  CHECK(*out == std::vector<BundleId>{{Village::log(east, Lane::record), Seq{4}}, {Village::log(east, Lane::record), Seq{5}}});
}

TEST_CASE("news for one node goes to it and to relays, news for everyone to all, nothing back to its author") {
  Village village;
  Node& hub = *village.hub;
  const BundleId for_east = village.write(hub, Lane::record, 40, core::Audience{1});
  const BundleId for_all = village.write(hub, Lane::control, 40, core::kEveryone);
  CHECK(offers(hub, *village.east) == std::vector{for_all, for_east});
  CHECK(offers(hub, *village.west) == std::vector{for_all});
  CHECK(offers(hub, *village.relay) == std::vector{for_all, for_east});
  tests::meet(hub, *village.relay);
  CHECK(offers(*village.relay, hub).empty());
  CHECK(offers(*village.relay, *village.west) == std::vector{for_all});
  CHECK(offers(*village.relay, *village.east) == std::vector{for_all, for_east});
  tests::meet(*village.relay, *village.east);
  CHECK(offers(*village.east, *village.relay).empty());
}

TEST_CASE("a node that does not carry is given only what is for it") {
  Village village;
  village.write(*village.east, Lane::record, 40);
  Peer shy = village.relay->peer();
  shy.carries = false;
  CHECK(village.east->shelf->offers_for(shy, {}, {})->empty());
  CHECK(offers(*village.east, *village.relay).size() == 1);
}

TEST_CASE("what the hub has is offered to nobody else, and again to a hub that says it lacks it") {
  Village village;
  Node& east = *village.east;
  const BundleId id = village.write(east, Lane::record, 40);
  tests::meet(east, *village.hub);
  REQUIRE(*east.shelf->set_receipt(village.issue(1)));
  CHECK(offers(east, *village.relay).empty());
  CHECK(*east.shelf->offers_for(village.hub->peer(), {}, {}) == std::vector{id});
}

TEST_CASE("a long list comes in pages, and the pages together hold each bundle once") {
  Village village;
  Node& east = *village.east;
  // Small bundles by the hundred are dear to seal; every page boundary is met with a few by asking from each position.
  for (int i = 0; i < 6; ++i) village.write(east, i % 2 == 0 ? Lane::record : Lane::photo, 10);
  const auto all = *east.shelf->all_offers_for(village.hub->peer());
  CHECK(all.size() == 6);
  CHECK(std::set<BundleId>(all.begin(), all.end()).size() == 6);
  CHECK(std::ranges::is_sorted(all, {}, [](const BundleId& id) { return id.log.lane; }));
}

}  // namespace
}  // namespace satchel::protocol
