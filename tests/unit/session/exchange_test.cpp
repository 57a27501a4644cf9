#include <catch2/catch.hpp>
#include <set>

#include "tests/unit/session/meeting.h"

using namespace satchel;
using core::BundleId;
using core::Code;
using core::Lane;
using protocol::Session;
using tests::Campaign;
using tests::CampaignNode;
using tests::Meeting;

namespace {

std::uint64_t waiting(const CampaignNode& node) {
  const auto tally = node.shelf->waiting();
  REQUIRE(tally);
  std::uint64_t out = 0;
  for (const auto& lane : *tally) out += lane.bundles;
  return out;
}

std::uint64_t carried(const CampaignNode& node) {
  std::uint64_t out = 0;
  for (const auto& lane : node.shelf->carried()) out += lane.bundles;
  return out;
}

/// The same bytes at both.
bool same(const CampaignNode& a, const CampaignNode& b, const BundleId& id) {
  const core::Bytes held = a.holding(id);
  return !held.empty() && held == b.holding(id);
}

}  // namespace

TEST_CASE("everything of a site reaches the hub, and the receipt comes back in the same meeting") {
  Campaign campaign{1};
  CampaignNode& east = campaign["east"];
  std::vector<BundleId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(east.write(Lane::record, 300));
  ids.push_back(east.write(Lane::photo, 120'000));
  ids.push_back(east.write(Lane::original, 200'000));
  ids.push_back(east.write(Lane::control, 100));

  Meeting meeting{east, campaign.hub()};
  meeting.run();
  REQUIRE(meeting.both_idle());
  CHECK(meeting.caller().all_sent());
  CHECK(meeting.caller().peer_has_nothing_for_us());
  CHECK(meeting.caller().stats().bundles_sent == std::array<std::uint64_t, 4>{1, 5, 1, 1});
  CHECK(meeting.answerer().stats().bundles_received == std::array<std::uint64_t, 4>{1, 5, 1, 1});
  for (const BundleId& id : ids) {
    REQUIRE(east.shelf->receipt().has_value());
    CHECK(east.shelf->receipt()->stored(id));
    CHECK(east.shelf->receipt()->opened(id));
    CHECK(same(east, campaign.hub(), id));
  }
  CHECK(waiting(east) == 0);
}

TEST_CASE("the one who answers may have everything to send") {
  Campaign campaign{2};
  CampaignNode& east = campaign["east"];
  const BundleId photo = east.write(Lane::photo, 50'000);
  Meeting meeting{campaign.hub(), east};
  meeting.run();
  REQUIRE(meeting.both_idle());
  CHECK(east.shelf->receipt()->opened(photo));
}

TEST_CASE("a verdict of the hub comes down, and to nobody else") {
  Campaign campaign{3};
  CampaignNode& east = campaign["east"];
  CampaignNode& west = campaign["west"];
  const BundleId verdict = campaign.hub().write(Lane::record, 200, core::Audience{east.member.number.value});
  const BundleId news = campaign.hub().write(Lane::control, 200, core::kEveryone);
  Meeting{west, campaign.hub()}.run();
  CHECK(west.holding(verdict).empty());
  CHECK(same(campaign.hub(), west, news));
  Meeting meeting{east, campaign.hub()};
  meeting.run();
  REQUIRE(meeting.both_idle());
  CHECK(same(campaign.hub(), east, verdict));
  CHECK(same(campaign.hub(), east, news));
  CHECK(east.shelf->quarantined()->empty());
  CHECK(waiting(campaign.hub()) == 0);
}

TEST_CASE("a relay carries both ways and forgets what the hub has") {
  Campaign campaign{4};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  const BundleId record = east.write(Lane::record, 400);
  const BundleId photo = east.write(Lane::photo, 90'000);
  const BundleId verdict = campaign.hub().write(Lane::record, 200, core::Audience{east.member.number.value});

  Meeting{east, relay}.run();
  CHECK(carried(relay) == 2);
  CHECK(waiting(east) == 2);  // a relay's word is no receipt
  Meeting{relay, campaign.hub()}.run();
  CHECK(same(east, campaign.hub(), record));
  CHECK(same(east, campaign.hub(), photo));
  CHECK(carried(relay) == 1);  // the verdict, on its way down
  Meeting home{relay, east};
  home.run();
  REQUIRE(home.both_idle());
  CHECK(same(campaign.hub(), east, verdict));
  CHECK(waiting(east) == 0);
  CHECK(east.shelf->receipt()->opened(photo));
  CHECK(carried(relay) == 0);  // east said that it has it
}

TEST_CASE("two nodes with nothing to do say little, fall silent, and stay so") {
  Campaign campaign{5};
  CampaignNode& east = campaign["east"];
  east.write(Lane::record, 300);
  Meeting{east, campaign.hub()}.run();
  Meeting meeting{east, campaign.hub()};
  meeting.run();
  REQUIRE(meeting.both_idle());
  CHECK(meeting.moved() <= 300);
  const std::uint64_t before = meeting.moved();
  meeting.shelf_changed();
  meeting.run();
  CHECK(meeting.both_idle());
  CHECK(meeting.moved() == before);
  CHECK(meeting.caller().ended());
  CHECK(meeting.answerer().ended());
}

TEST_CASE("an open meeting carries what comes later, and is idle again") {
  Campaign campaign{6};
  CampaignNode& east = campaign["east"];
  Meeting meeting{east, campaign.hub()};
  meeting.run();
  REQUIRE(meeting.both_idle());
  for (int i = 0; i < 3; ++i) {
    const BundleId record = east.write(Lane::record, 300);
    const BundleId verdict = campaign.hub().write(Lane::record, 100, core::Audience{east.member.number.value});
    meeting.shelf_changed();
    CHECK_FALSE(meeting.both_idle());
    meeting.run();
    REQUIRE(meeting.both_idle());
    CHECK(east.shelf->receipt()->opened(record));
    CHECK(same(campaign.hub(), east, verdict));
  }
}

TEST_CASE("a site is not done with the hub before the receipt for what it sent has come") {
  Campaign campaign{7};
  CampaignNode& east = campaign["east"];
  const BundleId record = east.write(Lane::record, 300);
  Meeting meeting{east, campaign.hub(), {.digest = false}};
  meeting.run();
  CHECK(meeting.caller().all_sent());
  CHECK_FALSE(meeting.caller().idle());  // the hub has stored it and has not signed yet
  REQUIRE(campaign.hub().digest());
  meeting.answerer().shelf_changed(meeting.now);
  meeting.run();
  CHECK(meeting.both_idle());
  CHECK(east.shelf->receipt()->opened(record));
}

TEST_CASE("a hub that cannot sign a receipt lets the site go after a while") {
  Campaign campaign{8};
  CampaignNode& east = campaign["east"];
  east.write(Lane::record, 300);
  Meeting meeting{east, campaign.hub(), {.digest = false}};
  meeting.run();
  REQUIRE_FALSE(meeting.caller().idle());
  const core::MonoMs begun = meeting.now;
  while (!meeting.both_idle() && meeting.now - begun < protocol::kReceiptWaitMs) {
    meeting.wait_for_deadline();
    meeting.run();
  }
  CHECK(meeting.both_idle());
  CHECK(meeting.now - begun == protocol::kReceiptWaitMs);
}

TEST_CASE("sites that meet carry each other's bundles, and never another's downlink") {
  Campaign campaign{9};
  CampaignNode& east = campaign["east"];
  CampaignNode& west = campaign["west"];
  const BundleId photo = east.write(Lane::photo, 20'000);
  Meeting{west, east}.run();
  CHECK(same(east, west, photo));
  Meeting{west, campaign.hub()}.run();
  CHECK(same(east, campaign.hub(), photo));
  Meeting again{west, east};
  again.run();
  CHECK(east.shelf->receipt()->opened(photo));
}

TEST_CASE("first contact by address alone finds out who it is, and a node that nobody has heard of is introduced") {
  Campaign campaign{10, {{"east", core::Role::site}, {"west", core::Role::relay}, {"relay", core::Role::relay}}};
  const auto fresh = campaign.stranger(9, core::Role::site);
  const BundleId record = fresh->write(Lane::record, 300);
  CampaignNode& relay = campaign["relay"];

  SECTION("the new node calls") {
    Meeting meeting{*fresh, relay, {.known = false}};
    meeting.run();
    REQUIRE(meeting.both_idle());
    CHECK(meeting.caller().peer()->name == "relay");
  }
  SECTION("the new node calls, knowing whom, and is asked for its certificate") {
    Meeting meeting{*fresh, relay, {.known = true}};
    meeting.run();
    REQUIRE(meeting.both_idle());
  }
  SECTION("the new node is called") {
    Meeting meeting{relay, *fresh, {.known = false}};
    meeting.run();
    REQUIRE(meeting.both_idle());
  }
  CHECK(relay.membership.find(core::NodeNumber{9}));
  CHECK(same(*fresh, relay, record));
  // West learns of the author from the relay before the author's bundle comes.
  CampaignNode& west = campaign["west"];
  Meeting onward{relay, west};
  onward.run();
  CHECK(same(*fresh, west, record));
}

TEST_CASE("a relay that never saw the beginning of a log is given what it needs to verify the rest") {
  Campaign campaign{11};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  for (int i = 0; i < 3; ++i) east.write(Lane::record, 300);
  Meeting{east, campaign.hub()}.run();
  const BundleId next = east.write(Lane::record, 300);
  Meeting meeting{east, relay};
  meeting.run();
  REQUIRE(meeting.both_idle());
  CHECK(same(east, relay, next));
  CHECK(meeting.caller().stats().refused == 0);
  CHECK(carried(relay) == 1);
}

TEST_CASE("more bundles than one list holds all arrive, and do not stand in the way where they are refused") {
  Campaign campaign{12};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  relay.limits.author_lane_bytes[1] = 0;  // it has no room for records of others
  relay.reopen();
  constexpr std::uint64_t kMany = protocol::kOffersMax + 50;
  for (std::uint64_t i = 0; i < kMany; ++i) east.write(Lane::record, 8);
  const BundleId photo = east.write(Lane::photo, 8);
  Meeting past{east, relay, {.step = 1 << 16}};
  past.run();
  REQUIRE(past.both_idle());
  CHECK(past.caller().stats().refused >= 1);
  CHECK(past.caller().stats().refused_list.front().code == Code::kQuota);
  CHECK(same(east, relay, photo));

  Meeting meeting{east, campaign.hub(), {.step = 1 << 16, .digest = false}};
  meeting.run();
  CHECK(meeting.caller().stats().bundles_sent[1] == kMany);
  CHECK(meeting.caller().all_sent());
}

TEST_CASE("a large frontier goes in parts") {
  Campaign campaign{14, {{"east", core::Role::site}, {"west", core::Role::relay}, {"relay", core::Role::relay}}};
  CampaignNode& east = campaign["east"];
  CampaignNode& west = campaign["west"];
  CampaignNode& relay = campaign["relay"];
  constexpr std::uint64_t kLives = 150;  // of east's database: each begins logs of its own
  for (std::uint64_t life = 0; life < kLives; ++life) {
    east.incarnation.value = 5'000 + life;
    for (const Lane lane : core::kLanes) east.write(lane, 8);
  }
  Meeting{east, relay}.run();
  REQUIRE(relay.shelf->frontier().entries().size() == 4 * kLives);
  static_assert(4 * kLives > protocol::kFrontierPartEntries);
  Meeting meeting{west, relay};
  meeting.run();
  REQUIRE(meeting.both_idle());
  CHECK(carried(west) == 4 * kLives);
  Meeting back{relay, west};
  back.run();
  REQUIRE(back.both_idle());
  CHECK(back.caller().stats().bundles_sent == std::array<std::uint64_t, 4>{});
  CHECK(back.answerer().stats().bundles_sent == std::array<std::uint64_t, 4>{});
  CHECK(back.moved() < 2 * 4 * kLives * 12);  // each says what it has, and nothing is sent again
}
