// bench_line: how soon what matters arrives over a slow line, and what a cut costs, with the real session, link and shelf over a
// line with a rate and a delay, in virtual time (tests/sim/line_meeting.h).
//   build/bench/bench_line
// Beside each row stands what was wanted of it; `-` where nothing was. Exit 1 when a row misses its limit.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "tests/sim/line_meeting.h"

namespace {

using namespace satchel;
using core::BundleId;
using core::Lane;
using tests::Campaign;
using tests::CampaignNode;
using tests::LineMeeting;
using tests::LineWay;

constexpr std::uint64_t kVillage = 2'500;  // 20 kbit/s
constexpr std::int64_t kHour = 3'600'000;

bool all_met = true;

void row(const char* what, double value, const char* unit, double limit) {
  const bool met = limit < 0 || value <= limit;
  all_met = all_met && met;
  if (limit < 0) {
    std::printf("%-84s %10.2f %-4s wanted -\n", what, value, unit);
  } else {
    std::printf("%-84s %10.2f %-4s wanted %g%s\n", what, value, unit, limit, met ? "" : "   MISSED");
  }
}

/// TCP's handshake is one round trip; then the first message goes.
void round_trips() {
  constexpr std::int64_t kOneWay = 500;
  for (const bool met_before : {false, true}) {
    Campaign campaign{1};
    CampaignNode& east = campaign["east"];
    const LineWay fast{1'250'000, kOneWay};
    if (met_before) LineMeeting{east, campaign.hub(), fast}.run_for(10'000);
    const BundleId id = east.write(Lane::record, 300);
    LineMeeting meeting{east, campaign.hub(), fast};
    const std::int64_t took = meeting.run_until(60'000, [&] { return !campaign.hub().holding(id).empty(); });
    row(met_before ? "round trips from SYN to a whole record at the hub, peers that have met"
                   : "round trips from SYN to a whole record at the hub, at the first meeting",
        1.0 + static_cast<double>(took) / (2 * kOneWay), "RTT", 1.52);
  }
}

/// Sixty students, each record in a bundle of its own.
struct Sixty {
  double records_s = 0;
  double previews_s = 0;
};

/// Sixty students, as a site writes them, everything that they have waiting at once.
Sixty sixty_students() {
  Campaign campaign{2};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  std::vector<BundleId> records;
  std::vector<BundleId> previews;
  for (int i = 0; i < 60; ++i) {
    previews.push_back(east.write(Lane::photo, 4'000));
    east.write(Lane::photo, 30'000);
    east.write(Lane::original, 3'000'000);
    records.push_back(east.write(Lane::record, 300));
  }
  LineMeeting meeting{east, hub, {kVillage, 300}};
  const auto time_of = [&](std::vector<BundleId>& left) {
    const auto all_there = [&] {
      while (!left.empty() && !hub.holding(left.back()).empty()) left.pop_back();
      return left.empty();
    };
    return static_cast<double>(meeting.run_until(kHour, all_there)) / 1000;
  };
  Sixty out;
  out.records_s = time_of(records);
  out.previews_s = out.records_s + time_of(previews);
  return out;
}

double control_within_original(std::uint64_t bytes_per_second, std::int64_t after_ms) {
  Campaign campaign{3};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  east.write(Lane::original, 40'000'000);
  LineMeeting meeting{east, hub, {bytes_per_second, 300}};
  meeting.run_for(after_ms);
  const BundleId control = east.write(Lane::control, 200);
  meeting.caller().shelf_changed(meeting.now);
  return static_cast<double>(meeting.run_until(kHour, [&] { return !hub.holding(control).empty(); })) / 1000;
}

std::uint64_t kept(const CampaignNode& node) {
  const auto partials = node.shelf->partials();
  return partials.empty() ? 0 : partials.front().offset;
}

/// What an original costs on the wire, uncut, and one header more: what every meeting that goes on with it pays.
struct Price {
  std::uint64_t whole = 0;
  std::uint64_t again = 0;
};

constexpr std::size_t kOriginal = 200'000;

Price price_of_original(const LineWay& line) {
  Campaign campaign{4};
  CampaignNode& east = campaign["east"];
  const auto meet = [&] {
    LineMeeting meeting{east, campaign.hub(), line};
    meeting.run_until(kHour, [&] { return meeting.both_idle(); });
    return meeting.put(0);
  };
  meet();
  Price out;
  const BundleId id = east.write(Lane::original, kOriginal);
  out.whole = meet();
  out.again = meet() + (*east.shelf->header(id))->bytes.size();
  return out;
}

/// The line breaks at many moments; what then goes over it that it had carried already.
void after_a_cut() {
  const LineWay line{8'000, 300};  // 64 kbit/s: a frame holds up to 4,000 bytes
  const Price price = price_of_original(line);
  std::int64_t most_cut = 0;
  std::int64_t most_killed = 0;
  std::int64_t most_unpowered = 0;
  std::uint64_t frame = 0;
  for (std::int64_t at = 1'500; at < 25'000; at += 391) {
    Campaign campaign{4};
    CampaignNode& east = campaign["east"];
    CampaignNode& hub = campaign.hub();
    LineMeeting{east, hub, line}.run_for(10'000);
    east.write(Lane::original, kOriginal);
    std::uint64_t put = 0;
    {
      LineMeeting broken{east, hub, line};
      broken.run_for(at);
      broken.cut();
      put = broken.arrived(0);  // what never arrived the line had not carried
      const std::uint64_t rate = broken.caller().progress().send_rate.value_or(0);
      frame = std::max(frame, rate * static_cast<std::uint64_t>(protocol::kPieceMs) / 1000);
    }
    const std::uint64_t before = kept(hub);
    hub.reopen();
    most_killed = std::max(most_killed, static_cast<std::int64_t>(before) - static_cast<std::int64_t>(kept(hub)));
    LineMeeting again{east, hub, line};
    again.run_until(kHour, [&] { return again.both_idle(); });
    const auto cost = static_cast<std::int64_t>(put + again.put(0)) - static_cast<std::int64_t>(price.whole + price.again);
    most_cut = std::max(most_cut, cost);

    Campaign other{4};
    LineMeeting dark{other["east"], other.hub(), line};
    other["east"].write(Lane::original, kOriginal);
    dark.caller().shelf_changed(dark.now);
    dark.run_for(at);
    dark.cut();
    const std::uint64_t lit = kept(other.hub());
    other.hub().crash();
    most_unpowered = std::max(most_unpowered, static_cast<std::int64_t>(lit) - static_cast<std::int64_t>(kept(other.hub())));
  }
  row("a frame on that line, head and seal included", static_cast<double>(frame + 300), "B", -1);
  row("sent again after a cut, at most", static_cast<double>(most_cut), "B", static_cast<double>(frame + 300));
  row("sent again after the receiver was killed, beyond that", static_cast<double>(most_killed), "B", 0);
  row("sent again after the receiver lost power, beyond that", static_cast<double>(most_unpowered), "B", protocol::kUnsyncedMax);
}

}  // namespace

int main() {
  core::crypto_init();
  round_trips();
  const Sixty sixty = sixty_students();
  row("records of 60 students (300 B each) at 20 kbit/s while 180 MB of originals wait", sixty.records_s, "s", 15);
  row("    and their previews (4 KB each), while their pictures wait", sixty.previews_s, "s", -1);
  row("a control item in the middle of an original, 20 kbit/s, a minute after the start",
      control_within_original(kVillage, 60'000), "s", 2);
  row("    two seconds after the start, the line not measured yet", control_within_original(kVillage, 2'000), "s", 2);
  after_a_cut();
  return all_met ? 0 : 1;
}
