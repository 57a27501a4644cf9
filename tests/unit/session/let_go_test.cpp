#include <catch2/catch.hpp>

#include "core/record/facts.h"
#include "tests/unit/session/meeting.h"

using namespace satchel;
using core::BundleId;
using core::Lane;
using tests::Campaign;
using tests::CampaignNode;
using tests::Meeting;

namespace {

constexpr std::size_t kPhoto = 120'000;
constexpr std::uint64_t kSlow = 8'000;  // 64 kbit/s

/// As the node does when it hears a verdict against the picture in that bundle of `author`.
void let_go(CampaignNode& node, const CampaignNode& author, const BundleId& id) {
  core::WriteBatch batch;
  node.shelf->let_go(batch, author.member.number, core::bundle_mark((*author.shelf->header(id))->root));
  REQUIRE(node.store.commit(batch, core::Durability::synced));
  REQUIRE(node.shelf->settle_let_go());
}

bool without_fault(const CampaignNode& node) {
  return node.shelf->verify([](const BundleId&, const core::Error&) {})->faults == 0;
}

}  // namespace

TEST_CASE("of a picture that is rejected while it comes the remaining bytes are not sent") {
  Campaign campaign{31};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId photo = east.write(Lane::photo, kPhoto);
  Meeting meeting{east, hub};
  meeting.run_for(4'000, kSlow);
  REQUIRE(hub.shelf->partials().size() == 1);
  const std::uint64_t before = meeting.moved(0);
  let_go(hub, east, photo);
  hub.digest();
  meeting.shelf_changed();
  meeting.run_for(20'000, kSlow);
  CHECK(meeting.both_idle());
  CHECK(meeting.moved(0) - before < 2 * kSlow);  // what was on its way: two seconds of the line at most
  CHECK(hub.shelf->partials().empty());
  CHECK_FALSE(hub.shelf->read_body(photo));
  CHECK(east.shelf->receipt()->stored(photo));
  CHECK(east.shelf->read_body(photo));
  CHECK(without_fault(hub));
  CHECK(without_fault(east));
}

TEST_CASE("what site and hub know to be rejected crosses the line as a header") {
  Campaign campaign{32};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId rejected = east.write(Lane::photo, kPhoto);
  const BundleId wanted = east.write(Lane::photo, 2'000);
  let_go(hub, east, rejected);
  let_go(east, east, rejected);
  Meeting meeting{east, hub};
  meeting.run();
  CHECK(meeting.both_idle());
  CHECK(meeting.moved(0) < 2'000 + 3 * protocol::kHeaderMax);
  CHECK(hub.shelf->read_body(wanted));
  CHECK_FALSE(hub.shelf->read_body(rejected));
  CHECK(east.shelf->receipt()->opened(wanted));
  CHECK(without_fault(hub));
}

TEST_CASE("a hub that has not let go asks for what the site thought rejected, and gets it whole") {
  Campaign campaign{33};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId photo = east.write(Lane::photo, kPhoto);
  let_go(east, east, photo);
  Meeting meeting{east, hub};
  meeting.run();
  CHECK(meeting.both_idle());
  CHECK(hub.shelf->read_body(photo));
  CHECK(east.shelf->receipt()->opened(photo));
}

TEST_CASE("a relay frees what the hub has let go, and delivers the header alone") {
  Campaign campaign{34};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  CampaignNode& hub = campaign.hub();
  const BundleId photo = east.write(Lane::photo, kPhoto);
  Meeting{east, relay}.run();
  REQUIRE(relay.shelf->read_body(photo));
  let_go(hub, east, photo);
  Meeting meeting{relay, hub};
  meeting.run_for(20'000, kSlow);
  CHECK(meeting.both_idle());
  CHECK(meeting.moved(0) < 3 * kSlow);
  CHECK_FALSE(relay.shelf->read_body(photo));
  CHECK(without_fault(relay));
}
