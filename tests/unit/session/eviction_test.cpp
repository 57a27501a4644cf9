#include <catch2/catch.hpp>

#include "tests/unit/session/meeting.h"

using namespace satchel;
using core::BundleId;
using core::Lane;
using tests::Campaign;
using tests::CampaignNode;
using tests::Meeting;

namespace {

constexpr std::uint64_t kFullDisk = 1ULL << 20;
constexpr std::uint64_t kAmple = 1ULL << 30;

/// The disk runs full for a while, and everything of others goes that may go.
void run_full(CampaignNode& relay) {
  relay.shelf->set_free_disk(kFullDisk);
  REQUIRE(relay.shelf->relieve());
  relay.shelf->set_free_disk(kAmple);
}

bool holds(const CampaignNode& node, const BundleId& id) { return !node.holding(id).empty(); }

}  // namespace

TEST_CASE("a relay that had to give up what it took wants to meet anew whoever believes that it is in its hands") {
  Campaign campaign{60};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  const BundleId photo = east.write(Lane::photo, 900);
  Meeting meeting{east, relay};
  meeting.run();
  REQUIRE(holds(relay, photo));
  CHECK_FALSE(meeting.answerer().told_too_much());
  run_full(relay);
  REQUIRE_FALSE(holds(relay, photo));
  meeting.shelf_changed();
  meeting.run();
  REQUIRE(meeting.both_idle());
  CHECK_FALSE(holds(relay, photo));
  CHECK(meeting.answerer().told_too_much());
  CHECK_FALSE(meeting.caller().told_too_much());

  Meeting again{east, relay};
  again.run();
  CHECK(again.both_idle());
  CHECK(holds(relay, photo));
  CHECK_FALSE(again.answerer().told_too_much());
}

TEST_CASE("a relay whose hub takes its word back wants to meet anew whoever believes that what it freed is in its hands") {
  Campaign campaign{63};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  CampaignNode& hub = campaign.hub();
  const BundleId photo = east.write(Lane::photo, 900);
  Meeting meeting{east, relay};
  meeting.run();
  Meeting{relay, hub}.run();
  static_cast<void>(hub.digest());
  Meeting{relay, hub}.run();
  REQUIRE(relay.shelf->receipt()->stored(photo));
  REQUIRE_FALSE(holds(relay, photo));
  meeting.shelf_changed();
  meeting.run();
  CHECK_FALSE(meeting.answerer().told_too_much());

  // The hub's disk was set back to before it had the photo; the receipt of its next life does not name it.
  core::Receipt later = *relay.shelf->receipt();
  later.epoch += 1;
  later.version = 1;
  later.logs.clear();
  later.tags.clear();
  core::sign_receipt(later, hub.identity.sign);
  REQUIRE(relay.shelf->set_receipt(later).value());
  meeting.shelf_changed();
  meeting.run();
  REQUIRE(meeting.both_idle());
  CHECK(meeting.answerer().told_too_much());

  Meeting again{east, relay};
  again.run();
  CHECK(again.both_idle());
  CHECK(holds(relay, photo));
  CHECK_FALSE(again.answerer().told_too_much());
}

TEST_CASE("the hub was never told what a relay holds for it: an eviction ends no meeting with the hub") {
  Campaign campaign{61};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  east.write(Lane::photo, 900);
  Meeting meeting{relay, campaign.hub()};
  meeting.run();
  Meeting{east, relay}.run();
  run_full(relay);
  meeting.shelf_changed();
  meeting.run();
  CHECK(meeting.both_idle());
  CHECK_FALSE(meeting.caller().told_too_much());
}

TEST_CASE("what was evicted in the middle of its way and came again is offered again in the same meeting") {
  Campaign campaign{62};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  const BundleId original = east.write(Lane::original, 300'000);
  Meeting{east, relay}.run();
  REQUIRE(holds(relay, original));
  Meeting meeting{relay, campaign.hub(), {.step = 512}};
  for (int i = 0; i < 40; ++i) meeting.step();
  REQUIRE_FALSE(holds(campaign.hub(), original));
  REQUIRE_FALSE(campaign.hub().shelf->partials().empty());
  run_full(relay);
  meeting.shelf_changed();
  meeting.run();
  REQUIRE_FALSE(holds(campaign.hub(), original));
  Meeting{east, relay}.run();
  REQUIRE(holds(relay, original));
  meeting.shelf_changed();
  meeting.run();
  CHECK(holds(campaign.hub(), original));
}
