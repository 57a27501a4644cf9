#include <catch2/catch.hpp>

#include "tests/unit/session/liar.h"
#include "tests/unit/session/meeting.h"

using namespace satchel;
using core::BundleId;
using core::Lane;
using core::Role;
using protocol::Session;
using tests::Campaign;
using tests::CampaignNode;
using tests::Liar;
using tests::Meeting;

namespace {

/// Meetings an hour apart.
struct Days {
  void meet(CampaignNode& a, CampaignNode& b) {
    Meeting::Options options;
    options.begin = now;
    Meeting meeting{a, b, options};
    meeting.run();
    REQUIRE(meeting.both_idle());
    now = now + 3'600'000;
  }
  core::MonoMs now{1'000'000};
};

bool at_hub(Campaign& campaign, const std::vector<BundleId>& ids) {
  return std::ranges::all_of(ids, [&](const BundleId& id) { return !campaign.hub().holding(id).empty(); });
}

std::vector<BundleId> write_all(CampaignNode& node) {
  return {node.write(Lane::control, 50), node.write(Lane::record, 200), node.write(Lane::photo, 900),
          node.write(Lane::original, 4000)};
}

}  // namespace

TEST_CASE(
    "a carrier's laptop that meets sites and then the hub takes everything along, and the hub's word back, without a setting") {
  Campaign campaign{90, {{"east", Role::site}, {"west", Role::site}, {"mule", Role::relay}}};
  Days days;
  std::vector<BundleId> written = write_all(campaign["east"]);
  for (const BundleId& id : write_all(campaign["west"])) written.push_back(id);
  days.meet(campaign["mule"], campaign["east"]);
  days.meet(campaign["west"], campaign["mule"]);
  days.meet(campaign["mule"], campaign.hub());
  CHECK(at_hub(campaign, written));
  const BundleId verdict = campaign.hub().write(Lane::record, 100, core::Audience{1});
  days.meet(campaign["mule"], campaign.hub());
  days.meet(campaign["mule"], campaign["east"]);
  CHECK_FALSE(campaign["east"].holding(verdict).empty());
  CHECK(*campaign["east"].shelf->waiting() == protocol::LaneTally{});
  CHECK(campaign["mule"].shelf->carried() == protocol::LaneTally{});
}

TEST_CASE("a neighbour that is no relay carries records and photos to the hub, and what is for their author back") {
  Campaign campaign{91, {{"east", Role::site}, {"west", Role::site}, {"north", Role::site}}};
  Days days;
  CampaignNode& east = campaign["east"];
  CampaignNode& west = campaign["west"];
  const std::vector<BundleId> written = {east.write(Lane::record, 200), east.write(Lane::photo, 900)};
  days.meet(east, west);
  days.meet(west, campaign.hub());
  CHECK(at_hub(campaign, written));
  const BundleId for_east = campaign.hub().write(Lane::record, 100, core::Audience{1});
  const BundleId for_north = campaign.hub().write(Lane::record, 100, core::Audience{3});
  days.meet(west, campaign.hub());
  CHECK_FALSE(west.holding(for_east).empty());  // it has brought something of east's …
  CHECK(west.holding(for_north).empty());       // … and nothing of north's
  days.meet(west, east);
  CHECK_FALSE(east.holding(for_east).empty());
  CHECK(east.shelf->receipt()->version == campaign.hub().shelf->receipt()->version);
  CHECK(west.shelf->carried() == protocol::LaneTally{});
  // What it has given is not given to it again.
  days.meet(west, campaign.hub());
  CHECK(west.holding(for_east).empty());
  SECTION("also after a restart of everybody") {
    for (const auto& node : campaign.nodes()) node->reopen();
    const BundleId later = campaign.hub().write(Lane::record, 100, core::Audience{1});
    days.meet(campaign.hub(), west);
    days.meet(east, west);
    CHECK_FALSE(east.holding(later).empty());
  }
}

TEST_CASE("from a site over relay, mule and relay to the hub, and its receipt and verdict all the way back") {
  Campaign campaign{92, {{"east", Role::site}, {"near", Role::relay}, {"mule", Role::relay}, {"far", Role::relay}}};
  Days days;
  CampaignNode& east = campaign["east"];
  const std::vector<BundleId> written = write_all(east);
  const std::vector<CampaignNode*> way = {&east, &campaign["near"], &campaign["mule"], &campaign["far"], &campaign.hub()};
  for (std::size_t i = 0; i + 1 < way.size(); ++i) days.meet(*way[i], *way[i + 1]);
  CHECK(at_hub(campaign, written));
  const BundleId verdict = campaign.hub().write(Lane::record, 100, core::Audience{1});
  const BundleId for_all = campaign.hub().write(Lane::control, 100, core::kEveryone);
  for (std::size_t i = way.size() - 1; i > 0; --i) days.meet(*way[i], *way[i - 1]);
  CHECK_FALSE(east.holding(verdict).empty());
  CHECK_FALSE(east.holding(for_all).empty());
  CHECK(*east.shelf->waiting() == protocol::LaneTally{});
  // Everybody knows now how far it is, and the second time nothing is different.
  CHECK(campaign["far"].shelf->way().hops == 1);
  CHECK(campaign["near"].shelf->way().hops == 3);
  const std::vector<BundleId> more = write_all(east);
  for (std::size_t i = 0; i + 1 < way.size(); ++i) days.meet(*way[i], *way[i + 1]);
  CHECK(at_hub(campaign, more));
}

TEST_CASE("along a road of sites of which only the last has a line everything comes through, and the receipts back") {
  Campaign campaign{93, {{"a", Role::site}, {"b", Role::site}, {"c", Role::site}, {"d", Role::site}}};
  Days days;
  const std::vector<CampaignNode*> road = {&campaign["a"], &campaign["b"], &campaign["c"], &campaign["d"], &campaign.hub()};
  std::vector<BundleId> written = write_all(*road[0]);
  int rounds = 0;
  while (!at_hub(campaign, written) || *road[0]->shelf->waiting() != protocol::LaneTally{}) {
    REQUIRE(++rounds < 40);
    for (std::size_t i = 0; i + 1 < road.size(); ++i) days.meet(*road[i], *road[i + 1]);
    // The originals take their time; what is urgent does not wait for them.
    if (rounds == 8) CHECK(at_hub(campaign, {written[0], written[1], written[2]}));
  }
}

TEST_CASE("two that stay together on one line meet again every half hour") {
  Campaign campaign{94, {{"east", Role::site}, {"west", Role::site}, {"other", Role::site}}};
  CampaignNode& east = campaign["east"];
  CampaignNode& west = campaign["west"];
  CampaignNode& other = campaign["other"];
  const BundleId id = east.write(Lane::record, 100);
  Days days;
  days.meet(east, west);
  REQUIRE_FALSE(west.holding(id).empty());
  // West has no reason to take the other site for a step on the way.
  Meeting::Options options;
  options.begin = days.now;
  Meeting meeting{west, other, options};
  meeting.run();
  CHECK(other.holding(id).empty());
  const core::MonoMs begun = meeting.now;
  while (other.holding(id).empty()) {
    meeting.wait_for_deadline();
    meeting.run();
    REQUIRE(meeting.now - begun < 10 * protocol::kMeetingApartMs);
  }
  CHECK(meeting.now - begun >= protocol::kMeetingApartMs);
}

TEST_CASE("a relay that takes everything, claims to stand beside the hub and brings nothing there delays and does not prevent") {
  Campaign campaign{95, {{"east", Role::site}, {"hole", Role::relay}, {"honest", Role::relay}}};
  Days days;
  CampaignNode& east = campaign["east"];
  CampaignNode& hole = campaign["hole"];
  const std::vector<BundleId> written = write_all(east);
  for (int i = 0; i < 3; ++i) days.meet(hole, east);
  REQUIRE_FALSE(hole.holding(written[3]).empty());
  CHECK((*east.shelf->waiting())[3].bundles == 1);
  SECTION("the author's own line is there for all of it") {
    days.meet(east, campaign.hub());
    CHECK(at_hub(campaign, written));
  }
  SECTION("another relay gets it, the original at last") {
    int meetings = 0;
    while (campaign["honest"].holding(written[3]).empty()) {
      days.meet(east, campaign["honest"]);
      if (++meetings == 1) CHECK_FALSE(campaign["honest"].holding(written[1]).empty());
      REQUIRE(meetings <= 8);
    }
    CHECK(meetings > 1);
    days.meet(campaign["honest"], campaign.hub());
    CHECK(at_hub(campaign, written));
  }
}

TEST_CASE("receipts that come and do not cover a bundle send it out to others") {
  Campaign campaign{96, {{"east", Role::site}, {"hole", Role::relay}, {"west", Role::site}}};
  Days days;
  CampaignNode& east = campaign["east"];
  const BundleId original = east.write(Lane::original, 2000);
  days.meet(campaign["hole"], east);
  REQUIRE_FALSE(campaign["hole"].holding(original).empty());
  // Word of the hub comes by west again and again, and east's original is never in it.
  std::uint64_t meetings = 0;
  while (!at_hub(campaign, {original})) {
    campaign["west"].write(Lane::record, 20);
    days.meet(campaign["west"], campaign.hub());
    days.meet(campaign["west"], east);
    REQUIRE(++meetings <= 2 * protocol::kNewsEpoch + 1);
  }
  CHECK(meetings > 2);
}

TEST_CASE("a full relay says so, is offered nothing that it would refuse, and takes what is more urgent") {
  Campaign campaign{97};
  Days days;
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  relay.limits.foreign_bytes = 20'000;
  relay.reopen();
  for (int i = 0; i < 8; ++i) east.write(Lane::original, 4000);
  days.meet(east, relay);
  const std::uint64_t held = relay.shelf->carried()[3].bundles;
  REQUIRE(held < 8);
  Meeting::Options options;
  options.begin = days.now;
  Meeting again{east, relay, options};
  again.run();
  CHECK(again.caller().stats().refused == 0);
  CHECK(again.moved() < 1000);
  const BundleId record = east.write(Lane::record, 3000);
  days.now = days.now + 3'600'000;
  days.meet(east, relay);
  CHECK_FALSE(relay.holding(record).empty());
  // Nothing flaps: what went does not come back by the next meetings.
  const auto before = relay.shelf->carried();
  for (int i = 0; i < 10; ++i) days.meet(east, relay);
  CHECK(relay.shelf->carried() == before);
  // With room again all of it is taken.
  for (int i = 0; i < 6; ++i) {
    days.meet(relay, campaign.hub());
    days.meet(east, relay);
  }
  CHECK(*east.shelf->waiting() == protocol::LaneTally{});
}
