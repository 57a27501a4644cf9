#include <catch2/catch.hpp>

#include "core/record/facts.h"
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

Begin offer(Node& node, const SealedBundle& sealed, const Hash& previous) {
  const auto out = node.shelf->begin(sealed.header.bytes, previous);
  REQUIRE(out);
  return *out;
}

void take(Node& node, const SealedBundle& sealed, const Hash& previous) {
  REQUIRE(offer(node, sealed, previous).outcome == Begin::Outcome::take);
  REQUIRE(node.shelf->append(sealed.header.id, 0, sealed.body)->whole);
  REQUIRE(node.shelf->finish(sealed.header.id));
}

void check_equivocation(Node& node, const SealedBundle& sealed, const Hash& previous) {
  const Begin answer = offer(node, sealed, previous);
  REQUIRE(answer.outcome == Begin::Outcome::refused);
  CHECK(answer.refusal->code == Code::kEquivocation);
}

/// A site whose disk was cloned: it says two things under one number.
struct Clone {
  Village village;
  Node& east = *village.east;
  core::LogId log = Village::log(east, Lane::record);
  SealedBundle seal(std::uint64_t seq, const Hash& previous) { return village.seal_at(east, {log, Seq{seq}}, previous, 60); }
};

TEST_CASE("of two bundles under one number the first stays, and both headers are kept as proof") {
  Clone clone;
  const SealedBundle one = clone.seal(1, {});
  const SealedBundle two = clone.seal(1, {});
  for (Node* node : {clone.village.hub.get(), clone.village.relay.get(), clone.village.west.get()}) {
    take(*node, one, {});
    check_equivocation(*node, two, {});
    REQUIRE(node->reopen());
    CHECK(*node->shelf->read_body(one.header.id) == one.body);
    const auto proofs = *node->shelf->equivocations();
    REQUIRE(proofs.size() == 1);
    CHECK(proofs[0].id == one.header.id);
    CHECK(proofs[0].headers[0] == one.header.bytes);
    CHECK(proofs[0].headers[1] == two.header.bytes);
    CHECK(offer(*node, one, {}).outcome == Begin::Outcome::have);
    CHECK(node->shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0);
  }
}

TEST_CASE("two bundles under one number are found while the first is still arriving") {
  Clone clone;
  Node& hub = *clone.village.hub;
  const SealedBundle one = clone.seal(1, {});
  const SealedBundle two = clone.seal(1, {});
  REQUIRE(offer(hub, one, {}).outcome == Begin::Outcome::take);
  REQUIRE(hub.shelf->append(one.header.id, 0, core::ByteView{one.body}.first(20)));
  check_equivocation(hub, two, {});
  const auto proofs = *hub.shelf->equivocations();
  REQUIRE(proofs.size() == 1);
  CHECK(proofs[0].headers == std::array{one.header.bytes, two.header.bytes});
  CHECK(hub.shelf->partials() == std::vector<Partial>{{one.header.id, 20}});
}

TEST_CASE("a second history shows itself at its neighbours: before what is held, and behind it") {
  Clone clone;
  const SealedBundle one = clone.seal(1, {});
  const SealedBundle other_one = clone.seal(1, {});
  const SealedBundle two = clone.seal(2, one.header.root);
  const SealedBundle other_two = clone.seal(2, other_one.header.root);
  {
    Node& hub = *clone.village.hub;
    take(hub, one, {});
    check_equivocation(hub, other_two, other_one.header.root);
    CHECK(hub.shelf->equivocations()->size() == 1);
    take(hub, two, one.header.root);
  }
  {
    Node& relay = *clone.village.relay;
    take(relay, two, one.header.root);
    check_equivocation(relay, other_one, {});
    take(relay, one, {});
  }
}

TEST_CASE("two histories that arrive side by side are told apart when the first becomes whole") {
  Clone clone;
  Node& hub = *clone.village.hub;
  const SealedBundle one = clone.seal(1, {});
  const SealedBundle other_one = clone.seal(1, {});
  const SealedBundle other_two = clone.seal(2, other_one.header.root);
  REQUIRE(offer(hub, one, {}).outcome == Begin::Outcome::take);
  REQUIRE(offer(hub, other_two, other_one.header.root).outcome == Begin::Outcome::take);
  REQUIRE(hub.shelf->append(other_two.header.id, 0, other_two.body)->whole);
  REQUIRE(hub.shelf->append(one.header.id, 0, one.body)->whole);
  REQUIRE(hub.shelf->finish(one.header.id));
  const auto finished = hub.shelf->finish(other_two.header.id);
  REQUIRE_FALSE(finished);
  CHECK(finished.error().code == Code::kEquivocation);
  CHECK(hub.shelf->partials().empty());
  CHECK(hub.shelf->equivocations()->size() == 1);
  CHECK(hub.shelf->frontier().at(clone.log) == Seq{1});
}

TEST_CASE("a relay that freed the other word of an author under a receipt carries what follows the one that counts") {
  Clone clone;
  Node& relay = *clone.village.relay;
  Node& hub = *clone.village.hub;
  const SealedBundle other = clone.seal(1, {});
  const SealedBundle counts = clone.seal(1, {});
  take(relay, other, {});
  take(hub, counts, {});
  const SealedBundle next = clone.seal(2, counts.header.root);
  check_equivocation(relay, next, counts.header.root);  // as long as it can show what does not fit
  REQUIRE(relay.shelf->set_receipt(clone.village.issue(1)));
  REQUIRE_FALSE(relay.shelf->header(other.header.id)->has_value());
  take(relay, next, counts.header.root);
  CHECK(relay.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0);
  const SealedBundle third = clone.seal(3, next.header.root);
  take(relay, third, next.header.root);
}

TEST_CASE("a body that is let go while it arrives beside another history does not stand in it") {
  Clone clone;
  Node& hub = *clone.village.hub;
  const SealedBundle one = clone.seal(1, {});
  const SealedBundle other_one = clone.seal(1, {});
  const SealedBundle other_two = clone.seal(2, other_one.header.root);
  REQUIRE(offer(hub, other_two, other_one.header.root).outcome == Begin::Outcome::take);
  take(hub, one, {});
  core::WriteBatch batch;
  hub.shelf->let_go(batch, clone.east.member.number, core::bundle_mark(other_two.header.root));
  REQUIRE(hub.store.commit(batch, core::Durability::synced));
  REQUIRE(hub.shelf->settle_let_go());
  CHECK(hub.shelf->frontier().at(clone.log).value == 1);
  CHECK(hub.shelf->equivocations()->size() == 1);
  CHECK(hub.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0);
}

TEST_CASE("a clone that meets its own other half keeps the proof") {
  Clone clone;
  Node& east = *clone.village.east;
  const core::BundleId mine = clone.village.write(east, Lane::record, 30);
  const SealedBundle other = clone.seal(1, {});
  check_equivocation(east, other, {});
  REQUIRE(east.shelf->equivocations()->size() == 1);
  CHECK((*east.shelf->equivocations())[0].id == mine);
  // Nothing more may be written under this life of the database, also after a restart.
  for (int life = 0; life < 2; ++life) {
    CHECK(east.shelf->own_seen_beyond().contains(clone.log));
    auto stage = east.shelf->stage();
    const auto next = stage.next(clone.log);
    REQUIRE_FALSE(next);
    CHECK(next.error().code == Code::kEquivocation);
    REQUIRE(east.reopen());
  }
}

TEST_CASE("a stranger cannot make it look as if an author had said two things") {
  Clone clone;
  Node& hub = *clone.village.hub;
  const SealedBundle one = clone.seal(1, {});
  take(hub, one, {});
  const SealedBundle forged = clone.village.seal_at(*clone.village.west, one.header.id, {}, 60);
  const Begin answer = offer(hub, forged, {});
  REQUIRE(answer.outcome == Begin::Outcome::refused);
  CHECK(answer.refusal->code == Code::kSignatureBad);
  CHECK(hub.shelf->equivocations()->empty());
}

}  // namespace
}  // namespace satchel::protocol
