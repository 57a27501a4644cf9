#include <catch2/catch.hpp>

#include "protocol/limits.h"
#include "tests/unit/bundle/village.h"
#include "tests/unit/shelf/stores.h"

namespace satchel::protocol {
namespace {

using core::Code;
using core::Hash;
using core::Lane;
using core::Seq;
using tests::Node;
using tests::Village;

/// Refused for this reason, and not a byte of it is in the store.
void check_refused(Node& node, const core::Bytes& header, Code why) {
  const auto before = tests::rows(node.store);
  const auto arriving = node.shelf->partials();
  const auto answer = node.shelf->begin(header, Hash{});
  REQUIRE(answer);
  REQUIRE(answer->outcome == Begin::Outcome::refused);
  CHECK(core::info(answer->refusal->code).id == core::info(why).id);
  CHECK(tests::rows(node.store) == before);
  CHECK(node.shelf->partials() == arriving);
}

TEST_CASE("an author who is not enrolled is refused before a byte is stored") {
  Village village;
  core::LogId log = Village::log(*village.east, Lane::record);
  log.author.node.value = 99;
  const SealedBundle sealed = village.seal_at(*village.east, {log, Seq{1}}, {}, 40);
  for (Node* node : village.all()) check_refused(*node, sealed.header.bytes, Code::kPeerNotEnrolled);
}

TEST_CASE("of a revoked author only what was trusted is taken") {
  Village village;
  const core::BundleId first = village.write(*village.east, Lane::record, 40);
  const core::BundleId second = village.write(*village.east, Lane::record, 40);
  const core::BundleId photo = village.write(*village.east, Lane::photo, 40);
  Node& relay = *village.relay;
  relay.membership.revoke({village.east->member.number, {{first.log, Seq{1}}}});
  CHECK(tests::hand_over(*village.east->shelf, *relay.shelf, first)->outcome == Begin::Outcome::take);
  check_refused(relay, (*village.east->shelf->header(second))->bytes, Code::kRevoked);
  check_refused(relay, (*village.east->shelf->header(photo))->bytes, Code::kRevoked);
}

TEST_CASE("a header that is forged, changed, or signed as the follower of another bundle is refused") {
  Village village;
  const core::BundleId id{Village::log(*village.east, Lane::record), Seq{1}};
  Node& relay = *village.relay;
  check_refused(relay, village.seal_at(*village.west, id, {}, 40).header.bytes, Code::kSignatureBad);
  Hash other;
  other.value[0] = 1;
  check_refused(relay, village.seal_at(*village.east, id, other, 40).header.bytes, Code::kSignatureBad);
  const SealedBundle sound = village.seal_at(*village.east, id, {}, 40);
  for (std::size_t i = 0; i < sound.header.bytes.size(); ++i) {
    core::Bytes flipped = sound.header.bytes;
    flipped[i] = static_cast<std::uint8_t>(flipped[i] ^ (1U << (i % 8)));
    INFO("byte " << i);
    const auto before = tests::rows(relay.store);
    const auto answer = relay.shelf->begin(flipped, Hash{});
    REQUIRE(answer);
    CHECK((answer->outcome == Begin::Outcome::refused || answer->outcome == Begin::Outcome::need_previous));
    CHECK(tests::rows(relay.store) == before);
  }
}

TEST_CASE("headers that do not parse are refused with the reason") {
  Village village;
  const core::BundleId id{Village::log(*village.east, Lane::record), Seq{1}};
  const core::Bytes sound = village.seal_at(*village.east, id, {}, 40).header.bytes;
  check_refused(*village.relay, {}, Code::kMalformed);
  core::Bytes newer = sound;
  newer[0] = 2;
  check_refused(*village.relay, newer, Code::kVersionUnknown);
  check_refused(*village.relay, core::Bytes(kHeaderMax + 1, 1), Code::kLimitExceeded);
}

TEST_CASE("sites write to the hub; only the hub writes to nodes and to everyone") {
  Village village;
  for (const core::Audience audience : {core::Audience{2}, core::kEveryone}) {
    const core::BundleId id{Village::log(*village.east, Lane::record, audience), Seq{1}};
    check_refused(*village.relay, village.seal_at(*village.east, id, {}, 40).header.bytes, Code::kMalformed);
    const core::BundleId by_hub{Village::log(*village.hub, Lane::record, audience), Seq{1}};
    const auto taken = village.relay->shelf->begin(village.seal_at(*village.hub, by_hub, {}, 40).header.bytes, Hash{});
    CHECK(taken->outcome == Begin::Outcome::take);
  }
}

// --- quotas

TEST_CASE("a node keeps no more for one author and lane than its share") {
  Village village;
  ShelfLimits limits;
  limits.author_lane_bytes[core::lane_index(Lane::photo)] = 10'000;
  Node& relay = *village.relay;
  REQUIRE(relay.reopen(limits));
  for (int i = 0; i < 4; ++i) village.write(*village.east, Lane::photo, 4000);
  CHECK(tests::meet(*village.east, relay) == 2);
  const auto offers = *village.east->shelf->offers_for(relay.peer(), relay.shelf->frontier(), {});
  check_refused(relay, (*village.east->shelf->header(offers[0]))->bytes, Code::kQuota);
  // Another lane and another author have shares of their own.
  village.write(*village.east, Lane::record, 4000);
  village.write(*village.west, Lane::photo, 4000);
  CHECK(tests::meet(*village.east, relay) == 1);
  CHECK(tests::meet(*village.west, relay) == 1);
  CHECK(relay.shelf->carried()[core::lane_index(Lane::photo)].bundles == 3);
}

TEST_CASE("a share counts what is still arriving, so that it cannot be passed by starting everything at once") {
  Village village;
  ShelfLimits limits;
  limits.author_lane_bytes[core::lane_index(Lane::photo)] = 10'000;
  Node& relay = *village.relay;
  REQUIRE(relay.reopen(limits));
  Hash previous;
  std::size_t begun = 0;
  for (std::uint64_t seq = 1; seq <= 5; ++seq) {
    const core::BundleId id{Village::log(*village.east, Lane::photo), Seq{seq}};
    const SealedBundle sealed = village.seal_at(*village.east, id, previous, 4000);
    const auto answer = relay.shelf->begin(sealed.header.bytes, previous);
    begun += answer->outcome == Begin::Outcome::take ? 1U : 0U;
    previous = sealed.header.root;
  }
  CHECK(begun == 2);
}

TEST_CASE("all that lies here for others together has a bound, and a receipt makes room") {
  Village village;
  ShelfLimits limits;
  limits.foreign_bytes = 9000;
  Node& relay = *village.relay;
  REQUIRE(relay.reopen(limits));
  village.write(*village.east, Lane::photo, 4000);
  village.write(*village.west, Lane::photo, 4000);
  const core::BundleId third = village.write(*village.west, Lane::record, 4000);
  CHECK(tests::meet(*village.east, relay) == 1);
  CHECK(tests::meet(*village.west, relay) == 1);
  check_refused(relay, (*village.west->shelf->header({Village::log(*village.west, Lane::photo), Seq{1}}))->bytes, Code::kQuota);
  tests::meet(relay, *village.hub);
  REQUIRE(*relay.shelf->set_receipt(village.issue(1)));
  CHECK(tests::meet(*village.west, relay) == 1);
  CHECK(tests::meet(relay, *village.hub) == 1);
  CHECK(village.hub->shelf->frontier().at(third.log) == Seq{1});
}

TEST_CASE("what is for the node itself has no share, only the disk") {
  Village village;
  ShelfLimits limits;
  limits.author_lane_bytes.fill(1);
  limits.foreign_bytes = 1;
  REQUIRE(village.hub->reopen(limits));
  village.write(*village.east, Lane::photo, 4000);
  CHECK(tests::meet(*village.east, *village.hub) == 1);
}

TEST_CASE("on a disk that is nearly full nothing is taken but news of control for ourselves") {
  Village village;
  Node& hub = *village.hub;
  village.write(*village.east, Lane::record, 40);
  village.write(*village.east, Lane::control, 40);
  hub.shelf->set_free_disk(1 << 20);
  CHECK(tests::meet(*village.east, hub) == 1);
  CHECK(hub.shelf->frontier().at(Village::log(*village.east, Lane::control)) == Seq{1});
  village.relay->shelf->set_free_disk(1 << 20);
  CHECK(tests::meet(*village.east, *village.relay) == 0);
  hub.shelf->set_free_disk(~0ULL);
  CHECK(tests::meet(*village.east, hub) == 1);
}

TEST_CASE("one author cannot take every place for arriving bodies") {
  Village village;
  Node& relay = *village.relay;
  Hash previous;
  std::size_t begun = 0;
  for (std::uint64_t seq = 1; seq <= kPartialsOfAuthorMax + 3; ++seq) {
    const core::BundleId id{Village::log(*village.east, Lane::photo), Seq{seq}};
    const SealedBundle sealed = village.seal_at(*village.east, id, previous, 40);
    const auto answer = relay.shelf->begin(sealed.header.bytes, previous);
    begun += answer->outcome == Begin::Outcome::take ? 1U : 0U;
    if (answer->outcome == Begin::Outcome::refused) CHECK(answer->refusal->code == Code::kQuota);
    previous = sealed.header.root;
  }
  CHECK(begun == kPartialsOfAuthorMax);
  village.write(*village.west, Lane::photo, 40);
  CHECK(tests::meet(*village.west, relay) == 1);
}

}  // namespace
}  // namespace satchel::protocol
