// A picture that will not be used is not waited for: what the hub and the site make of a verdict that comes before the picture.
#include <catch2/catch.hpp>

#include "tests/unit/node/picture_way.h"

using namespace satchel;
using namespace satchel::tests;
using core::Lane;
using core::Result;

namespace {

node::Digest digest(const LedgerNode& node) { return node::find_digest(node.store, kStudent).value(); }

}  // namespace

TEST_CASE("the record comes by itself, then its preview, and each picture comes back as the very file") {
  LedgerPair pair;
  const auto site = pair.site();
  const auto hub = pair.hub();
  const Submitted sent = submit(*site, 1);
  const std::uint64_t record = hand_over(*site, *hub, Lane::record);
  CHECK(hub->shelf->frontier().at(site->shelf->own_reach().begin()->first).value == 1);  // one bundle for all that was stated
  CHECK(record < 1'000);
  CHECK_FALSE(hub->ledger->blobs().get(sent.capture.preview).has_value());
  CHECK(hand_over(*site, *hub, Lane::photo, kPreviewMost) > 0);
  CHECK(hub->ledger->blobs().get(sent.capture.preview).value() == jpeg(1, 120, 160));
  CHECK_FALSE(hub->ledger->blobs().get(sent.capture.standard).has_value());
  const std::uint64_t pictures = hand_over(*site, *hub);
  CHECK(hub->ledger->blobs().get(sent.capture.standard).value() == jpeg(1, 480, 640));
  CHECK(hub->ledger->blobs().get(sent.capture.original).value() == jpeg(1, 960, 1280));
  CHECK(pictures < jpeg(1, 480, 640).size() + jpeg(1, 960, 1280).size());
}

TEST_CASE("of what is rejected by its preview nothing more crosses the line, and nobody says that it is at the hub") {
  LedgerPair pair;
  const auto site = pair.site();
  const auto hub = pair.hub();
  const Submitted first = submit(*site, 1);
  hand_over(*site, *hub, Lane::photo, kPreviewMost);
  decide(*hub, first.id, false, 1);
  CHECK(hand_over(*site, *hub) == 0);
  CHECK_FALSE(hub->ledger->blobs().get(first.capture.standard).has_value());
  check_whole(*hub);

  hand_over(*hub, *site);
  REQUIRE(site->shelf->set_receipt(*hub->shelf->receipt()));
  CHECK(digest(*site).rejected());
  CHECK_FALSE(digest(*site).stored_at_hub(site->shelf->receipt()));
  CHECK(site->ledger->blobs().get(first.capture.original).has_value());  // the site keeps its own
  const auto waiting = site->shelf->waiting();
  REQUIRE(waiting);
  for (const protocol::Tally& lane : *waiting) CHECK(lane.bundles == 0);

  // The student is taken again; that picture comes, and is approved.
  const Submitted second = submit(*site, 2);
  CHECK(hand_over(*site, *hub) > 0);
  CHECK(hub->ledger->blobs().get(second.capture.original).has_value());
  decide(*hub, second.id, true, 2);
  check_whole(*hub);
  CHECK(digest(*hub).approved());
  CHECK(digest(*hub).opened_at_hub(hub->shelf->receipt()));
}

TEST_CASE("an original that was half here when its picture was rejected is freed, through a power cut too") {
  LedgerPair pair;
  const auto site = pair.site();
  const auto hub = pair.hub();
  const Submitted sent = submit(*site, 1);
  hand_over(*site, *hub, Lane::photo);
  const core::BundleId original{{{site->member.number, site->high_water->incarnation()}, core::kToHub, Lane::original},
                                core::Seq{1}};
  REQUIRE(hub->shelf->begin((*site->shelf->header(original))->bytes, core::Hash{}));
  REQUIRE(hub->shelf->append(original, 0, site->shelf->read(original, 0, 20'000).value()));
  REQUIRE(hub->shelf->partials().size() == 1);
  decide(*hub, sent.id, false, 1);
  CHECK(hub->shelf->partials().empty());
  REQUIRE(hub->crash());
  CHECK(hub->shelf->partials().empty());
  CHECK(hand_over(*site, *hub) == 0);
  CHECK(hub->ledger->blobs().get(sent.capture.standard).has_value());  // what had come stays
  check_whole(*hub);
}

TEST_CASE("what waits beside another submission is wanted until a person has chosen") {
  LedgerPair pair;
  const auto site = pair.site();
  const auto hub = pair.hub();
  const Submitted one = submit(*site, 1);
  const Submitted other = submit(*site, 2);
  hand_over(*site, *hub, Lane::photo);
  decide(*hub, other.id, true, 1);  // superseded: its original need not come; the approved one's must
  hand_over(*site, *hub);
  CHECK(hub->ledger->blobs().get(other.capture.original).has_value());
  CHECK_FALSE(hub->ledger->blobs().get(one.capture.original).has_value());
  check_whole(*hub);
}

TEST_CASE("all that an urgent turn seals shows that it is, and nothing else does") {
  LedgerPair pair;
  const auto site = pair.site();
  const auto state_one = [&](bool urgent) {
    core::CaptureFact fact;
    fact.student = kStudent;
    node::Ledger::Turn turn = site->ledger->turn();
    if (urgent) turn.make_urgent();
    REQUIRE(turn.send(jpeg(urgent ? 1 : 2, 48, 64), Lane::photo));
    REQUIRE(turn.state(core::kToHub, Lane::record, fact));
    REQUIRE(turn.commit());
  };
  state_one(false);
  state_one(true);
  const auto offers = site->shelf->waiting_for({core::kHubNumber, core::Role::hub, true}, {}, {}, {});
  REQUIRE(offers);
  REQUIRE(offers->size() == 4);
  for (const protocol::Offer& offer : *offers) CHECK(offer.urgent == (offer.id.seq.value == 2));
}
