// What a purge leaves at the hub and at a site, and what becomes of that which comes too late.
#include <catch2/catch.hpp>

#include "core/campaign/after_approval.h"
#include "core/store/keys.h"
#include "tests/unit/node/picture_way.h"
#include "tests/unit/shelf/stores.h"

using namespace satchel;
using namespace satchel::tests;
using core::PurgeScope;

namespace {

core::RosterFact row(std::uint64_t version) {
  core::RosterFact out;
  out.student = kStudent;
  out.version = version;
  out.site = core::NodeNumber{1};
  out.student_number = "202199000001";
  out.name = "测试甲";
  out.id_number = "99999919990101001X";
  out.class_name = "一班";
  return out;
}

void say(LedgerNode& hub, const core::Fact& fact) {
  node::Ledger::Turn turn = hub.ledger->turn();
  REQUIRE(turn.state(core::Audience{1}, Lane::control, fact));
  REQUIRE(turn.commit());
}

/// A hub, its site, and a student on both their lists.
struct Listed {
  LedgerPair pair;
  std::unique_ptr<LedgerNode> site = pair.site();
  std::unique_ptr<LedgerNode> hub = pair.hub();
  Listed() {
    say(*hub, row(1));
    hand_over(*hub, *site);
  }
};

void order(LedgerNode& hub, PurgeScope scope) {
  say(hub, core::PurgeFact{kStudent, scope, hub.clock.moment()});
  REQUIRE(hub.ledger->carry_out_purges());
}

core::StudentState state(const LedgerNode& node) { return node.ledger->student(kStudent).value().value(); }

bool holds(const LedgerNode& node, const core::Hash& picture) { return node.ledger->blobs().get(picture).has_value(); }

void check_records(const LedgerNode& node, std::size_t struck) {
  const auto report = node.ledger->verify([](const std::string& where, const core::Error& error) {
    FAIL_CHECK(where << " " << core::info(error.code).id << " " << error.detail);
  });
  REQUIRE(report);
  CHECK(report->struck == struck);
}

}  // namespace

TEST_CASE("a purge takes the pictures at the hub and at the site, and each certifies what lay there") {
  const Listed listed;
  const auto& site = listed.site;
  const auto& hub = listed.hub;
  const Submitted sent = submit(*site, 1);
  hand_over(*site, *hub);
  decide(*hub, sent.id, true, 1);
  REQUIRE(holds(*hub, sent.capture.original));

  order(*hub, PurgeScope::originals);
  CHECK_FALSE(holds(*hub, sent.capture.original));
  CHECK(holds(*hub, sent.capture.standard));
  CHECK(state(*hub).stage != core::Stage::purged);

  order(*hub, PurgeScope::pictures);
  CHECK(state(*hub).stage == core::Stage::purged);
  CHECK(count(hub->store, core::keys::kBlob) == 0);
  CHECK(count(hub->store, core::keys::kBlobIndex) == 0);
  CHECK(holds(*site, sent.capture.standard));  // it has not heard yet

  hand_over(*hub, *site);
  REQUIRE(site->ledger->carry_out_purges());
  CHECK(count(site->store, core::keys::kBlob) == 0);
  CHECK(count(site->store, core::keys::kPurgeDue) == 0);
  CHECK(site->ledger->carry_out_purges().value() == 0);

  hand_over(*site, *hub);
  const core::StudentState end = state(*hub);
  REQUIRE(core::purged_by(end, core::NodeNumber{1}) == PurgeScope::pictures);
  REQUIRE(core::purged_by(end, core::kHubNumber) == PurgeScope::pictures);
  for (const core::NodeNumber node : {core::kHubNumber, core::NodeNumber{1}}) {
    std::size_t destroyed = 0;
    for (const core::PurgedSeen& seen : end.purged) destroyed += seen.author == node ? seen.fact.destroyed.size() : 0;
    CHECK(destroyed == 3);
  }
  check_whole(*hub);
  check_whole(*site);
  check_records(*hub, 0);
  check_records(*site, 0);
}

TEST_CASE("no body of a bundle with a destroyed picture is left") {
  const Listed listed;
  const auto& site = listed.site;
  const auto& hub = listed.hub;
  const Submitted sent = submit(*site, 1);
  hand_over(*site, *hub);
  order(*hub, PurgeScope::pictures);
  hand_over(*hub, *site);
  REQUIRE(site->ledger->carry_out_purges());
  for (const Lane lane : {Lane::photo, Lane::original}) {
    const core::LogId log{{site->member.number, site->high_water->incarnation()}, core::kToHub, lane};
    for (const auto& node : {hub.get(), site.get()}) {
      CHECK_FALSE(node->shelf->read_body({log, core::Seq{1}}).has_value());
      CHECK(node->shelf->header({log, core::Seq{1}}).value().has_value());  // the log has no hole
    }
  }
}

TEST_CASE("a picture that comes after the purge is not kept, whether its record came before or comes with it") {
  const Listed listed;
  const auto& site = listed.site;
  const auto& hub = listed.hub;
  const Submitted first = submit(*site, 1);
  hand_over(*site, *hub, Lane::record);  // the pictures stay behind
  order(*hub, PurgeScope::pictures);
  const Submitted late = submit(*site, 2);  // the site has not heard
  hand_over(*site, *hub);
  REQUIRE(hub->ledger->carry_out_purges());
  CHECK(count(hub->store, core::keys::kBlob) == 0);
  for (const Submitted& one : {first, late}) {
    CHECK_FALSE(holds(*hub, one.capture.standard));
    CHECK_FALSE(holds(*hub, one.capture.original));
  }
  const core::StudentState end = state(*hub);
  CHECK(end.stage == core::Stage::purged);
  CHECK(end.captures.size() == 2);  // the records stay: that it came is no secret, what it showed is gone
  check_whole(*hub);
  check_records(*hub, 0);
}

TEST_CASE("a purge of the records strikes the person out of every roster row, also of one that comes later") {
  const Listed listed;
  const auto& site = listed.site;
  const auto& hub = listed.hub;
  say(*hub, row(2));
  hand_over(*hub, *site);
  order(*hub, PurgeScope::records);
  check_records(*hub, 2);
  hand_over(*hub, *site);
  REQUIRE(site->ledger->carry_out_purges());
  check_records(*site, 2);
  say(*hub, row(3));  // an old roster is imported again
  hand_over(*hub, *site);
  for (const auto& node : {hub.get(), site.get()}) {
    REQUIRE(node->ledger->carry_out_purges());
    check_records(*node, 3);
    const core::StudentState end = state(*node);
    CHECK(end.roster->version == 3);
    CHECK(end.roster->class_name == "一班");
    CHECK(end.roster->name.empty());
    CHECK(end.roster->id_number.empty());
    const auto records = node->ledger->records_of(kStudent);
    REQUIRE(records);
    for (const core::Record& record : *records) {
      const auto* roster = std::get_if<core::RosterFact>(&record.fact);
      if (roster != nullptr) CHECK(roster->student_number.empty());
    }
    CHECK(core::encode(core::fold(kStudent, *records)) == core::encode(end));
  }
}

TEST_CASE("a power cut after the order leaves the work to be done, not forgotten") {
  const Listed listed;
  const auto& site = listed.site;
  const auto& hub = listed.hub;
  const Submitted sent = submit(*site, 1);
  hand_over(*site, *hub);
  say(*hub, core::PurgeFact{kStudent, PurgeScope::pictures, hub->clock.moment()});
  REQUIRE(hub->crash());
  CHECK_FALSE(holds(*hub, sent.capture.standard));
  CHECK(count(hub->store, core::keys::kPurgeDue) == 1);
  CHECK(hub->ledger->carry_out_purges().value() == 1);
  CHECK(core::purged_by(state(*hub), core::kHubNumber) == PurgeScope::pictures);
  REQUIRE(hub->crash());
  CHECK(count(hub->store, core::keys::kPurgeDue) == 0);
}
