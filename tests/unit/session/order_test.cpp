// In which order bundles go inside a lane, and what lies beyond a gap because of it.
#include <catch2/catch.hpp>

#include "core/store/keys.h"
#include "tests/sim/line_meeting.h"
#include "tests/unit/session/liar.h"
#include "tests/unit/session/meeting.h"

using namespace satchel;
using core::BundleId;
using core::Lane;
using core::Seq;
using tests::Campaign;
using tests::CampaignNode;
using tests::LineMeeting;
using tests::Meeting;

namespace {

constexpr std::uint64_t kVillageLine = 2'500;  // 20 kbit/s

/// When each of them has come, in order.
std::vector<BundleId> order_of_coming(Meeting& meeting, CampaignNode& to, std::vector<BundleId> wanted) {
  std::vector<BundleId> out;
  for (int i = 0; i < 20'000 && !wanted.empty(); ++i) {
    meeting.run_for(20, kVillageLine);
    std::erase_if(wanted, [&](const BundleId& id) {
      if (to.holding(id).empty()) return false;
      out.push_back(id);
      return true;
    });
  }
  return out;
}

std::uint64_t reach(const CampaignNode& at, const core::LogId& log) { return at.shelf->frontier().at(log).value; }

bool sound(const CampaignNode& node) {
  return node.shelf->verify([](const BundleId&, const core::Error&) {})->faults == 0;
}

}  // namespace

TEST_CASE("of one lane urgent students go first, up and down") {
  Campaign campaign{110};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  for (const bool up : {true, false}) {
    CampaignNode& from = up ? east : hub;
    CampaignNode& to = up ? hub : east;
    const core::Audience audience = up ? core::kToHub : core::Audience{east.member.number.value};
    const BundleId first = from.write(Lane::record, 3'000, audience);
    const BundleId second = from.write(Lane::record, 3'000, audience);
    const BundleId urgent = from.write(Lane::record, 6'000, audience, true);
    Meeting meeting{east, hub};
    CHECK(order_of_coming(meeting, to, {first, second, urgent}) == std::vector{urgent, first, second});
    CHECK(meeting.caller().failure() == std::nullopt);
  }
}

TEST_CASE("an urgent picture goes in front of one that is half sent, at the next frame") {
  Campaign campaign{111};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId slow = east.write(Lane::photo, 200'000);
  LineMeeting meeting{east, hub, {kVillageLine, 300}};
  meeting.run_for(20'000);
  const BundleId urgent = east.write(Lane::photo, 4'000, core::kToHub, true);
  meeting.caller().shelf_changed(meeting.now);
  CHECK(meeting.run_until(60'000, [&] { return !hub.holding(urgent).empty(); }) < 4'500);  // 1.8 s of it are its own bytes
  CHECK(hub.holding(slow).empty());
  const std::uint64_t before = hub.shelf->partials().at(0).offset;
  CHECK(before > 30'000);
  meeting.run_until(120'000, [&] { return meeting.both_idle(); });
  CHECK(hub.holding(slow) == east.holding(slow));
  CHECK(meeting.put(0) < 212'000);  // nothing of it twice
}

TEST_CASE("urgent ones stand first in the list however many lie before them") {
  Campaign campaign{112};
  CampaignNode& east = campaign["east"];
  for (int i = 0; i < 5; ++i) east.write(Lane::record, 50);
  const BundleId urgent = east.write(Lane::record, 50, core::kToHub, true);
  const auto offers = *east.shelf->waiting_for(campaign.hub().peer(), {}, {}, {});
  REQUIRE(offers.size() == 6);
  CHECK(offers[0].id == urgent);
  CHECK(offers[0].urgent);
  protocol::Listed listed;
  for (const protocol::Offer& offer : offers) listed.note(offer);
  CHECK(east.shelf->waiting_for(campaign.hub().peer(), {}, {}, listed)->empty());
  core::Frontier has_all;
  has_all.raise(east.log(Lane::record), Seq{6});
  CHECK(east.shelf->waiting_for(campaign.hub().peer(), has_all, {}, {})->empty());
}

TEST_CASE("a relay frees an urgent bundle with all that speaks of it, and carries its urgency on") {
  Campaign campaign{113};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  const BundleId plain = east.write(Lane::record, 100);
  const BundleId urgent = east.write(Lane::record, 100, core::kToHub, true);
  Meeting{east, relay}.run();
  const auto offers = *relay.shelf->waiting_for(campaign.hub().peer(), {}, {}, {});
  REQUIRE(offers.size() == 2);
  CHECK(offers[0].id == urgent);
  CHECK(offers[1].id == plain);
  Meeting{relay, campaign.hub()}.run();
  CHECK(relay.holding(urgent).empty());
  std::size_t rows = 0;
  const core::Bytes prefix{static_cast<std::uint8_t>(core::keys::kUrgent)};
  REQUIRE(relay.store.scan(prefix, {}, [&](core::ByteView, core::ByteView) {
    ++rows;
    return true;
  }));
  CHECK(rows == 0);
}

TEST_CASE("a short picture does not wait for a scan ten times its size") {
  Campaign campaign{114};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId scan = east.write(Lane::photo, 120'000);
  const BundleId one = east.write(Lane::photo, 8'000);
  const BundleId two = east.write(Lane::photo, 9'000);
  Meeting meeting{east, hub};
  CHECK(order_of_coming(meeting, hub, {scan, one, two}) == std::vector{one, two, scan});
  CHECK(reach(hub, scan.log) == 3);
  CHECK(sound(hub));
  meeting.run_for(2'000, kVillageLine);
  CHECK(meeting.both_idle());
}

TEST_CASE("an original that is open makes way for a short one, and goes on where it was") {
  Campaign campaign{115};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId big = east.write(Lane::original, 400'000);
  LineMeeting meeting{east, hub, {25'000, 100}};
  meeting.run_for(5'000);
  const BundleId small = east.write(Lane::original, 10'000);
  meeting.caller().shelf_changed(meeting.now);
  CHECK(meeting.run_until(60'000, [&] { return !hub.holding(small).empty(); }) < 2'500);
  CHECK(hub.holding(big).empty());
  meeting.run_until(60'000, [&] { return meeting.both_idle(); });
  CHECK(hub.holding(big) == east.holding(big));
  CHECK(meeting.put(0) < 418'000);
}

TEST_CASE("under a steady supply of short ones a long bundle gets through, in one meeting or in many short ones") {
  const bool one_meeting = GENERATE(true, false);
  Campaign campaign{116};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId big = east.write(Lane::photo, 100'000);
  std::optional<LineMeeting> meeting;
  int second = 0;
  for (; second < 400 && hub.holding(big).empty(); ++second) {
    if (!meeting || (!one_meeting && second % 10 == 0)) meeting.emplace(east, hub, tests::LineWay{kVillageLine, 100});
    // Short ones alone would fill the line twice.
    for (int i = 0; i < 2; ++i) east.write(Lane::photo, 2'400);
    meeting->caller().shelf_changed(meeting->now);
    meeting->run_for(1'000);
    if (!one_meeting && second % 10 == 9) meeting->cut();
  }
  CHECK(second < (one_meeting ? 90 : 150));  // 40 s for itself, as much for those that pass, and each meeting's beginning
  CHECK(reach(hub, big.log) > 0);
}

TEST_CASE("under a steady supply of urgent ones the others get through") {
  Campaign campaign{117};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId plain = east.write(Lane::record, 2'000);
  for (int i = 0; i < 4; ++i) east.write(Lane::record, 2'000, core::kToHub, true);
  LineMeeting meeting{east, hub, {kVillageLine, 100}};
  int second = 0;
  for (; second < 100 && hub.holding(plain).empty(); ++second) {
    for (int i = 0; i < 2; ++i) east.write(Lane::record, 2'000, core::kToHub, true);
    meeting.caller().shelf_changed(meeting.now);
    meeting.run_for(1'000);
  }
  CHECK(second > 5);
  CHECK(second < 20);
}

TEST_CASE("foreign pictures take at most half of the line while own ones wait, and are not starved") {
  const bool urgent = GENERATE(false, true);
  Campaign campaign{118};
  CampaignNode& east = campaign["east"];
  CampaignNode& west = campaign["west"];
  CampaignNode& hub = campaign.hub();
  for (int i = 0; i < 30; ++i) west.write(Lane::photo, 10'000, core::kToHub, urgent);
  Meeting{west, east}.run();
  for (int i = 0; i < 30; ++i) east.write(Lane::photo, 10'000);
  LineMeeting meeting{east, hub, {25'000, 100}};
  const auto body_bytes = [&](const CampaignNode& author) {
    std::uint64_t out = 0;
    for (const protocol::Partial& partial : hub.shelf->partials()) {
      if (partial.id.log.author.node == author.member.number) out += partial.offset;
    }
    return out + 10'000 * reach(hub, author.log(Lane::photo));
  };
  meeting.run_for(3'000);
  const std::uint64_t own_before = body_bytes(east);
  const std::uint64_t foreign_before = body_bytes(west);
  meeting.run_for(8'000);
  const auto own = static_cast<double>(body_bytes(east) - own_before);
  const auto foreign = static_cast<double>(body_bytes(west) - foreign_before);
  const double share = foreign / (own + foreign);
  CHECK(share <= 0.52);  // a frame more or less
  CHECK(share >= (urgent ? 0.4 : 0.18));
  meeting.run_until(60'000, [&] { return meeting.both_idle(); });
  CHECK(reach(hub, east.log(Lane::photo)) == 30);
  CHECK(reach(hub, west.log(Lane::photo)) == 30);
}

TEST_CASE("foreign pictures have the whole line when nothing of our own waits in their lane") {
  Campaign campaign{119};
  CampaignNode& east = campaign["east"];
  CampaignNode& west = campaign["west"];
  for (int i = 0; i < 10; ++i) west.write(Lane::photo, 10'000);
  Meeting{west, east}.run();
  east.write(Lane::original, 500'000);
  LineMeeting meeting{east, campaign.hub(), {25'000, 100}};
  CHECK(meeting.run_until(60'000, [&] { return reach(campaign.hub(), west.log(Lane::photo)) == 10; }) < 6'000);
}

TEST_CASE("what lies whole beyond a gap is not sent again at the next meeting") {
  Campaign campaign{120};
  CampaignNode& east = campaign["east"];
  const bool by_relay = GENERATE(false, true);
  CampaignNode& to = by_relay ? campaign["relay"] : campaign.hub();
  const BundleId first = east.write(Lane::photo, 60'000);
  std::vector<BundleId> urgent;
  for (int i = 0; i < 6; ++i) urgent.push_back(east.write(Lane::photo, 5'000, core::kToHub, true));
  {
    Meeting cut{east, to};
    for (int i = 0; i < 3'000 && to.holding(urgent.back()).empty(); ++i) cut.run_for(20, kVillageLine);
    REQUIRE(to.holding(first).empty());
    REQUIRE(reach(to, first.log) == 0);
  }
  CHECK(*to.shelf->beyond_gaps() == std::vector<protocol::BeyondGap>{{first.log, Seq{2}, 6}});
  to.reopen();
  CHECK(*to.shelf->beyond_gaps() == std::vector<protocol::BeyondGap>{{first.log, Seq{2}, 6}});
  Meeting again{east, to};
  again.run();
  CHECK(again.both_idle());
  CHECK(again.moved(0) < 63'000);
  CHECK(again.caller().stats().bundles_sent[core::lane_index(Lane::photo)] == 1);
  CHECK(reach(to, first.log) == 7);
  CHECK(to.shelf->beyond_gaps()->empty());
  CHECK(sound(to));
  if (by_relay) {
    Meeting{campaign["relay"], campaign.hub()}.run();
    CHECK(to.holding(first).empty());
    CHECK(to.holding(urgent.back()).empty());
  }
  // And both remember the same: the next meeting is an empty one, but for the receipt that the relay has by now.
  Meeting third{east, to};
  third.run();
  CHECK(third.moved() <= (by_relay ? 300 : 220));
}

TEST_CASE("a receipt that closes a gap frees what lies on both sides of it") {
  Campaign campaign{121};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  const BundleId first = east.write(Lane::photo, 60'000);
  const BundleId urgent = east.write(Lane::photo, 5'000, core::kToHub, true);
  Meeting cut{east, relay};
  for (int i = 0; i < 3'000 && relay.holding(urgent).empty(); ++i) cut.run_for(20, kVillageLine);
  REQUIRE(relay.holding(first).empty());
  Meeting{east, campaign.hub()}.run();
  Meeting meeting{relay, campaign.hub()};
  meeting.run();
  CHECK(relay.shelf->receipt()->stored(urgent));
  CHECK(relay.holding(urgent).empty());
  CHECK(relay.shelf->beyond_gaps()->empty());
  CHECK(relay.shelf->frontier().covers(urgent));
  CHECK(relay.shelf->partials().empty());
  CHECK(sound(relay));
}

TEST_CASE("a peer that lies about what it has beyond a gap keeps nothing from others") {
  Campaign campaign{122};
  CampaignNode& east = campaign["east"];
  const BundleId id = east.write(Lane::record, 300);
  protocol::Session victim = protocol::Session::answerer(east.session_setup(), core::MonoMs{1'000});
  protocol::Hello hello = tests::Liar::plain_hello(campaign["relay"]);
  hello.beyond = {{id.log, Seq{1}, 4'000}};
  tests::Liar liar{campaign["relay"], east.member, victim, hello};
  CHECK_FALSE(victim.failure());
  Meeting meeting{east, campaign.hub()};
  meeting.run();
  CHECK(campaign.hub().holding(id) == east.holding(id));
  CHECK(east.shelf->receipt()->opened(id));
}

TEST_CASE("originals that the line would not carry in half a day are held, and the meeting is over without them") {
  Campaign campaign{123};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  std::vector<BundleId> originals;
  for (int i = 0; i < 4; ++i) originals.push_back(east.write(Lane::original, 1'000'000));
  const BundleId photo = east.write(Lane::photo, 6'000);
  const tests::LineWay line{kVillageLine, 300};  // 27 minutes for all
  const auto within = [](std::int64_t ms) { return [ms](protocol::SessionSetup& setup) { setup.originals_within_ms = ms; }; };
  {
    LineMeeting meeting{east, hub, line, {}, within(20 * 60'000)};
    CHECK(meeting.run_until(120'000, [&] { return meeting.both_idle(); }) < 20'000);
    CHECK(hub.holding(photo) == east.holding(photo));
    CHECK(meeting.caller().progress().originals_held.bundles == 4);
    CHECK(meeting.caller().progress().originals_held.bytes > 3'900'000);
    CHECK(meeting.caller().all_sent());
    // What comes later goes all the same.
    const BundleId record = east.write(Lane::record, 300);
    meeting.caller().shelf_changed(meeting.now);
    meeting.run_for(5'000);
    CHECK_FALSE(hub.holding(record).empty());
    CHECK(meeting.both_idle());
  }
  {
    // It may be another line the next time: that is found out by sending some of them, and is no loss.
    LineMeeting meeting{east, hub, line, {}, within(20 * 60'000)};
    meeting.run_until(60'000, [&] { return meeting.both_idle(); });
    CHECK(meeting.caller().progress().originals_held.bundles == 4);
    CHECK(meeting.put(0) < 10'000);
    CHECK(hub.shelf->partials().at(0).offset > 0);
  }
  {
    LineMeeting meeting{east, hub, line, {}, within(30 * 60'000)};
    meeting.run_for(30'000);
    CHECK(meeting.caller().progress().originals_held.bundles == 0);
    CHECK_FALSE(hub.shelf->partials().empty());
  }
  {
    LineMeeting meeting{east, hub, line, {}, [](protocol::SessionSetup& setup) { setup.originals_within_ms.reset(); }};
    meeting.run_until(40 * 60'000, [&] { return meeting.both_idle(); });
    for (const BundleId& id : originals) CHECK(hub.holding(id) == east.holding(id));
  }
}

TEST_CASE("held originals go when the line has become fast enough") {
  Campaign campaign{124};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId original = east.write(Lane::original, 1'000'000);
  for (int i = 0; i < 40; ++i) east.write(Lane::photo, 20'000);
  LineMeeting meeting{
      east, hub, {kVillageLine, 300}, {}, [](protocol::SessionSetup& setup) { setup.originals_within_ms = 60'000; }};
  meeting.run_for(20'000);
  CHECK(meeting.caller().progress().originals_held.bundles == 1);
  meeting.set_rate(100'000);
  meeting.run_until(60'000, [&] { return meeting.both_idle(); });
  CHECK(hub.holding(original) == east.holding(original));
  CHECK(meeting.caller().progress().originals_held.bundles == 0);
}
