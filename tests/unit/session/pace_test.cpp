#include <catch2/catch.hpp>

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

constexpr std::uint64_t kVillageLine = 2'500;  ///< 20 kbit/s

/// How long until `done` holds on that line.
template <class Done>
std::int64_t time_until(Meeting& meeting, std::uint64_t bytes_per_second, std::int64_t most_ms, const Done& done) {
  const core::MonoMs begun = meeting.now;
  while (!done() && meeting.now - begun < most_ms) meeting.run_for(20, bytes_per_second);
  return meeting.now - begun;
}

void run_until(Session& session, core::MonoMs end, core::MonoMs& now) {
  while (now < end && !session.failure()) {
    now = std::min(end, session.deadline());
    static_cast<void>(session.wake(now).has_value());
  }
}

}  // namespace

TEST_CASE("control goes before records, records before photos, photos before originals") {
  Campaign campaign{40};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  std::array<BundleId, 4> ids;
  for (const Lane lane : {Lane::original, Lane::photo, Lane::record, Lane::control}) {
    ids[core::lane_index(lane)] = east.write(lane, 4'000);
  }
  Meeting meeting{east, hub, {.digest = false}};
  std::array<core::MonoMs, 4> came{};
  for (int i = 0; i < 2'000; ++i) {
    meeting.run_for(20, kVillageLine);
    for (std::size_t lane = 0; lane < 4; ++lane) {
      if (came[lane].value == 0 && !hub.holding(ids[lane]).empty()) came[lane] = meeting.now;
    }
  }
  CHECK(came[0].value > 0);
  CHECK(came[0] < came[1]);
  CHECK(came[1] < came[2]);
  CHECK(came[2] < came[3]);
}

TEST_CASE("a control item in the middle of an original is there within two seconds at 20 kbit/s") {
  Campaign campaign{41};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId original = east.write(Lane::original, 150'000);
  Meeting meeting{east, hub};
  meeting.run_for(20'000, kVillageLine);
  REQUIRE(hub.shelf->partials().size() == 1);
  const std::uint64_t before = hub.shelf->partials()[0].offset;
  const BundleId control = east.write(Lane::control, 100);
  meeting.caller().shelf_changed(meeting.now);
  const std::int64_t took = time_until(meeting, kVillageLine, 10'000, [&] { return !hub.holding(control).empty(); });
  CHECK(took <= 2'000);
  CHECK(hub.shelf->partials()[0].offset >= before);
  meeting.run_for(120'000, kVillageLine);
  CHECK(hub.holding(original) == east.holding(original));
  CHECK(meeting.moved(0) < 160'000);  // it went on where it was
}

TEST_CASE("a frame holds half a second of the line, once the line is known") {
  Campaign campaign{42};
  CampaignNode& east = campaign["east"];
  east.write(Lane::original, 400'000);
  for (const std::uint64_t line : {2'500U, 16'000U}) {
    Meeting meeting{east, campaign.hub()};
    meeting.run_for(10'000, line);
    const auto rate = meeting.caller().progress().send_rate;
    REQUIRE(rate.has_value());
    CHECK(*rate > line * 8 / 10);
    CHECK(*rate < line * 12 / 10);
    CHECK(meeting.caller().pending().size() < line + 1'500);  // two frames at the most
  }
}

TEST_CASE("a site that sends for minutes is sent a receipt now and then, not one a bundle") {
  Campaign campaign{43};
  CampaignNode& east = campaign["east"];
  for (int i = 0; i < 100; ++i) east.write(Lane::record, 500);
  Meeting meeting{east, campaign.hub()};
  const std::int64_t took = time_until(meeting, kVillageLine, 120'000, [&] { return meeting.both_idle(); });
  REQUIRE(meeting.both_idle());
  CHECK(took < 45'000);
  CHECK(meeting.caller().stats().receipts_received >= 3);
  CHECK(meeting.caller().stats().receipts_received <= 6);
  CHECK(meeting.moved(1) < 100 * 40);
}

TEST_CASE("a peer that falls silent is asked, and after thirty seconds given up") {
  Campaign campaign{44};
  Meeting meeting{campaign["east"], campaign.hub()};
  meeting.run();
  REQUIRE(meeting.both_idle());
  Session& east = meeting.caller();
  core::MonoMs now = meeting.now;
  const core::MonoMs begun = now;
  CHECK(east.deadline() == begun + protocol::kSilenceMs / 3);
  now = east.deadline();
  REQUIRE(east.wake(now));
  CHECK(east.pending().size() == protocol::kFrameHeader + 2 + core::kTagSize);  // a ping
  CHECK(east.deadline() == begun + protocol::kSilenceMs);
  REQUIRE(east.wake(begun + (protocol::kSilenceMs - 1)));
  const auto woken = east.wake(begun + protocol::kSilenceMs);
  REQUIRE_FALSE(woken);
  CHECK(woken.error().code == Code::kPeerSilent);
  CHECK(east.state() == Session::State::failed);
  // There is an end to waiting for the line to take our last words, too.
  CHECK(east.deadline() == begun + (protocol::kSilenceMs + protocol::kFarewellMs));
}

TEST_CASE("an idle pair on an open line stays together for a day, and a ping now and then is all it says") {
  Campaign campaign{45};
  Meeting meeting{campaign["east"], campaign.hub()};
  meeting.run();
  const std::uint64_t before = meeting.moved();
  constexpr std::int64_t kDay = 24 * 3600 * 1000LL;
  const core::MonoMs begun = meeting.now;
  while (meeting.now - begun < kDay) {
    meeting.wait_for_deadline();
    meeting.run();
    REQUIRE_FALSE(meeting.caller().failure());
  }
  CHECK(meeting.both_idle());
  CHECK(meeting.moved() - before <= (kDay / (protocol::kSilenceMs / 3) + 2) * 2 * 20);
}

TEST_CASE("the time that a peer may be silent grows with the slowness of the line") {
  Campaign campaign{46};
  CampaignNode& east = campaign["east"];
  east.write(Lane::original, 60'000);
  Meeting meeting{east, campaign.hub()};
  meeting.run_for(120'000, 60);  // bytes a second
  REQUIRE(meeting.caller().progress().send_rate.has_value());
  REQUIRE_FALSE(meeting.caller().failure());
  REQUIRE_FALSE(meeting.answerer().failure());
  // One frame, a bundle's header in it, takes longer than 10 s here.
  core::MonoMs now = meeting.now;
  run_until(meeting.caller(), now + protocol::kSilenceMs, now);
  CHECK_FALSE(meeting.caller().failure());
  run_until(meeting.caller(), now + 10 * protocol::kSilenceMs, now);
  REQUIRE(meeting.caller().failure());
  CHECK(meeting.caller().failure()->code == Code::kPeerSilent);
}

TEST_CASE("a caller that drips byte by byte, or never ends its greeting, loses its place") {
  Campaign campaign{47};
  core::MonoMs now{5'000};
  const core::MonoMs begun = now;
  Session hub = Session::answerer(campaign.hub().session_setup(), now);
  const core::Bytes head{0x00, 0xA0, 0x03};  // a first message of 40 KB is to come
  REQUIRE(hub.receive(head, now));
  SECTION("one byte a second") {
    const core::Bytes byte{0};
    while (!hub.failure()) {
      now = now + 1'000;
      if (now >= hub.deadline()) static_cast<void>(hub.wake(now).has_value());
      if (!hub.failure()) static_cast<void>(hub.receive(byte, now).has_value());
    }
    // 63 bytes are no sign of life; the 64th is, every 64 s: too late.
    CHECK(now - begun == protocol::kSilenceMs);
  }
  SECTION("enough to seem alive") {
    const core::Bytes some(protocol::kSignOfLife, 0);
    while (!hub.failure()) {
      now = now + 10'000;
      if (now >= hub.deadline()) static_cast<void>(hub.wake(now).has_value());
      if (!hub.failure()) static_cast<void>(hub.receive(some, now).has_value());
    }
    // A byte that comes is worth a sixty-fourth of a second more: this drip gains a tenth of what it takes.
    CHECK(now - begun >= protocol::kGreetingMs);
    CHECK(now - begun <= protocol::kGreetingMs * 9 / 8);
  }
  CHECK(hub.failure()->code == Code::kPeerSilent);
}
