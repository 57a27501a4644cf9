#include "core/campaign/student.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace satchel::core;

namespace {

constexpr StudentRef kStudent{77};
constexpr NodeNumber kSite{1};
constexpr NodeNumber kOtherSite{2};

RecordId id(std::uint8_t n) {
  RecordId out;
  out.value[0] = n;
  return out;
}

Hash picture(std::uint8_t n) {
  Hash out;
  out.value[31] = n;
  return out;
}

Record roster(std::uint8_t n, std::uint64_t version = 1) {
  RosterFact fact;
  fact.student = kStudent;
  fact.version = version;
  fact.student_number = "1";
  return {id(n), kHubNumber, fact};
}

Record capture(std::uint8_t n, Grade grade = Grade::pass, double score = 80, NodeNumber author = kSite) {
  CaptureFact fact;
  fact.student = kStudent;
  fact.grade = grade;
  fact.score = score;
  fact.original = picture(n);
  fact.taken.wall.value = 1000 + n;
  return {id(n), author, fact};
}

Record submission(std::uint8_t n, std::uint8_t of, NodeNumber author = kSite) {
  return {id(n), author, SubmissionFact{kStudent, id(of), {}, 0, 0}};
}

Record verdict(std::uint8_t n, std::uint8_t on, bool approved, std::uint64_t epoch, NodeNumber author = kHubNumber) {
  return {id(n), author, VerdictFact{kStudent, id(on), approved, approved ? "" : "R-BLUR", "", epoch, {}}};
}

Record unlocked(std::uint8_t n, std::optional<std::uint8_t> of, std::uint32_t attempts, std::uint64_t epoch,
                NodeNumber author = kHubNumber) {
  return {id(n), author, UnlockFact{kStudent, of ? id(*of) : RecordId{}, attempts, "", epoch, {}}};
}

Record exported(std::uint8_t n, std::uint8_t of) { return {id(n), kHubNumber, ExportFact{kStudent, id(of), picture(n), {}}}; }

/// Folds, and holds the state to what is true of every state.
StudentState folded(const std::vector<Record>& records) {
  StudentState state = fold(kStudent, records);
  const auto back = decode_student(encode(state));
  REQUIRE(back.has_value());
  CHECK(encode(*back) == encode(state));  // bytes: a score that is no number is not equal to itself
  return state;
}

Code refusal(const Result<void>& result) {
  REQUIRE(!result.has_value());
  return result.error().code;
}

const Profile kProfile;

}  // namespace

TEST_CASE("a student goes from eligible to exported, stage by stage") {
  std::vector<Record> records;
  CHECK(folded(records).stage == Stage::unknown);
  records.push_back(roster(1));
  CHECK(folded(records).stage == Stage::eligible);
  records.push_back(capture(2, Grade::fail));
  CHECK(folded(records).stage == Stage::captured);
  records.push_back(capture(3, Grade::advice));
  CHECK(folded(records).stage == Stage::drafted);
  records.push_back(submission(4, 3));
  CHECK(folded(records).stage == Stage::submitted);
  records.push_back(verdict(5, 4, true, 1));
  CHECK(folded(records).stage == Stage::approved);
  records.push_back(exported(6, 4));
  const StudentState state = folded(records);
  CHECK(state.stage == Stage::exported);
  CHECK(state.flags == StudentFlags{});
  CHECK(current_submission(state)->id == id(4));
  CHECK(current_capture(state)->id == id(3));
  CHECK(current_verdict(state)->id == id(5));
}

TEST_CASE("a failed picture is a draft only with an operator's reason") {
  Record failed = capture(2, Grade::fail);
  CHECK(folded({roster(1), failed}).stage == Stage::captured);
  std::get<CaptureFact>(failed.fact).override_reason = "student cannot open the left eye";
  CHECK(folded({roster(1), failed}).stage == Stage::drafted);
}

TEST_CASE("a rejection opens the student again, and a new submission supersedes the rejected one") {
  std::vector<Record> records{roster(1), capture(2), submission(3, 2), verdict(4, 3, false, 1)};
  StudentState state = folded(records);
  CHECK(state.stage == Stage::rejected);
  CHECK(current_verdict(state)->fact.reason == "R-BLUR");
  CHECK(may_capture(state, kProfile).has_value());
  CHECK(latest_usable_draft(state) == nullptr);
  CHECK(refusal(may_submit(state, id(2))) == Code::kNoDraft);
  CHECK(refusal(may_review(state)) == Code::kNothingToReview);

  records.push_back(capture(5));
  state = folded(records);
  CHECK(state.stage == Stage::rejected);
  CHECK(latest_usable_draft(state)->id == id(5));
  CHECK(may_submit(state, id(5)).has_value());

  records.push_back(submission(6, 5));
  state = folded(records);
  CHECK(state.stage == Stage::submitted);
  CHECK(state.current == id(6));
  CHECK(current_verdict(state) == nullptr);
  CHECK(!state.flags.conflict);
  CHECK(may_review(state).has_value());
  records.push_back(verdict(7, 6, true, 2));
  CHECK(folded(records).stage == Stage::approved);
}

TEST_CASE("two sites that submit different pictures make a conflict, and the better one is proposed") {
  const std::vector<Record> records{roster(1), capture(2, Grade::advice, 95), capture(3, Grade::pass, 60, kOtherSite),
                                    submission(4, 2), submission(5, 3, kOtherSite)};
  StudentState state = folded(records);
  CHECK(state.flags.conflict);
  CHECK(state.submissions.size() == 2);
  CHECK(state.current == id(5));
  const auto pending = pending_submissions(state);
  REQUIRE(pending.size() == 2);
  CHECK(pending[0]->id == id(5));

  auto decided = records;
  decided.push_back(verdict(6, 5, false, 1));
  state = folded(decided);
  CHECK(state.stage == Stage::submitted);
  CHECK(state.current == id(4));
  CHECK(!state.flags.conflict);
}

TEST_CASE("of equal grades the higher score is proposed, of equal scores the larger record id, and no number counts as zero") {
  const auto proposed = [](double first, double second) {
    return folded(
               {roster(1), capture(2, Grade::pass, first), capture(3, Grade::pass, second), submission(4, 2), submission(5, 3)})
        .current;
  };
  CHECK(proposed(90, 80) == id(4));
  CHECK(proposed(80, 90) == id(5));
  CHECK(proposed(80, 80) == id(5));
  CHECK(proposed(1, std::nan("")) == id(4));
  CHECK(proposed(1, 1e300) == id(4));
}

TEST_CASE("the same picture submitted twice is no conflict") {
  Record twin = capture(3, Grade::pass, 80, kOtherSite);
  std::get<CaptureFact>(twin.fact).original = picture(2);
  CHECK(!folded({roster(1), capture(2), submission(4, 2), submission(5, 2)}).flags.conflict);
  CHECK(!folded({roster(1), capture(2), twin, submission(4, 2), submission(5, 3)}).flags.conflict);
}

TEST_CASE("a submission whose capture has not arrived waits, flagged, and gives way to one that is there") {
  StudentState state = folded({roster(1), submission(4, 2)});
  CHECK(state.stage == Stage::submitted);
  CHECK(state.flags.capture_missing);
  CHECK(current_capture(state) == nullptr);
  state = folded({roster(1), submission(4, 2), capture(3, Grade::fail), submission(5, 3)});
  CHECK(state.current == id(5));
  CHECK(state.flags.unusable_submission);
  CHECK(state.flags.conflict);
}

TEST_CASE("an approval is final, whatever the hub says later and however high its epoch") {
  const std::vector<Record> records{roster(1), capture(2), submission(3, 2), verdict(4, 3, true, 5), verdict(5, 3, false, 9)};
  CHECK(folded(records).stage == Stage::approved);
  CHECK(folded({roster(1), capture(2), submission(3, 2), verdict(4, 3, true, 9), verdict(5, 3, false, 5)}).stage ==
        Stage::approved);
}

TEST_CASE("of two approvals of different submissions the first stays, and both are flagged") {
  const StudentState state = folded(
      {roster(1), capture(2), capture(3), submission(4, 2), submission(5, 3), verdict(6, 5, true, 2), verdict(7, 4, true, 1)});
  CHECK(state.current == id(4));
  CHECK(state.flags.verdict_conflict);
  CHECK(!state.flags.conflict);
}

TEST_CASE("of several rejections the one with the highest epoch is shown") {
  const StudentState state = folded({roster(1), capture(2), submission(3, 2), verdict(5, 3, false, 1), verdict(4, 3, false, 2)});
  CHECK(state.verdict == id(4));
}

TEST_CASE("a verdict, a roster row or an export by somebody else than the hub is ignored and flagged") {
  const std::vector<Record> base{roster(1), capture(2), submission(3, 2)};
  Record foreign_roster = roster(9, 99);
  foreign_roster.author = kSite;
  Record foreign_export = exported(9, 3);
  foreign_export.author = kSite;
  for (const Record& foreign : {verdict(9, 3, true, 1, kSite), foreign_roster, foreign_export}) {
    auto records = base;
    records.push_back(foreign);
    StudentState state = folded(records);
    CHECK(state.flags.foreign_decision);
    CHECK(state.stage == Stage::submitted);
    state.flags.foreign_decision = false;
    CHECK(state == folded(base));
  }
}

TEST_CASE("the roster row with the highest version counts, and a later row undoes delisting and exemption") {
  Record gone = roster(2, 2);
  std::get<RosterFact>(gone.fact).delisted = true;
  Record exempt = roster(3, 3);
  std::get<RosterFact>(exempt.fact).exempt = true;
  CHECK(folded({gone, roster(1)}).stage == Stage::delisted);
  CHECK(folded({exempt, gone, roster(1)}).stage == Stage::exempt);
  CHECK(folded({roster(4, 4), exempt, gone, roster(1)}).stage == Stage::eligible);
  CHECK(folded({roster(5, 2), gone}).stage == Stage::eligible);
  CHECK(refusal(may_capture(folded({gone}), kProfile)) == Code::kStudentUnknown);
  CHECK(refusal(may_capture(folded({exempt}), kProfile)) == Code::kExempt);
  CHECK(folded({gone, capture(6), submission(7, 6)}).flags.submitted_while_closed);
}

TEST_CASE("attempts are counted by author, and the limit counts them all") {
  Profile two;
  two.attempts_max = 2;
  std::vector<Record> records{roster(1), capture(2, Grade::fail)};
  CHECK(may_capture(folded(records), two).has_value());
  records.push_back(capture(3, Grade::fail, 0, kOtherSite));
  StudentState state = folded(records);
  CHECK(state.attempts == std::map<NodeNumber, std::uint32_t>{{kSite, 1}, {kOtherSite, 1}});
  CHECK(state.attempts_total() == 2);
  CHECK(refusal(may_capture(state, two)) == Code::kAttemptsUsed);
  CHECK(may_override(Code::kAttemptsUsed));
  CHECK(!over_attempts(state, two));
  records.push_back(capture(4));
  state = folded(records);
  CHECK(over_attempts(state, two));
  CHECK(may_submit(state, id(4)).has_value());
}

TEST_CASE("a full draft box blocks shooting, and an operator may override it") {
  Profile one;
  one.draft_capacity = 1;
  CHECK(may_capture(folded({roster(1), capture(2, Grade::fail)}), one).has_value());
  CHECK(refusal(may_capture(folded({roster(1), capture(2)}), one)) == Code::kDraftsFull);
  CHECK(may_override(Code::kDraftsFull));
}

TEST_CASE("no picture is taken or submitted while a submission waits, and none after approval") {
  std::vector<Record> records{roster(1), capture(2), capture(3), submission(4, 2)};
  CHECK(refusal(may_capture(folded(records), kProfile)) == Code::kAlreadySubmitted);
  CHECK(refusal(may_submit(folded(records), id(3))) == Code::kAlreadySubmitted);
  records.push_back(verdict(5, 4, true, 1));
  CHECK(refusal(may_capture(folded(records), kProfile)) == Code::kAlreadyApproved);
  CHECK(refusal(may_review(folded(records))) == Code::kAlreadyApproved);
  for (const Code code : {Code::kAlreadySubmitted, Code::kAlreadyApproved, Code::kExempt, Code::kStudentUnknown})
    CHECK(!may_override(code));
}

TEST_CASE("only a usable draft of this student can be submitted") {
  const StudentState state = folded({roster(1), capture(2, Grade::fail), capture(3)});
  CHECK(may_submit(state, id(3)).has_value());
  CHECK(refusal(may_submit(state, id(2))) == Code::kNoDraft);
  CHECK(refusal(may_submit(state, id(9))) == Code::kDraftUnknown);
  CHECK(refusal(may_capture(folded({capture(3)}), kProfile)) == Code::kStudentUnknown);
}

TEST_CASE("the latest draft is the one taken last by the wall clock") {
  Record early = capture(9);
  std::get<CaptureFact>(early.fact).taken.wall.value = 1;
  const StudentState state = folded({roster(1), early, capture(3), capture(2)});
  REQUIRE(latest_usable_draft(state) != nullptr);
  CHECK(latest_usable_draft(state)->id == id(3));
  CHECK(usable_drafts(state).size() == 3);
}

TEST_CASE("an approval counts also where the submission itself has not arrived") {
  const StudentState state = folded({roster(1), verdict(5, 4, true, 1)});
  CHECK(state.stage == Stage::approved);
  CHECK(current_submission(state) == nullptr);
  CHECK(state.flags.capture_missing);
}

TEST_CASE("a submission is decided against once it is rejected or another one is approved, and never after its own approval") {
  const auto both = [](std::vector<Record> more) {
    std::vector<Record> records{roster(1), capture(2), capture(3), submission(4, 2), submission(5, 3)};
    for (Record& record : more) records.push_back(std::move(record));
    return folded(std::move(records));
  };
  const StudentState waiting = both({});
  CHECK_FALSE(decided_against(waiting, id(4)));  // a person has to choose
  CHECK_FALSE(decided_against(waiting, id(5)));
  const StudentState rejected = both({verdict(6, 4, false, 1)});
  CHECK(decided_against(rejected, id(4)));
  CHECK_FALSE(decided_against(rejected, id(5)));
  const StudentState chosen = both({verdict(6, 5, true, 1)});
  CHECK(decided_against(chosen, id(4)));
  CHECK_FALSE(decided_against(chosen, id(5)));
  const StudentState undone = both({verdict(6, 4, false, 1), verdict(7, 4, true, 2)});
  CHECK_FALSE(decided_against(undone, id(4)));
  CHECK(decided_against(undone, id(5)));
}

TEST_CASE("a rejection may be taken back while nothing newer waits") {
  CHECK(may_undo_rejection(folded({roster(1), capture(2), submission(3, 2), verdict(4, 3, false, 1)})));
  CHECK_FALSE(may_undo_rejection(folded({roster(1), capture(2), submission(3, 2)})));
  CHECK_FALSE(may_undo_rejection(folded({roster(1), capture(2), submission(3, 2), verdict(4, 3, true, 1)})));
  const StudentState again =
      folded({roster(1), capture(2), submission(3, 2), verdict(4, 3, false, 1), capture(5), submission(6, 5)});
  CHECK_FALSE(may_undo_rejection(again));
  const StudentState back = folded({roster(1), capture(2), submission(3, 2), verdict(4, 3, false, 1), verdict(5, 3, true, 2)});
  CHECK(back.stage == Stage::approved);
}

TEST_CASE("an unlock opens a waiting submission, and the next one counts") {
  std::vector<Record> records{roster(1), capture(2), submission(3, 2), unlocked(4, 3, 1, 1)};
  StudentState state = folded(records);
  CHECK(state.stage == Stage::captured);
  CHECK_FALSE(state.current);
  CHECK(may_capture(state, kProfile));
  CHECK(refusal(may_review(state)) == Code::kNothingToReview);
  CHECK(refusal(may_submit(state, id(2))) == Code::kNoDraft);
  CHECK(decided_against(state, id(3)));
  REQUIRE(open_by_unlock(state) != nullptr);
  CHECK(open_by_unlock(state)->id == id(4));
  records.push_back(capture(5));
  records.push_back(submission(6, 5));
  state = folded(records);
  CHECK(state.stage == Stage::submitted);
  CHECK(state.current == id(6));
  CHECK(open_by_unlock(state) == nullptr);
}

TEST_CASE("an approval is undone by an unlock of its epoch or a later one, and by nothing else") {
  const std::vector<Record> approved{roster(1), capture(2), submission(3, 2), verdict(4, 3, true, 2), exported(5, 3)};
  const auto with = [&](Record more) {
    std::vector<Record> records = approved;
    records.push_back(std::move(more));
    return folded(records);
  };
  CHECK(folded(approved).stage == Stage::exported);
  CHECK(with(unlocked(6, 3, 1, 3)).stage == Stage::captured);
  CHECK(with(unlocked(6, 3, 1, 2)).stage == Stage::captured);
  CHECK(with(unlocked(6, 3, 1, 1)).stage == Stage::exported);
  CHECK(with(unlocked(6, std::nullopt, 1, 9)).stage == Stage::exported);
  const StudentState forged = with(unlocked(6, 3, 1, 9, kSite));
  CHECK(forged.stage == Stage::exported);
  CHECK(forged.flags.foreign_decision);
  CHECK(next_review_epoch(with(unlocked(6, 3, 1, 7))) == 8);
}

TEST_CASE("unlocks allow more attempts, and the same word to two nodes allows them once") {
  Profile one;
  one.attempts_max = 1;
  std::vector<Record> records{roster(1), capture(2, Grade::fail)};
  CHECK(refusal(may_capture(folded(records), one)) == Code::kAttemptsUsed);
  records.push_back(unlocked(3, std::nullopt, 2, 1));
  records.push_back(unlocked(4, std::nullopt, 2, 1));
  CHECK(attempts_allowed(folded(records), one) == 3);
  CHECK(may_capture(folded(records), one));
  records.push_back(unlocked(5, std::nullopt, ~0U, 2));
  CHECK(attempts_allowed(folded(records), one) == ~0U);
}

TEST_CASE("records about others and about nodes are passed over") {
  Record other = capture(8);
  std::get<CaptureFact>(other.fact).student = StudentRef{78};
  const Record member{id(9), kHubNumber, MemberFact{{1, 2, 3}}};
  CHECK(folded({roster(1), other, member}) == folded({roster(1)}));
}

TEST_CASE("a state that is cut, longer or changed never reads as anything but its own bytes") {
  const Bytes bytes = encode(folded(
      {roster(1), capture(2), capture(3), submission(4, 2), verdict(5, 4, false, 1), unlocked(7, 4, 2, 0), exported(6, 4)}));
  for (std::size_t n = 0; n < bytes.size(); ++n) CHECK(!decode_student(ByteView{bytes}.first(n)).has_value());
  Bytes longer = bytes;
  longer.push_back(0);
  CHECK(decode_student(longer).error().code == Code::kMalformed);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
      Bytes changed = bytes;
      changed[i] = static_cast<std::uint8_t>(changed[i] ^ flip);
      const auto state = decode_student(changed);
      if (state) CHECK(encode(*state) == changed);
    }
  }
  Bytes newer = bytes;
  newer[0] = static_cast<std::uint8_t>(newer[0] + 1);
  CHECK(decode_student(newer).error().code == Code::kVersionUnknown);
}

TEST_CASE("a student of the last term is urgent, and so is one who is to be taken again, until a new picture waits") {
  CHECK_FALSE(urgent(folded({})));
  std::vector<Record> records{roster(1), capture(2), submission(3, 2)};
  CHECK_FALSE(urgent(folded(records)));
  records.push_back(verdict(4, 3, false, 1));
  records.push_back(capture(5));
  CHECK(urgent(folded(records)));  // its new submission is made from this state
  records.push_back(submission(6, 5));
  CHECK_FALSE(urgent(folded(records)));
  records.push_back(verdict(7, 6, true, 2));
  CHECK_FALSE(urgent(folded(records)));
  Record last = roster(8, 2);
  std::get<RosterFact>(last.fact).last_term = true;
  records.push_back(last);
  CHECK(urgent(folded(records)));
}
