// A hub whose whole machine was set back to an older copy of itself, and that wrote again: the same numbers, other words.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/unit/session/liar.h"
#include "tests/unit/session/meeting.h"

using namespace satchel;
using core::Audience;
using core::Lane;
using core::Seq;
using tests::Campaign;
using tests::CampaignNode;
using tests::Meeting;

namespace {

/// East has what the hub wrote; then the hub is as it was before `keep` of it, and writes so many words anew.
struct SetBack {
  explicit SetBack(int anew, Audience audience_ = Audience{1}, int keep = 0) : campaign(90), audience(audience_) {
    east().write(Lane::record, 50);
    hub().write(Lane::record, 40, audience);
    Meeting{east(), hub()}.run();
    for (int i = 0; i < keep; ++i) hub().write(Lane::record, 40, audience);
    core::MemoryStore copy = hub().store;
    for (int i = 0; i < 3; ++i) hub().write(Lane::record, 40, audience);
    Meeting{east(), hub()}.run();
    hub().shelf.reset();
    hub().store = copy;
    hub().reopen();
    for (int i = 0; i < anew; ++i) hub().write(Lane::record, 41, audience);
  }
  CampaignNode& hub() { return campaign.hub(); }
  CampaignNode& east() { return campaign["east"]; }
  core::LogId log() { return hub().log(Lane::record, audience); }
  bool seen() { return hub().shelf->own_seen_beyond().contains(log()); }
  Campaign campaign;
  Audience audience;
};

void meet(CampaignNode& caller, CampaignNode& answerer) {
  Meeting meeting{caller, answerer};
  meeting.run();
  CHECK(meeting.both_idle());
  CHECK(meeting.caller().stats().refused + meeting.answerer().stats().refused == 0);
}

}  // namespace

TEST_CASE("a hub that used its numbers twice sees it at the next meeting, though it has nothing more to say") {
  const int anew = GENERATE(1, 2, 3);
  const bool for_all = GENERATE(false, true);
  const bool hub_calls = GENERATE(false, true);
  CAPTURE(anew, for_all, hub_calls);
  SetBack one{anew, for_all ? core::kEveryone : Audience{1}};
  if (hub_calls) {
    Meeting{one.hub(), one.east()}.run();  // it may begin with words that the other refuses
  } else {
    meet(one.east(), one.hub());
  }
  CHECK(one.seen());
  CHECK(one.hub().shelf->forsaken(one.hub().incarnation));
}

TEST_CASE("a hub that used its numbers twice is shown what lies beyond a gap and does not follow its new word") {
  const bool hub_calls = GENERATE(false, true);
  Campaign campaign{94};
  CampaignNode& hub = campaign.hub();
  CampaignNode& east = campaign["east"];
  east.write(Lane::record, 50);
  hub.write(Lane::record, 40, Audience{1});
  Meeting{east, hub}.run();
  const core::MemoryStore copy = hub.store;
  hub.write(Lane::record, 40, Audience{1});
  const core::BundleId third = hub.write(Lane::record, 40, Audience{1});
  const auto lies = hub.shelf->body_of(third).value();
  REQUIRE(east.shelf->begin(lies.header.bytes, hub.shelf->previous_root(third).value()));
  REQUIRE(east.shelf->take(third, 0, lies.body, protocol::Shelf::Pace::line)->whole);
  hub.shelf.reset();
  hub.store = copy;
  hub.reopen();
  // Up to the gap all reads alike, and what lies beyond it is not offered again.
  for (int i = 0; i < 2; ++i) hub.write(Lane::record, 41, Audience{1});
  Meeting{hub_calls ? hub : east, hub_calls ? east : hub}.run();
  CHECK(hub.shelf->own_seen_beyond().contains(third.log));
  CHECK(hub.shelf->forsaken(hub.incarnation));
}

TEST_CASE("a hub that has only forgotten what it wrote sees that, too, and its life is its own") {
  SetBack one{0};
  meet(one.east(), one.hub());
  CHECK(one.seen());
  CHECK_FALSE(one.hub().shelf->forsaken(one.hub().incarnation));
}

TEST_CASE("as long as the hub's word reads alike nobody is asked to show it") {
  Campaign campaign{91};
  CampaignNode& east = campaign["east"];
  for (int round = 0; round < 4; ++round) {
    campaign.hub().write(Lane::record, 40, Audience{1});
    campaign.hub().write(Lane::control, 40, core::kEveryone);
    east.write(Lane::record, 40);
    if (round == 2) east.reopen();
    meet(round % 2 == 0 ? east : campaign.hub(), round % 2 == 0 ? campaign.hub() : east);
    meet(east, campaign.hub());
    CHECK(campaign.hub().shelf->own_seen_beyond().empty());
  }
}

TEST_CASE("a hub that changed its life has not to be shown its former one again") {
  SetBack one{2};
  meet(one.east(), one.hub());
  REQUIRE(one.seen());
  one.hub().incarnation.value += 1;
  one.east().write(Lane::record, 40);
  meet(one.east(), one.hub());
  meet(one.east(), one.hub());
  Meeting nothing_to_do{one.east(), one.hub()};
  nothing_to_do.run();
  CHECK(nothing_to_do.both_idle());
  CHECK(nothing_to_do.moved() <= 220);
}

TEST_CASE("a tag alone makes no hub change its life") {
  Campaign campaign{92};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  east.write(Lane::record, 50);
  hub.write(Lane::record, 40, Audience{1});
  meet(east, hub);
  protocol::Session session = protocol::Session::answerer(hub.session_setup(), core::MonoMs{1'000});
  protocol::Hello hello = tests::Liar::plain_hello(east);
  hello.receipt = {1, hub.shelf->receipt()->version};
  hello.frontier.raise(hub.log(Lane::record, Audience{1}), Seq{1});
  tests::Liar liar{east, hub.member, session, hello};
  REQUIRE(liar.say(protocol::TagMessage{{core::LogTag{}}}));
  CHECK(std::ranges::count(liar.heard(), protocol::MessageKind::show) == 1);
  REQUIRE(liar.say(protocol::TagMessage{{core::LogTag{}, core::LogTag{}}}));  // of more lives than it told of
  CHECK(std::ranges::count(liar.heard(), protocol::MessageKind::show) == 0);
  CHECK(hub.shelf->own_seen_beyond().empty());
}

TEST_CASE("what is on its way while the hub's word is shown goes on after it") {
  Campaign campaign{93};
  CampaignNode& relay = campaign["relay"];
  CampaignNode& hub = campaign.hub();
  campaign["east"].write(Lane::record, 50);
  Meeting{campaign["east"], hub}.run();
  const core::MemoryStore copy = hub.store;
  hub.write(Lane::record, 40, core::kEveryone);
  Meeting{relay, hub}.run();
  hub.store = copy;
  hub.reopen();
  hub.write(Lane::record, 41, core::kEveryone);
  const core::BundleId large = campaign["west"].write(Lane::record, 40'000);
  Meeting{campaign["west"], relay}.run();
  meet(relay, hub);
  CHECK(hub.shelf->forsaken(hub.incarnation));
  CHECK(hub.holding(large) == campaign["west"].holding(large));
}
