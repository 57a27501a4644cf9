// Two reviewers who decided differently on one submission: what is proposed, and when a person must choose.
#include "core/campaign/disputes.h"

#include <catch2/catch.hpp>

using namespace satchel::core;

namespace {

constexpr StudentRef kStudent{7};

RecordId id(std::uint8_t n) {
  RecordId out;
  out.value.fill(n);
  return out;
}

Record said(std::uint8_t n, const std::string& word, const std::string& by, std::uint64_t epoch = 1) {
  const bool approved = word == "approve";
  return {id(n), kHubNumber, VerdictFact{kStudent, id(2), approved, approved ? "" : word, "", epoch, {}, false, by}};
}

Record looked(std::uint8_t n, const std::string& word, const std::string& by) {
  const bool approved = word == "approve";
  return {id(n), kHubNumber, SecondLookFact{kStudent, id(2), approved, approved ? "" : word, by, 5, {}}};
}

/// A picture that the check judged so, submitted, and `more`.
StudentState with(Grade grade, const std::vector<Record>& more) {
  CaptureFact capture;
  capture.student = kStudent;
  capture.grade = grade;
  capture.override_reason = "r";
  RosterFact row;
  row.student = kStudent;
  row.site = NodeNumber{1};
  std::vector<Record> records{
      {id(1), {1}, capture}, {id(2), {1}, SubmissionFact{kStudent, id(1), {}, 0, 0}}, {id(3), kHubNumber, row}};
  records.insert(records.end(), more.begin(), more.end());
  return fold(kStudent, records);
}

std::string proposal(const StudentState& state) {
  const auto dispute = dispute_of(state);
  if (!dispute) return "none";
  return dispute->words.front().word + " " + std::string(dispute_reason_name(dispute->reason));
}

}  // namespace

TEST_CASE("where one approves and another rejects, the check's word is proposed, and without one the careful course") {
  const std::vector<Record> both{said(10, "approve", "甲"), said(11, "R-BLUR", "乙")};
  CHECK(proposal(with(Grade::pass, both)) == "approve check");
  CHECK(proposal(with(Grade::fail, both)) == "R-BLUR check");
  const StudentState state = with(Grade::advice, both);
  CHECK(proposal(state) == "R-BLUR careful");
  const auto dispute = dispute_of(state);
  CHECK(dispute->submission == id(2));
  CHECK_FALSE(dispute->settled());
  CHECK(dispute->words[0].by == std::vector<std::string>{"乙"});
  CHECK(dispute->words[1].verdict->id == id(10));
}

TEST_CASE("who looked again and is no party outweighs the check and settles it; a tie does not") {
  std::vector<Record> both{said(10, "approve", "甲"), said(11, "R-BLUR", "乙"), looked(12, "approve", "甲")};
  CHECK(proposal(with(Grade::fail, both)) == "R-BLUR check");
  both.push_back(looked(13, "approve", "丙"));
  CHECK(proposal(with(Grade::fail, both)) == "approve second_look");
  CHECK(dispute_of(with(Grade::fail, both))->settled());
  both.push_back(looked(14, "R-DARK", "丁"));
  CHECK(proposal(with(Grade::fail, both)) == "R-BLUR check");
}

TEST_CASE("of two reasons the one that others saw is proposed, else the code that comes first") {
  std::vector<Record> both{said(10, "R-DARK", "甲"), said(11, "R-BLUR", "乙")};
  CHECK(proposal(with(Grade::pass, both)) == "R-BLUR order");
  both.push_back(looked(12, "R-DARK", "丙"));
  CHECK(proposal(with(Grade::pass, both)) == "R-DARK second_look");
}

TEST_CASE("who decided does not look again: what they say later settles nothing, however the words are put in order") {
  const std::vector<Record> three{said(10, "R-DARK", "甲"),    said(11, "R-BLUR", "乙"),   said(12, "R-SMALL", "丙"),
                                  looked(13, "R-SMALL", "丙"), looked(14, "R-DARK", "甲"), looked(15, "R-DARK", "甲")};
  const auto dispute = dispute_of(with(Grade::pass, three));
  REQUIRE(dispute.has_value());
  CHECK(dispute->reason == DisputeReason::order);
  CHECK(dispute->words[0].word == "R-BLUR");
  CHECK(dispute->words[1].word == "R-DARK");
  CHECK(dispute->words[2].word == "R-SMALL");
}

TEST_CASE("one decision that went to several nodes is one word, and no dispute") {
  CHECK(proposal(with(Grade::pass, {said(10, "R-BLUR", "甲"), said(11, "R-BLUR", "甲")})) == "none");
  const auto dispute =
      dispute_of(with(Grade::pass, {said(10, "R-BLUR", "甲"), said(11, "R-BLUR", "甲"), said(12, "approve", "乙")}));
  REQUIRE(dispute->words.size() == 2);
  CHECK(dispute->words[1].by == std::vector<std::string>{"甲"});
}

TEST_CASE("decisions on different views are no dispute, nor are those that were undone or whose pictures are destroyed") {
  CHECK(proposal(with(Grade::pass, {said(10, "R-BLUR", "甲"), said(11, "approve", "乙", 2)})) == "none");
  std::vector<Record> both{said(10, "approve", "甲"), said(11, "R-BLUR", "乙")};
  both.push_back({id(12), kHubNumber, PurgeFact{kStudent, PurgeScope::pictures, {}}});
  CHECK(proposal(with(Grade::pass, both)) == "none");
  both.back() = {id(12), kHubNumber, VerdictFact{kStudent, id(2), false, "", "", 2, {}, true, "丙"}};
  CHECK(proposal(with(Grade::pass, both)) == "none");
  both.push_back(said(13, "R-BLUR", "丙", 3));
  CHECK(with(Grade::pass, both).stage == Stage::rejected);
}
