// What a line does to a meeting: slow, changing, away for most of the time.
#include <catch2/catch.hpp>

#include "tests/sim/line_meeting.h"

using namespace satchel;
using core::BundleId;
using core::Lane;
using tests::Campaign;
using tests::CampaignNode;
using tests::LineMeeting;
using tests::LineTurns;
using tests::LineWay;

namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kDelayMs = 100;

void all_originals(protocol::SessionSetup& setup) { setup.originals_within_ms.reset(); }

/// How long a control item takes that is written now.
std::int64_t control_takes(LineMeeting& meeting, CampaignNode& from, const CampaignNode& to) {
  const BundleId id = from.write(Lane::control, 100);
  meeting.caller().shelf_changed(meeting.now);
  return meeting.run_until(kMinute, [&] { return !to.holding(id).empty(); });
}

}  // namespace

TEST_CASE(
    "a control item is there within two seconds whatever the line's pace is, from the first moment and after it has changed "
    "tenfold") {
  const std::uint64_t pace = GENERATE(2'500U, 25'000U, 250'000U);
  Campaign campaign{140};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  east.write(Lane::original, 12'000'000);
  LineMeeting meeting{east, hub, {pace, kDelayMs}, {}, all_originals};
  INFO(pace << " bytes a second");
  for (const std::int64_t after_ms : {300, 700, 2'000, 10'000}) {
    meeting.run_for(after_ms);
    CHECK(control_takes(meeting, east, hub) <= 2'000);
  }
  if (pace > 2'500) {
    meeting.set_rate(pace / 10);
    meeting.run_for(8'000);  // a frame that was made for the faster line goes first, and takes ten times its time
    CHECK(control_takes(meeting, east, hub) <= 2'000);
    meeting.set_rate(pace);
    meeting.run_for(4'000);
  } else {
    meeting.set_rate(pace * 10);
    meeting.run_for(4'000);
  }
  CHECK(control_takes(meeting, east, hub) <= 2'000);
  const auto rate = meeting.caller().progress().send_rate;
  REQUIRE(rate);
  CHECK(*rate > (pace > 2'500 ? pace : pace * 10) * 8 / 10);
  CHECK(*rate < (pace > 2'500 ? pace : pace * 10) * 12 / 10);
}

TEST_CASE("what fills the buffers below at first does not pass for the line") {
  Campaign campaign{141};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  east.write(Lane::original, 1'000'000);
  LineMeeting meeting{east, hub, {.bytes_per_second = 2'500, .delay_ms = 300, .window = 14'600}, {}, all_originals};
  meeting.run_for(3'000);
  CHECK(meeting.caller().progress().send_rate.value_or(2'500) < 4'000);
  meeting.run_for(20'000);
  CHECK(meeting.caller().progress().send_rate.value_or(0) > 2'000);
  CHECK(control_takes(meeting, east, hub) <= 2'000);
}

TEST_CASE("a receipt of thousands of logs goes in parts that fit the line") {
  Campaign campaign{142};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  LineMeeting meeting{east, hub, {2'500, kDelayMs}};
  meeting.run_for(5'000);
  core::Receipt receipt;
  receipt.campaign = campaign.founding().id();
  receipt.hub = hub.incarnation;
  receipt.epoch = 1;
  receipt.version = 9;
  for (std::uint32_t node = 100; node < 1'600; ++node) {
    receipt.logs[{{core::NodeNumber{node}, core::Incarnation{node}}, core::kToHub, Lane::record}] = {core::Seq{5}, core::Seq{5}};
    receipt.tags[{core::NodeNumber{node}, core::Incarnation{node}}] = {};
  }
  core::sign_receipt(receipt, hub.identity.sign);
  const std::size_t size = core::encode(receipt).size();
  REQUIRE(size > 20'000);
  REQUIRE(hub.shelf->set_receipt(receipt).value());
  meeting.answerer().shelf_changed(meeting.now);
  std::size_t most = 0;
  meeting.run_until(kMinute, [&] {
    most = std::max(most, meeting.answerer().pending().size());
    return east.shelf->receipt() && east.shelf->receipt()->version == 9;
  });
  CHECK(east.shelf->receipt()->version == 9);
  CHECK(most < 4'000);  // not a frame of 16 KiB, which would be seven seconds of this line
}

TEST_CASE("a greeting of 15 KB over 2 kbit/s that is there for a third of the time is the beginning of a meeting") {
  Campaign campaign{143};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  for (int i = 0; i < 60; ++i) east.write(Lane::original, 10'000);
  LineMeeting fast{east, hub, {100'000, kDelayMs}};
  fast.run_until(kMinute, [&] { return fast.both_idle(); });
  std::vector<BundleId> records;
  for (int i = 0; i < 30; ++i) records.push_back(east.write(Lane::record, 400));
  LineMeeting slow{east, hub, {.bytes_per_second = 250, .delay_ms = 600, .below = 16'000}, LineTurns{20'000, 47'000}};
  REQUIRE(slow.caller().pending().size() + slow.put(0) >
          13'000);  // the first message holds what the line of that day took in a second
  const std::int64_t took = slow.run_until(20 * kMinute, [&] { return slow.both_idle() || slow.failed(); });
  CHECK_FALSE(slow.failed());
  CHECK(took < 10 * kMinute);
  for (const BundleId& id : records) CHECK_FALSE(hub.holding(id).empty());
}

TEST_CASE("a meeting outlives outages as long as those that it has seen") {
  Campaign campaign{144};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId id = east.write(Lane::original, 60'000);
  LineMeeting meeting{east, hub, {2'500, kDelayMs}, LineTurns{12'000, 28'000}};
  meeting.run_until(10 * kMinute, [&] { return meeting.both_idle() || meeting.failed(); });
  CHECK_FALSE(meeting.failed());
  CHECK(hub.holding(id) == east.holding(id));
}

TEST_CASE("over 2 kbit/s a photo comes whole in one meeting") {
  Campaign campaign{145};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId id = east.write(Lane::photo, 60'000);
  LineMeeting meeting{east, hub, {250, 1'000}};
  meeting.run_until(10 * kMinute, [&] { return meeting.both_idle() || meeting.failed(); });
  CHECK_FALSE(meeting.failed());
  CHECK(hub.holding(id) == east.holding(id));
}
