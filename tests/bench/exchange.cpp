// bench_exchange: what a meeting of two nodes costs on the wire, in application bytes (framing and handshake included, TCP and IP
// not), with the real shelf, session and link over a stream in memory.
//   build/bench/bench_exchange
// Beside each row stands what was wanted of it; `-` where nothing was. Exit 1 when a row misses a limit that holds already.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/record/entry.h"
#include "protocol/bundle/payload.h"
#include "tests/sim/campaign.h"

namespace {

using namespace satchel;
using core::Lane;
using protocol::Session;
using tests::Campaign;
using tests::CampaignNode;

/// Bytes by direction.
struct Cost {
  std::uint64_t up = 0;
  std::uint64_t down = 0;
  std::uint64_t both() const { return up + down; }
};

struct Meeting {
  Meeting(CampaignNode& from, CampaignNode& to)
      : caller_node(from),
        answerer_node(to),
        caller(Session::caller(from.session_setup(), to.member, now)),
        answerer(Session::answerer(to.session_setup(), now)) {}

  /// Until both have nothing left to say. `bytes_per_second` paces the stream, so that the session learns what the line carries.
  Cost run(std::uint64_t bytes_per_second) {
    const auto tick = static_cast<std::size_t>(std::max<std::uint64_t>(1, bytes_per_second / 100));
    Cost cost;
    while (!caller.idle() || !answerer.idle()) {
      now = now + 10;
      cost.up += move(caller, answerer, answerer_node, tick);
      cost.down += move(answerer, caller, caller_node, tick);
      SATCHEL_CHECK(!caller.failure() && !answerer.failure());
    }
    return cost;
  }

  std::uint64_t move(Session& from, Session& to, CampaignNode& receiver, std::size_t most) {
    std::uint64_t moved = 0;
    while (moved < most && !from.pending().empty()) {
      const std::size_t n = std::min(from.pending().size(), most - static_cast<std::size_t>(moved));
      const core::Bytes piece = core::to_bytes(from.pending().first(n));
      from.sent(n, now);
      SATCHEL_CHECK(to.receive(piece, now).has_value());
      moved += n;
    }
    // A node opens what came and signs when a turn is over.
    if (moved > 0 && receiver.digest()) to.shelf_changed(now);
    return moved;
  }

  core::MonoMs now{1'000};
  CampaignNode& caller_node;
  CampaignNode& answerer_node;
  Session caller;
  Session answerer;
};

constexpr std::uint64_t kFast = 1'000'000;
constexpr std::uint64_t kSlow = 8'000;  // 64 kbit/s

bool all_met = true;

void row(const char* what, double value, const char* unit, double limit, const char* wanted) {
  const bool met = limit <= 0 || value <= limit;
  all_met = all_met && met;
  std::printf("%-66s %10.2f %-4s wanted %s%s\n", what, value, unit, wanted, met ? "" : "   MISSED");
}

double overhead(std::uint64_t bytes_per_second) {
  Campaign campaign{1};
  CampaignNode& east = campaign["east"];
  constexpr std::size_t kPhoto = 120 * 1024;
  // One of several, when the line is known and the handshake paid.
  for (int i = 0; i < 8; ++i) east.write(Lane::photo, kPhoto);
  Meeting meeting{east, campaign.hub()};
  meeting.run(bytes_per_second);
  east.write(Lane::photo, kPhoto);
  meeting.caller.shelf_changed(meeting.now);
  const Cost cost = meeting.run(bytes_per_second);
  return (static_cast<double>(cost.up) - static_cast<double>(kPhoto)) / static_cast<double>(kPhoto) * 100;
}

void nothing_to_do() {
  Campaign campaign{2};
  CampaignNode& east = campaign["east"];
  campaign.hub().write(Lane::control, 200, core::kEveryone);
  campaign.hub().write(Lane::record, 200, core::Audience{east.member.number.value});
  for (int i = 0; i < 200; ++i) east.write(Lane::record, 200);
  east.write(Lane::photo, 2'000);
  Meeting{east, campaign.hub()}.run(kFast);
  const Cost cost = Meeting{east, campaign.hub()}.run(kFast);
  row("nothing to do: site and hub, handshake included, up", static_cast<double>(cost.up), "B", 0, "-");
  row("nothing to do: site and hub, handshake included, down", static_cast<double>(cost.down), "B", 0, "-");
  row("nothing to do: site and hub, handshake included, both ways", static_cast<double>(cost.both()), "B", 220, "300, then 220");
}

void nothing_to_do_at_a_relay() {
  Campaign campaign{3};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  east.write(Lane::record, 200);
  east.write(Lane::photo, 2'000);
  Meeting{east, relay}.run(kFast);
  const Cost cost = Meeting{east, relay}.run(kFast);
  row("nothing to do: site and relay, which carries two logs of it", static_cast<double>(cost.both()), "B", 220, "300, then 220");
}

/// What it costs to find out that `authors` have written ten bundles each since two relays last met: the hellos beyond those of
/// two that know nothing. Both have the bundles by now, each from elsewhere, so that nothing else goes over; and they are of a
/// lane that does not go with the first message on suspicion.
void discovery(std::size_t authors) {
  std::vector<std::string> names;
  std::vector<Campaign::Enrolment> enrolments;
  for (std::size_t i = 0; i < authors; ++i) names.push_back("site" + std::to_string(i));
  for (const std::string& name : names) enrolments.push_back({name, core::Role::site});
  enrolments.push_back({"relay", core::Role::relay});
  enrolments.push_back({"other", core::Role::relay});
  Campaign campaign{4, enrolments};
  CampaignNode& relay = campaign["relay"];
  CampaignNode& other = campaign["other"];
  const Cost empty = Meeting{relay, other}.run(kFast);
  const auto write_everywhere = [&] {
    for (const std::string& name : names) {
      for (int i = 0; i < 10; ++i) campaign[name].write(Lane::photo, 8);
      Meeting{campaign[name], relay}.run(kFast);
      Meeting{campaign[name], other}.run(kFast);
    }
  };
  const auto each_way = [&] { return static_cast<double>(Meeting{relay, other}.run(kFast).both() - empty.both()) / 2; };
  write_everywhere();
  const double first = each_way();
  write_everywhere();
  const double later = each_way();
  const std::string who = std::to_string(authors) + (authors == 1 ? " author" : " authors");
  const auto limit = static_cast<double>(4 * authors + 16);
  row(("10 new bundles of each of " + who + " are found, one way").c_str(), later, "B", limit,
      ("4a + 16 = " + std::to_string(4 * authors + 16)).c_str());
  row(("    the same at the first meeting ever: " + who + " are named").c_str(), first, "B", 0, "-");
}

/// A bundle of `records` of 200 bytes in the middle of a log, sealed for hub and recovery key.
void records_in_one_bundle(std::size_t records) {
  constexpr std::size_t kRecord = 200;
  Campaign campaign{7};
  CampaignNode& east = campaign["east"];
  core::Run run{east.log(Lane::record), core::Seq{500}, {}, {}, {}};
  for (auto& byte : run.previous.value) byte = 7;
  core::RecordId id = run.previous;
  for (std::size_t i = 0; i < records; ++i) {
    run.bodies.emplace_back(kRecord);
    east.rng.fill(run.bodies.back());
    id = core::record_id({run.log, core::Seq{run.first.value + i}, id, run.bodies.back()});
  }
  run.signature = core::sign_record(east.identity.sign, id);
  protocol::Payload payload;
  payload.runs.push_back(run);
  const core::Bytes plain = protocol::encode_payload(payload);
  const core::Founding& founding = campaign.founding();
  const protocol::SealRequest request{{run.log, core::Seq{400}}, {}, {founding.hub_box, founding.recovery_box}, {}, plain,
                                      protocol::ChunkSize::k16};
  const auto sealed = protocol::seal_bundle(request, east.identity.sign, east.rng);
  SATCHEL_CHECK(sealed.has_value());
  const double whole = static_cast<double>(sealed->header.bytes.size() + sealed->body.size());
  const double over = whole / static_cast<double>(records) - static_cast<double>(kRecord);
  row(("overhead of each of " + std::to_string(records) + " records in one bundle: runs, seal and header").c_str(), over, "B",
      records < 18 ? 0 : 24, "24");
}

void receipts() {
  Campaign campaign{5};
  CampaignNode& east = campaign["east"];
  constexpr int kMany = 1'200;
  for (int i = 0; i < kMany; ++i) east.write(Lane::record, 200);
  Meeting meeting{east, campaign.hub()};
  const Cost cost = meeting.run(kFast);
  const double receipt = static_cast<double>(core::encode(*east.shelf->receipt()).size());
  row("one receipt that covers 1,200 bundles of one author", receipt, "B", 0, "-");
  row("    a bundle", receipt / kMany, "B", 0.2, "0.2");
  row("all that goes back for 1,200 bundles (confirmations, receipts), a bundle", static_cast<double>(cost.down) / kMany, "B", 0,
      "-");
}

void one_record() {
  Campaign campaign{6};
  CampaignNode& east = campaign["east"];
  const core::BundleId id = east.write(Lane::record, 200);
  const std::uint64_t sealed = east.holding(id).size();
  Meeting{east, campaign.hub()}.run(kFast);
  Meeting meeting{east, campaign.hub()};
  meeting.run(kFast);
  east.write(Lane::record, 200);
  meeting.caller.shelf_changed(meeting.now);
  const Cost cost = meeting.run(kFast);
  row("one record of 200 bytes: sealed for two, signed", static_cast<double>(sealed - 200), "B", 300, "300");
  row("    and on an open link, with its frame and `done`", static_cast<double>(cost.up - 200), "B", 0, "-");
  row("    the answer: stored, and the receipt", static_cast<double>(cost.down), "B", 0, "-");
}

}  // namespace

int main() {
  core::crypto_init();
  nothing_to_do();
  nothing_to_do_at_a_relay();
  for (const std::size_t authors : {1U, 10U, 100U}) discovery(authors);
  row("overhead of a photo of 120 KiB at 8 Mbit/s", overhead(kFast), "%", 0.6, "0.6");
  row("overhead of a photo of 120 KiB at 1 Mbit/s", overhead(125'000), "%", 0.6, "0.6");
  row("overhead of a photo of 120 KiB at 64 kbit/s", overhead(kSlow), "%", 2.3, "2.3");
  row("overhead of a photo of 120 KiB at 20 kbit/s", overhead(2'500), "%", 2.3, "2.3");
  one_record();
  for (const std::size_t records : {16U, 18U, 32U}) records_in_one_bundle(records);
  receipts();
  return all_met ? 0 : 1;
}
