#include <catch2/catch.hpp>

#include "tests/unit/session/meeting.h"

using namespace satchel;
using core::Code;
using core::Lane;
using protocol::Session;
using tests::Campaign;
using tests::CampaignNode;
using tests::Meeting;

namespace {

void check_codes(Meeting& meeting, Code at_caller, Code at_answerer) {
  meeting.run();
  REQUIRE(meeting.caller().failure());
  REQUIRE(meeting.answerer().failure());
  CHECK(core::info(meeting.caller().failure()->code).id == core::info(at_caller).id);
  CHECK(core::info(meeting.answerer().failure()->code).id == core::info(at_answerer).id);
  CHECK(meeting.caller().state() == Session::State::failed);
  CHECK(meeting.answerer().state() == Session::State::failed);
}

core::Revocation revocation_of(const CampaignNode& node) { return {node.member.number, {}}; }

}  // namespace

TEST_CASE("a revoked node that calls is turned away, and both sides know why") {
  Campaign campaign{30};
  CampaignNode& east = campaign["east"];
  east.write(Lane::record, 100);
  campaign.hub().membership.revoke(revocation_of(east));
  Meeting meeting{east, campaign.hub()};
  check_codes(meeting, Code::kRefusedByPeer, Code::kRevoked);
  CHECK(campaign.hub().shelf->frontier().entries().empty());
}

TEST_CASE("a revoked node is not called, nor told anything when it answers") {
  Campaign campaign{31};
  CampaignNode& east = campaign["east"];
  campaign["west"].membership.revoke(revocation_of(east));
  SECTION("known") {
    Meeting meeting{campaign["west"], east};
    check_codes(meeting, Code::kRevoked, Code::kRefusedByPeer);
  }
  SECTION("found out by asking") {
    Meeting meeting{campaign["west"], east, {.known = false}};
    check_codes(meeting, Code::kRevoked, Code::kRefusedByPeer);
  }
}

TEST_CASE("a node that is revoked in the middle of a meeting is told, and the meeting ends") {
  Campaign campaign{32};
  CampaignNode& east = campaign["east"];
  Meeting meeting{east, campaign.hub()};
  meeting.run();
  REQUIRE(meeting.both_idle());
  campaign.hub().membership.revoke(revocation_of(east));
  meeting.answerer().shelf_changed(meeting.now);
  check_codes(meeting, Code::kRefusedByPeer, Code::kRevoked);
}

TEST_CASE("a certificate that the hub did not sign opens no door") {
  Campaign campaign{33};
  tests::SeededRng rng{34};
  const core::SignKeys forger = core::make_sign_keys(rng);
  const auto stranger = campaign.stranger(9, core::Role::site, &forger);
  stranger->write(Lane::record, 100);
  CampaignNode& relay = campaign["relay"];
  SECTION("as caller, knowing whom") {
    Meeting meeting{*stranger, relay};
    check_codes(meeting, Code::kRefusedByPeer, Code::kPeerNotEnrolled);
  }
  SECTION("as caller, by address") {
    Meeting meeting{*stranger, relay, {.known = false}};
    check_codes(meeting, Code::kRefusedByPeer, Code::kPeerNotEnrolled);
  }
  SECTION("as the one who answers") {
    Meeting meeting{relay, *stranger, {.known = false}};
    check_codes(meeting, Code::kSignatureBad, Code::kRefusedByPeer);
  }
  CHECK_FALSE(relay.membership.find(core::NodeNumber{9}));
  CHECK(relay.shelf->frontier().entries().empty());
}

TEST_CASE("a node of another campaign is told so when it asks, and gets no handshake") {
  Campaign ours{35};
  Campaign theirs{36};
  SECTION("asking first") {
    Meeting meeting{theirs["east"], ours["relay"], {.known = false}};
    check_codes(meeting, Code::kOtherCampaign, Code::kOtherCampaign);
  }
  SECTION("knowing the key, without the group's secret") {
    Meeting meeting{theirs["east"], ours["relay"]};
    check_codes(meeting, Code::kHandshake, Code::kHandshake);
  }
}

TEST_CASE("another node than the expected one cannot answer in its place") {
  Campaign campaign{37};
  Meeting meeting{campaign["east"], campaign["relay"], {.expected = campaign.hub().member}};
  check_codes(meeting, Code::kHandshake, Code::kHandshake);
}

TEST_CASE("a node that calls itself finds out") {
  Campaign campaign{38};
  Meeting meeting{campaign["east"], campaign["east"], {.known = false}};
  meeting.run();
  REQUIRE(meeting.caller().failure());
  CHECK(meeting.caller().failure()->code == Code::kAddressBad);
}

TEST_CASE("an author that the receiver does not trust is refused by name, and the rest goes on") {
  Campaign campaign{39};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  const core::BundleId bad = east.write(Lane::record, 100);
  const core::BundleId good = campaign["west"].write(Lane::record, 100);
  Meeting{east, relay}.run();
  Meeting{campaign["west"], relay}.run();
  campaign.hub().membership.revoke(revocation_of(east));
  Meeting meeting{relay, campaign.hub()};
  meeting.run();
  REQUIRE(meeting.both_idle());
  CHECK(campaign.hub().holding(bad).empty());
  CHECK_FALSE(campaign.hub().holding(good).empty());
  REQUIRE(meeting.caller().stats().refused_list.size() == 1);
  CHECK(meeting.caller().stats().refused_list[0].by_peer);
  CHECK(meeting.caller().stats().refused_list[0].code == Code::kRevoked);
  CHECK(meeting.answerer().stats().refused == 1);
}

TEST_CASE("what was refused because a disk was full is offered again in the same meeting once there is room") {
  Campaign campaign{39};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  Meeting meeting{east, relay};
  meeting.run();
  REQUIRE(meeting.both_idle());
  relay.shelf->set_free_disk(relay.limits.free_bytes_min - 1);  // after the hellos
  const core::BundleId first = east.write(Lane::photo, 900);
  const core::BundleId second = east.write(Lane::photo, 900);
  meeting.caller().shelf_changed(meeting.now);
  meeting.run();
  REQUIRE(meeting.both_idle());
  CHECK(meeting.caller().stats().refused == 1);  // what follows in the log is not even offered
  const std::uint64_t before = meeting.moved();
  // Still no room: the relay says so, and is not asked in vain.
  for (int i = 0; i < 2'000; ++i) {
    meeting.wait_for_deadline();
    meeting.run();
    REQUIRE_FALSE(meeting.caller().failure());
  }
  const std::uint64_t asked = meeting.caller().stats().refused;
  CHECK(asked <= 3);
  CHECK(meeting.moved() - before < 400'000);
  CHECK_FALSE(relay.shelf->frontier().covers(first));
  relay.shelf->set_free_disk(~0ULL);
  for (int i = 0; i < 1'000 && !relay.shelf->frontier().covers(second); ++i) {
    meeting.wait_for_deadline();
    meeting.run();
  }
  CHECK(relay.shelf->frontier().covers(second));
  CHECK(relay.holding(first) == east.holding(first));
}

TEST_CASE("a hub whose disk was set back and that writes anew under its old numbers is shown what it wrote there before") {
  Campaign campaign{40};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const core::Audience to_east{east.member.number.value};
  const core::MemoryStore copy = hub.store;
  hub.write(Lane::control, 100, to_east);
  Meeting{east, hub}.run();
  hub.store = copy;
  hub.reopen();
  const std::size_t places = GENERATE(1U, 2U);  // the same number (tag_test.cpp), or one that follows another content
  for (std::size_t i = 0; i < places; ++i) hub.write(Lane::control, 200, to_east);
  REQUIRE_FALSE(hub.shelf->forsaken(hub.incarnation));
  Meeting meeting{east, hub};
  meeting.run();
  CHECK(meeting.both_idle());
  CHECK(hub.shelf->forsaken(hub.incarnation));
  CHECK(east.shelf->frontier().at(hub.log(Lane::control, to_east)).value == 1);
}

TEST_CASE("a node whose disk was set back is shown by a relay what it wrote before, long before the hub hears of it") {
  Campaign campaign{41};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  const core::MemoryStore copy = east.store;
  east.write(Lane::record, 100);
  Meeting{east, relay}.run();
  east.store = copy;
  east.reopen();
  east.write(Lane::record, 200);
  east.write(Lane::record, 200);
  Meeting again{east, relay};
  again.run();
  CHECK(again.both_idle());
  CHECK(east.shelf->forsaken(east.incarnation));
  CHECK(relay.shelf->equivocations().value().size() == 1);
}

TEST_CASE("a node whose disk was set back is shown even what only began to arrive") {
  Campaign campaign{42};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  const core::MemoryStore copy = east.store;
  const core::BundleId lost = east.write(Lane::photo, 4'000);
  Meeting{east, relay, {.step = 256, .cut_after = 3'000}}.run();
  REQUIRE(relay.shelf->partials().size() == 1);
  REQUIRE_FALSE(relay.shelf->frontier().covers(lost));
  east.store = copy;
  east.reopen();
  east.write(Lane::photo, 5'000);
  Meeting meeting{east, relay};
  meeting.run();
  CHECK(meeting.both_idle());
  CHECK(east.shelf->forsaken(east.incarnation));  // and says it again in a life of its own
}
