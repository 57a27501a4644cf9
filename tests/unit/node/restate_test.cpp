#include "node/restate.h"

#include <catch2/catch.hpp>

#include "core/campaign/student.h"
#include "node/meta.h"
#include "tests/unit/node/ledger_node.h"

namespace satchel::node {
namespace {

constexpr std::size_t kStudents = 250;  // three steps of a hundred

core::StudentRef student(std::size_t i) { return {1'000 + i}; }

core::Result<std::size_t> say_anew(tests::LedgerNode& hub) {
  return restate({hub.surroundings, hub.store, *hub.shelf, hub.membership, hub.identity, hub.secrets, *hub.high_water,
                  hub.member.number, hub.log},
                 *hub.ledger);
}

/// Everybody is on the roster; the first has a rejected submission, the second one that waits.
struct Hub {
  tests::LedgerPair pair;
  std::unique_ptr<tests::LedgerNode> node = pair.hub();
  std::vector<core::RecordId> submissions;

  Hub() {
    Ledger::Turn turn = node->ledger->turn();
    for (std::size_t i = 0; i < kStudents; ++i) {
      core::RosterFact row;
      row.student = student(i);
      row.version = 3;
      row.site = pair.site_member.number;
      row.student_number = "N" + std::to_string(i);
      REQUIRE(turn.state(core::Audience{1}, core::Lane::record, row));
    }
    for (std::size_t i = 0; i < 2; ++i) {
      core::SubmissionFact fact;
      fact.student = student(i);
      submissions.push_back(turn.state(core::kToHub, core::Lane::record, fact).value());
    }
    core::VerdictFact verdict;
    verdict.student = student(0);
    verdict.submission = submissions[0];
    verdict.reason = "R-BLUR";
    verdict.review_epoch = 1;
    REQUIRE(turn.state(core::Audience{1}, core::Lane::control, verdict));
    REQUIRE(turn.commit());
  }
  core::StudentState state(std::size_t i) const { return node->ledger->student(student(i)).value().value(); }
  bool anew(std::size_t i) const { return state(i).roster->version > 3; }
};

TEST_CASE("a hub that was never set back says nothing anew") {
  Hub hub;
  CHECK(say_anew(*hub.node).value() == 0);
  CHECK_FALSE(hub.anew(0));
}

TEST_CASE("in a later epoch the hub says once what it knows, above all that it may have forgotten") {
  Hub hub;
  const core::Stage rejected = hub.state(0).stage, waiting = hub.state(1).stage;
  REQUIRE(hub.node->high_water->reincarnate(hub.node->rng));
  CHECK(say_anew(*hub.node).value() == kStudents);
  for (std::size_t i = 0; i < kStudents; ++i) CHECK(hub.anew(i));
  CHECK(hub.state(0).stage == rejected);
  CHECK(hub.state(1).stage == waiting);
  const core::VerdictSeen* verdict = core::current_verdict(hub.state(0));
  REQUIRE(verdict != nullptr);
  CHECK(core::current_verdict(hub.state(1)) == nullptr);
  CHECK(say_anew(*hub.node).value() == 0);
  REQUIRE(hub.node->open());
  CHECK(say_anew(*hub.node).value() == 0);
}

TEST_CASE("an approval that the hub has forgotten ends where it waits or is rejected, and nowhere else") {
  Hub hub;
  // As a site has it: all that the hub knows, and an approval that its database does not.
  REQUIRE(hub.node->high_water->reincarnate(hub.node->rng));
  REQUIRE(say_anew(*hub.node));
  for (std::size_t i = 0; i < 2; ++i) {
    auto records = hub.node->ledger->records_of(student(i)).value();
    core::VerdictFact forgotten;
    forgotten.student = student(i);
    forgotten.submission = hub.submissions[i];
    forgotten.approved = true;
    forgotten.review_epoch = 9;
    core::RecordId id;
    records.push_back({id, core::kHubNumber, forgotten});
    const core::StudentState there = core::fold(student(i), records);
    CHECK(there.stage == hub.state(i).stage);
  }
}

TEST_CASE("a hub that is killed while it says anew begins again, and in the end all is said") {
  Hub hub;
  REQUIRE(hub.node->high_water->reincarnate(hub.node->rng));
  hub.node->store.fail_from_commit(2);
  REQUIRE_FALSE(say_anew(*hub.node));
  hub.node->store.fail_from_commit(0);
  REQUIRE(hub.node->crash());
  CHECK(hub.anew(0) != hub.anew(kStudents - 1));
  CHECK(say_anew(*hub.node).value() == kStudents);
  for (std::size_t i = 0; i < kStudents; ++i) CHECK(hub.anew(i));
}

}  // namespace
}  // namespace satchel::node
