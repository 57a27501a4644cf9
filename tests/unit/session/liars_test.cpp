// A lying relay harms nobody but itself. What a liar can say that no session says stands in hostile_test.cpp, what it can
// withhold in way_test.cpp.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/unit/session/liar.h"
#include "tests/unit/session/meeting.h"

using namespace satchel;
using core::BundleId;
using core::Bytes;
using core::Code;
using core::Lane;
using core::Role;
using protocol::BundleOffer;
using protocol::DataPiece;
using protocol::Hello;
using protocol::MessageKind;
using protocol::Session;
using tests::Campaign;
using tests::CampaignNode;
using tests::Liar;
using tests::Meeting;

namespace {

constexpr protocol::Stream foreign_photo{Lane::photo, true};

std::size_t count(const std::vector<MessageKind>& kinds, MessageKind kind) {
  return static_cast<std::size_t>(std::ranges::count(kinds, kind));
}

}  // namespace

TEST_CASE("who claims to hold everything and to stand beside the hub keeps the author from nothing") {
  Campaign campaign{110, {{"east", Role::site}, {"liar", Role::relay}, {"relay", Role::relay}}};
  CampaignNode& east = campaign["east"];
  const std::vector<BundleId> ids = {east.write(Lane::record, 100), east.write(Lane::photo, 500)};
  {
    Session victim = Session::answerer(east.session_setup(), {1'000});
    Hello hello = Liar::plain_hello(campaign["liar"]);
    hello.way = {1, 0};
    for (const BundleId& id : ids) hello.frontier.raise(id.log, core::Seq{~0ULL});
    Liar liar{campaign["liar"], east.member, victim, hello};
    REQUIRE(liar.say(protocol::Plain{MessageKind::done}));
    REQUIRE_FALSE(victim.failure());
  }
  CHECK((*east.shelf->waiting())[1].bundles == 1);
  for (const BundleId& id : ids) CHECK(east.shelf->read_body(id));  // nothing was freed
  Meeting{east, campaign["relay"]}.run();
  for (const BundleId& id : ids) CHECK(campaign["relay"].holding(id) == east.holding(id));
  Meeting{east, campaign.hub()}.run();
  for (const BundleId& id : ids) CHECK(campaign.hub().holding(id) == east.holding(id));
}

TEST_CASE("who claims to hold nothing, again and again, draws each bundle once a meeting and no more") {
  Campaign campaign{111};
  CampaignNode& east = campaign["east"];
  constexpr std::size_t kBundles = 5;
  for (std::size_t i = 0; i < kBundles; ++i) east.write(Lane::record, 100);
  Session victim = Session::answerer(east.session_setup(), {1'000});
  Liar liar{campaign["relay"], east.member, victim, Liar::plain_hello(campaign["relay"])};
  std::size_t drawn = 0;
  for (int i = 0; i < 50; ++i) {
    REQUIRE(liar.say(protocol::FrontierPart{true, {}}));
    drawn += count(liar.heard(), MessageKind::bundle);
    victim.shelf_changed(liar.now);
  }
  CHECK(drawn <= kBundles);
  CHECK_FALSE(victim.failure());
}

TEST_CASE("who asks for the same bundle again and again is given up") {
  Campaign campaign{112};
  CampaignNode& east = campaign["east"];
  east.write(Lane::record, 100);
  Session victim = Session::answerer(east.session_setup(), {1'000});
  Liar liar{campaign["relay"], east.member, victim, Liar::plain_hello(campaign["relay"])};
  std::uint64_t ref = 0;
  std::size_t drawn = 0;
  REQUIRE(liar.say(protocol::Plain{MessageKind::ping}));
  for (int i = 0; i < 50; ++i) {
    const std::size_t begun = count(liar.heard(), MessageKind::bundle);
    drawn += begun;
    ref += begun;
    if (!liar.say(protocol::Answer{MessageKind::back, ref, 0, Code::kInternal})) break;
  }
  CHECK(drawn <= protocol::kDamagedMost + 3);
}

TEST_CASE("old receipts that are played back take nothing back") {
  Campaign campaign{113};
  CampaignNode& east = campaign["east"];
  east.write(Lane::record, 100);
  Meeting{east, campaign.hub()}.run();
  const core::Receipt old = *east.shelf->receipt();
  const BundleId second = east.write(Lane::record, 100);
  Meeting{east, campaign.hub()}.run();
  const core::Receipt newest = *east.shelf->receipt();
  REQUIRE(newest.newer_than(old));
  Session victim = Session::answerer(east.session_setup(), {1'000});
  Liar liar{campaign["relay"], east.member, victim, Liar::plain_hello(campaign["relay"])};
  for (int i = 0; i < 20; ++i) REQUIRE(liar.say(protocol::ReceiptPart{true, core::encode(old), {1, 0}}));
  CHECK(east.shelf->receipt()->version == newest.version);
  CHECK(east.shelf->proven(second.log).stored == second.seq);
  CHECK(victim.stats().receipts_received == 0);
}

TEST_CASE("an old frontier that is played back costs the liar its own line and nothing else") {
  Campaign campaign{114};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  const BundleId id = east.write(Lane::record, 100);
  Meeting{east, relay}.run();
  Session victim = Session::answerer(east.session_setup(), {1'000});
  Liar liar{relay, east.member, victim, Liar::plain_hello(relay)};  // as it was before it had anything
  REQUIRE(liar.say(protocol::Plain{MessageKind::ping}));
  CHECK(count(liar.heard(), MessageKind::bundle) <= 1);
  CHECK(east.shelf->read_body(id));
  Meeting{relay, campaign.hub()}.run();
  Meeting{relay, east}.run();
  CHECK(*east.shelf->waiting() == protocol::LaneTally{});
}

TEST_CASE("the bytes of one bundle under the header of another are not taken for it") {
  Campaign campaign{115};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId first = east.write(Lane::photo, 900);
  const BundleId second = east.write(Lane::photo, 900);
  Session victim = Session::answerer(hub.session_setup(), {1'000});
  Liar liar{campaign["relay"], hub.member, victim, Liar::plain_hello(campaign["relay"])};
  const Bytes mine = *east.shelf->read_body(first);
  const Bytes other = *east.shelf->read_body(second);
  Bytes spliced = core::to_bytes(core::ByteView{mine}.first(400));
  core::append(spliced, core::ByteView{other}.subspan(400));
  REQUIRE(liar.say(BundleOffer{0, {}, (*east.shelf->header(first))->bytes}));
  REQUIRE(liar.say(DataPiece{foreign_photo, 0, spliced}));
  CHECK(liar.heard() == std::vector{MessageKind::back});
  CHECK(hub.holding(first).empty());
  // The true bytes still find their place, by whomever they come.
  Meeting{east, hub}.run();
  CHECK(hub.holding(first) == east.holding(first));
  CHECK(hub.holding(second) == east.holding(second));
}

TEST_CASE("who begins bodies without end and ends none fills the places of one author, and others' stay free") {
  Campaign campaign{116};
  CampaignNode& east = campaign["east"];
  CampaignNode& west = campaign["west"];
  CampaignNode& hub = campaign.hub();
  std::vector<BundleId> ids;
  for (std::size_t i = 0; i < protocol::kPartialsOfAuthorMax + 10; ++i) ids.push_back(east.write(Lane::photo, 20'000));
  Session victim = Session::answerer(hub.session_setup(), {1'000});
  Liar liar{campaign["relay"], hub.member, victim, Liar::plain_hello(campaign["relay"])};
  for (const BundleId& id : ids) {
    REQUIRE(liar.say(BundleOffer{0, *east.shelf->previous_root(id), (*east.shelf->header(id))->bytes}));
    const Bytes piece = *east.shelf->read(id, 0, 1000);
    REQUIRE(liar.say(DataPiece{foreign_photo, 0, piece}));
  }
  CHECK(hub.shelf->partials().size() == protocol::kPartialsOfAuthorMax);
  CHECK(victim.stats().refused == 10);
  const BundleId honest = west.write(Lane::photo, 500);
  Meeting{west, hub}.run();
  CHECK(hub.holding(honest) == west.holding(honest));
  // And the author itself ends what the liar has begun.
  Meeting{east, hub}.run();
  for (const BundleId& id : ids) CHECK(hub.holding(id) == east.holding(id));
}

TEST_CASE("a peer that drips one byte every 29 seconds in the middle of a meeting loses its place") {
  Campaign campaign{117};
  CampaignNode& hub = campaign.hub();
  Session victim = Session::answerer(hub.session_setup(), {1'000});
  Liar liar{campaign["relay"], hub.member, victim, Liar::plain_hello(campaign["relay"])};
  REQUIRE_FALSE(victim.failure());
  core::MonoMs now{1'000};
  const Bytes drip{1};
  int bytes = 0;
  while (!victim.failure()) {
    now = now + 29'000;
    static_cast<void>(victim.wake(now).has_value());
    if (!victim.failure()) static_cast<void>(victim.receive(drip, now).has_value());
    REQUIRE(++bytes < 5);
  }
  CHECK(victim.failure()->code == Code::kPeerSilent);
}

TEST_CASE("a relay that says two things under one number is found out, and what honest nodes hold stays equal") {
  Campaign campaign{118};
  CampaignNode& relay = campaign["relay"];
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const core::MemoryStore before = relay.store;
  const BundleId first = relay.write(Lane::record, 100);
  Meeting{relay, hub}.run();
  const Bytes kept = hub.holding(first);
  relay.shelf.reset();
  relay.store = before;
  relay.reopen();
  const BundleId again = relay.write(Lane::record, 300);
  REQUIRE(again == first);
  REQUIRE(relay.holding(again) != kept);
  const BundleId honest = east.write(Lane::record, 100);
  {
    // It shows the other one to the hub by hand, as no honest node would.
    Session victim = Session::answerer(hub.session_setup(), {1'000});
    Liar liar{relay, hub.member, victim, Liar::plain_hello(relay)};
    REQUIRE(liar.say(BundleOffer{0, {}, (*relay.shelf->header(again))->bytes}));
    CHECK(count(liar.heard(), MessageKind::refuse) == 1);
  }
  CHECK(hub.holding(first) == kept);
  REQUIRE(hub.shelf->equivocations()->size() == 1);
  CHECK(hub.shelf->equivocations()->front().id == first);
  Meeting{east, hub}.run();
  CHECK(hub.holding(honest) == east.holding(honest));
}
