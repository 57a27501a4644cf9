#include "core/campaign/after_approval.h"

#include <catch2/catch.hpp>

using namespace satchel::core;

namespace {

constexpr StudentRef kStudent{4711};
constexpr std::int64_t kDay = 86'400'000;

RecordId id(std::uint8_t n) {
  RecordId out;
  out.value[0] = n;
  return out;
}

Moment at(std::int64_t wall) { return {1, {0}, {wall}}; }

/// Submitted by site 2, whose student it is, approved and exported at noon of Monday, 1 June 2026, in China.
constexpr std::int64_t kExported = 1'780'286'400'000;

std::vector<Record> exported() {
  RosterFact row;
  row.student = kStudent;
  row.version = 1;
  row.site = NodeNumber{2};
  row.name = "测试甲";
  CaptureFact capture;
  capture.student = kStudent;
  capture.grade = Grade::pass;
  return {{id(1), kHubNumber, row},
          {id(2), NodeNumber{2}, capture},
          {id(3), NodeNumber{2}, SubmissionFact{kStudent, id(2), at(1), 0, 0}},
          {id(4), kHubNumber, VerdictFact{kStudent, id(3), true, "", "", 1, at(2)}},
          {id(5), kHubNumber, ExportFact{kStudent, id(3), {}, at(kExported)}}};
}

StudentState with(std::vector<Record> more) {
  auto all = exported();
  all.insert(all.end(), more.begin(), more.end());
  return fold(kStudent, all);
}

Record proof(std::uint8_t n, bool right, std::uint64_t epoch, NodeNumber author = kHubNumber, RecordId submission = id(3)) {
  std::vector<std::string> wrong;
  if (!right) wrong.emplace_back("name");
  return {id(n), author, ProofFact{kStudent, submission, right, wrong, "", epoch, at(3)}};
}
Record errata(std::uint8_t n, bool closed, std::uint64_t epoch) {
  return {id(n), kHubNumber, ErrataFact{kStudent, closed, {"name"}, "", epoch, at(4)}};
}
Record delivery(std::uint8_t n, std::int64_t wall = 5) { return {id(n), kHubNumber, DeliveryFact{kStudent, id(3), at(wall)}}; }
Record purge(std::uint8_t n, PurgeScope scope) { return {id(n), kHubNumber, PurgeFact{kStudent, scope, at(6)}}; }

}  // namespace

TEST_CASE("exported, proofed, delivered and purged follow one another") {
  CHECK(with({}).stage == Stage::exported);
  CHECK(with({proof(10, true, 1)}).stage == Stage::proofed);
  CHECK(with({proof(10, true, 1), delivery(11)}).stage == Stage::delivered);
  CHECK(with({proof(10, true, 1), delivery(11), purge(12, PurgeScope::originals)}).stage == Stage::delivered);
  CHECK(with({proof(10, true, 1), delivery(11), purge(12, PurgeScope::pictures)}).stage == Stage::purged);
}

TEST_CASE("the last proof counts, said by the hub or by the student's own site") {
  CHECK(with({proof(10, true, 1), proof(11, false, 2)}).stage == Stage::exported);
  CHECK(with({proof(10, false, 1), proof(11, true, 2)}).stage == Stage::proofed);
  CHECK(with({proof(10, true, 1, NodeNumber{2})}).stage == Stage::proofed);
  CHECK(with({proof(10, true, 1, NodeNumber{3})}).stage == Stage::exported);
  CHECK(with({proof(10, true, 1, kHubNumber, id(99))}).stage == Stage::exported);
}

TEST_CASE("nothing is handed over before the student has said right, or while a correction is open") {
  Profile profile;
  CHECK(may_deliver(with({}), profile).error().code == Code::kNotProofed);
  CHECK(may_deliver(with({proof(10, false, 1)}), profile).error().code == Code::kNotProofed);
  CHECK(may_deliver(with({proof(10, true, 2), errata(11, false, 1)}), profile).error().code == Code::kErrataOpen);
  CHECK(may_deliver(with({proof(10, true, 2), errata(11, false, 1), errata(12, true, 2)}), profile));
  CHECK(may_deliver(with({proof(10, true, 2), delivery(11)}), profile).error().code == Code::kNothingToDo);
  profile.clocks.proof_max = 0;  // this notice asks for no proofing
  CHECK(may_deliver(with({}), profile));
  auto before = exported();
  before.pop_back();
  CHECK(may_deliver(fold(kStudent, before), profile).error().code == Code::kNotExported);
}

TEST_CASE("an unlock opens a delivered picture again, and nothing opens a purged one") {
  const Record unlock{id(20), kHubNumber, UnlockFact{kStudent, id(3), 1, "", 5, at(7)}};
  CHECK(may_capture(with({delivery(11), unlock}), Profile{}));
  CHECK(with({delivery(11), purge(12, PurgeScope::pictures), unlock}).stage == Stage::purged);
  CHECK(may_capture(with({purge(12, PurgeScope::pictures), unlock}), Profile{}).error().code == Code::kPurged);
}

TEST_CASE("a purge of the records names nobody any more, whichever row comes, and keeps what counts need") {
  RosterFact later;
  later.student = kStudent;
  later.version = 9;
  later.site = NodeNumber{2};
  later.name = "测试乙";
  later.class_name = "一班";
  later.extra = {{"考生号", "1"}};
  const StudentState state = with({purge(12, PurgeScope::records), {id(13), kHubNumber, later}});
  REQUIRE(state.roster);
  CHECK(state.roster->version == 9);
  CHECK(state.roster->class_name == "一班");
  CHECK(state.roster->name.empty());
  CHECK(state.roster->extra.empty());
}

TEST_CASE("what is due grows with the days after delivery, as the profile says") {
  const Retention retention{10, 20, 30};
  const StudentState state = with({delivery(11, kExported)});
  const auto after = [&](std::int64_t days) { return purge_due(state, retention, WallMs{kExported + days * kDay}); };
  CHECK_FALSE(after(9));
  CHECK(after(10) == PurgeScope::originals);
  CHECK(after(20) == PurgeScope::pictures);
  CHECK(after(30) == PurgeScope::records);
  CHECK_FALSE(purge_due(with({}), retention, WallMs{kExported + 99 * kDay}));
  const StudentState purged = with({delivery(11, kExported), purge(12, PurgeScope::pictures)});
  CHECK(purge_due(purged, retention, WallMs{kExported + 30 * kDay}) == PurgeScope::records);
}
