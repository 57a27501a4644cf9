#include <catch2/catch.hpp>

#include "tests/unit/bundle/village.h"
#include "tests/unit/shelf/stores.h"

namespace satchel::protocol {
namespace {

using core::Lane;
using core::Reached;
using core::Seq;
using tests::Node;
using tests::Village;

constexpr auto kRecords = core::lane_index(Lane::record);

/// A site whose disk was copied after `common` bundles; the copy has stayed at home.
struct Twins {
  Village village;
  Node& east = *village.east;
  core::LogId log = Village::log(east, Lane::record);
  std::optional<core::MemoryStore> copied;

  explicit Twins(int common) {
    for (int i = 0; i < common; ++i) village.write(east, Lane::record, 40);
    copied = east.store;
  }
  /// The first machine writes and delivers; from here on `east` is the second machine.
  void first_delivers(int bundles) {
    for (int i = 0; i < bundles; ++i) village.write(east, Lane::record, 40);
    tests::meet(east, *village.hub);
    east.store = *copied;
    REQUIRE(east.reopen());
  }
  core::Incarnation life() const { return log.author.incarnation; }
};

TEST_CASE("a receipt for what this machine wrote proves it, and nothing is forsaken") {
  Twins twins{0};
  for (int i = 0; i < 3; ++i) twins.village.write(twins.east, Lane::record, 40);
  tests::meet(twins.east, *twins.village.hub);
  twins.village.write(twins.east, Lane::record, 40);
  REQUIRE(*twins.east.shelf->set_receipt(twins.village.issue(1)));
  for (int restart = 0; restart < 2; ++restart) {
    CHECK(twins.east.shelf->proven(twins.log) == Reached{Seq{3}, Seq{0}});
    CHECK(twins.east.shelf->proven_receipt()->stored({twins.log, Seq{3}}));
    CHECK_FALSE(twins.east.shelf->forsaken(twins.life()));
    CHECK_FALSE(twins.east.shelf->reissue_due());
    CHECK((*twins.east.shelf->waiting())[kRecords].bundles == 1);
    REQUIRE(twins.east.reopen());
  }
}

TEST_CASE("of a cloned disk the second machine does not take the first one's receipt for its own") {
  Twins twins{2};
  twins.first_delivers(3);
  for (int i = 0; i < 3; ++i) twins.village.write(twins.east, Lane::record, 40);  // the same numbers, other content
  const core::Receipt receipt = twins.village.issue(1);
  REQUIRE(receipt.stored({twins.log, Seq{5}}));
  REQUIRE(*twins.east.shelf->set_receipt(receipt));
  for (int restart = 0; restart < 2; ++restart) {
    CHECK(twins.east.shelf->proven(twins.log) == Reached{});
    CHECK_FALSE(twins.east.shelf->proven_receipt()->stored({twins.log, Seq{1}}));
    CHECK(twins.east.shelf->forsaken(twins.life()));
    CHECK(twins.east.shelf->reissue_due());
    CHECK(twins.east.shelf->unproven({twins.log, Seq{1}}));
    CHECK((*twins.east.shelf->waiting())[kRecords].bundles == 5);
    auto stage = twins.east.shelf->stage();
    CHECK(stage.next(twins.log).error().code == core::Code::kEquivocation);
    const auto offers = twins.east.shelf->offers_for(twins.village.relay->peer(), {}, {});
    CHECK(offers->empty());
    REQUIRE(twins.east.reopen());
  }
  REQUIRE(twins.east.shelf->end_reissue());
  for (int restart = 0; restart < 2; ++restart) {
    CHECK_FALSE(twins.east.shelf->reissue_due());
    CHECK((*twins.east.shelf->waiting())[kRecords].bundles == 0);
    CHECK_FALSE(twins.east.shelf->read_body({twins.log, Seq{1}}));
    CHECK(twins.east.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0);
    REQUIRE(twins.east.reopen());
  }
  // The next receipt of the same kind finds nothing more to do.
  twins.village.write(*twins.village.west, Lane::record, 40);
  tests::meet(*twins.village.west, *twins.village.hub);
  REQUIRE(*twins.east.shelf->set_receipt(twins.village.issue(2)));
  CHECK_FALSE(twins.east.shelf->reissue_due());
}

TEST_CASE("what a fitting receipt has proven before stays proven when a later one no longer fits") {
  Twins twins{2};
  tests::meet(twins.east, *twins.village.hub);
  REQUIRE(*twins.east.shelf->set_receipt(twins.village.issue(1)));
  REQUIRE(twins.east.shelf->flush());
  twins.copied = twins.east.store;
  twins.first_delivers(2);
  twins.village.write(twins.east, Lane::record, 40);
  REQUIRE(*twins.east.shelf->set_receipt(twins.village.issue(2)));  // for more than this machine wrote
  CHECK(twins.east.shelf->proven(twins.log).stored == Seq{2});
  CHECK(twins.east.shelf->forsaken(twins.life()));
  CHECK_FALSE(twins.east.shelf->unproven({twins.log, Seq{2}}));
  CHECK(twins.east.shelf->unproven({twins.log, Seq{3}}));
  // A hub that begins anew with other content under these numbers leaves nothing proven.
  REQUIRE(*twins.east.shelf->set_receipt(twins.village.issue(1, 2)));
  CHECK(twins.east.shelf->proven(twins.log) == Reached{});
}

TEST_CASE("a hub that was set back proves less, and what it lost of a forsaken life is due again") {
  Twins twins{3};
  tests::meet(twins.east, *twins.village.hub);
  REQUIRE(*twins.east.shelf->set_receipt(twins.village.issue(1)));
  REQUIRE(twins.east.shelf->note_beyond({twins.log, Seq{3}}));  // somebody else's third
  REQUIRE(twins.east.shelf->reissue_due());
  REQUIRE(twins.east.shelf->end_reissue());
  CHECK_FALSE(twins.east.shelf->unproven({twins.log, Seq{3}}));
  Village other{1};  // the same keys, an empty hub
  REQUIRE(*twins.east.shelf->set_receipt(other.issue(1, 2)));
  CHECK(twins.east.shelf->reissue_due());
  CHECK(twins.east.shelf->unproven({twins.log, Seq{1}}));
}

TEST_CASE("a number that we have used is a clone's proof, one that we have not is merely forgotten") {
  Twins twins{2};
  REQUIRE(twins.east.shelf->note_beyond({twins.log, Seq{3}}));
  CHECK_FALSE(twins.east.shelf->forsaken(twins.life()));
  CHECK_FALSE(twins.east.shelf->reissue_due());
  REQUIRE(twins.east.shelf->note_beyond({twins.log, Seq{2}}));
  CHECK(twins.east.shelf->forsaken(twins.life()));
  CHECK(twins.east.shelf->reissue_due());
  CHECK(twins.east.shelf->own_seen_beyond().at(twins.log) == Seq{3});
}

TEST_CASE("when the write of a receipt fails, nothing of it is believed") {
  Twins twins{2};
  twins.first_delivers(1);
  twins.village.write(twins.east, Lane::record, 40);
  const core::Receipt receipt = twins.village.issue(1);
  twins.east.store.fail_from_commit(1);
  REQUIRE_FALSE(twins.east.shelf->set_receipt(receipt));
  twins.east.store.fail_from_commit(0);
  CHECK_FALSE(twins.east.shelf->forsaken(twins.life()));
  REQUIRE(*twins.east.shelf->set_receipt(receipt));
  CHECK(twins.east.shelf->forsaken(twins.life()));
}

}  // namespace
}  // namespace satchel::protocol
