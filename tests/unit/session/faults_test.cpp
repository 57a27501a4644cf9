// The n-th write of the side that takes in fails, or is the last before a power cut, for n = 1, 2, … until a meeting has no
// failure.
#include <catch2/catch.hpp>

#include <numeric>

#include "tests/unit/session/meeting.h"

namespace satchel::tests {
namespace {

using core::Lane;

Meeting::Options options() {
  Meeting::Options out;
  out.step = 3000;
  out.digest = false;  // what the node does with it is the ledger's test
  return out;
}

std::uint64_t confirmed(const protocol::Session& session) {
  const protocol::SessionStats stats = session.stats();
  return std::accumulate(stats.bundles_sent.begin(), stats.bundles_sent.end(), std::uint64_t{0});
}

std::uint64_t complete(const CampaignNode& node) {
  std::uint64_t out = 0;
  const core::Frontier held = node.shelf->frontier();
  for (const auto& [log, seq] : held.entries()) out += seq.value;
  return out;
}

void check_sound(const CampaignNode& node) {
  CHECK(node.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0);
}

/// `from` meets `to`, whose n-th write fails; then they meet again.
void every_write_of_taking_in(const char* from_name, const char* to_name, core::Audience audience) {
  for (const bool power : {false, true}) {
    std::size_t failures = 0;
    for (std::size_t n = 1;; ++n) {
      INFO("write " << n << (power ? ", then a power cut" : ""));
      Campaign campaign{n};
      CampaignNode& from = campaign[from_name];
      CampaignNode& to = campaign[to_name];
      from.write(Lane::record, 300, audience);
      from.write(Lane::photo, 40'000, audience);
      from.write(Lane::record, 4'000, audience);

      to.store.fail_from_commit(n);
      Meeting meeting{from, to, options()};
      meeting.run();
      to.store.fail_from_commit(0);
      const bool failed = meeting.answerer().failure().has_value();
      const std::uint64_t told = confirmed(meeting.caller());
      if (power) {
        to.crash();
      } else if (n % 2 == 0) {
        to.reopen();
      }
      check_sound(to);
      CHECK(complete(to) >= told);
      if (!failed) {
        CHECK(told == 3);
        break;
      }
      ++failures;
      Meeting again{from, to, options()};
      again.run();
      CHECK(complete(to) == 3);
      check_sound(to);
    }
    CHECK(failures > 4);
  }
}

TEST_CASE(
    "whichever write of taking in by a session fails at the hub, what was confirmed is there, and the next meeting ends it") {
  every_write_of_taking_in("east", "hub", core::kToHub);
}

TEST_CASE(
    "whichever write of taking in by a session fails at a relay, what was confirmed is there, and the next meeting ends it") {
  every_write_of_taking_in("east", "relay", core::kToHub);
}

TEST_CASE(
    "whichever write of taking in by a session fails at a site, what was confirmed is there, and the next meeting ends it") {
  every_write_of_taking_in("hub", "west", core::Audience{2});
}

TEST_CASE("a meeting on a line that brings all at once syncs by the clock, and confirms nothing before") {
  Campaign campaign{1};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  for (int i = 0; i < 20; ++i) east.write(Lane::photo, 100'000);
  Meeting::Options all_at_once = options();
  all_at_once.step = 1'000'000;
  Meeting meeting{east, hub, all_at_once};
  for (int i = 0; i < 20; ++i) meeting.step();
  const std::uint64_t told = confirmed(meeting.caller());
  hub.crash();
  CHECK(complete(hub) >= told);
  check_sound(hub);
  Meeting again{east, hub, all_at_once};
  again.run();
  CHECK(complete(hub) == 20);
}

}  // namespace
}  // namespace satchel::tests
