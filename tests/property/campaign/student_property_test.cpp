// Generated histories of one student at several sites, and what must hold for each. A failure prints the seed that replays it:
// RC_PARAMS="seed=… max_success=…".

#include <rapidcheck/catch.h>
#include <algorithm>

#include "core/campaign/after_approval.h"
#include "core/campaign/disputes.h"
#include "core/campaign/student.h"
#include "tests/property/campaign/naive_student.h"

using namespace satchel::core;
using namespace satchel::tests;

namespace {

constexpr StudentRef kStudent{123456789};

RecordId make_id(std::uint64_t n) {
  RecordId out;
  // Scattered, so that the order of ids is not the order of events; odd multiplication keeps them different.
  const std::uint64_t scattered = (n + 1) * 0x9E3779B97F4A7C15ULL;
  for (std::size_t i = 0; i < 8; ++i) out.value[i] = static_cast<std::uint8_t>(scattered >> (8 * i));
  return out;
}

template <class T>
T below(T bound) {
  return *rc::gen::inRange<T>(0, bound);
}

Moment any_moment() {
  Moment at;
  at.boot_id = below<std::uint64_t>(3);
  at.mono.value = below<std::int64_t>(1000);
  // Few values, so that ties happen; wrong clocks too, and days apart.
  at.wall.value = *rc::gen::element<std::int64_t>(-2, -1, 0, 1, 2, 90'000, 3'600'000, 100'000'000);
  return at;
}

double any_score() { return *rc::gen::element(0.0, 50.0, 80.0, 80.5, 100.0, -1.0, 1e300, std::nan("")); }

/// Some record that already happened and of the wanted kind, or one that never arrives.
template <class Wanted>
RecordId any_earlier(const std::vector<Record>& history) {
  std::vector<RecordId> ids{make_id(1'000'000 + below<std::uint64_t>(3))};
  for (const Record& record : history) {
    if (std::holds_alternative<Wanted>(record.fact)) ids.insert(ids.end(), 4, record.id);
  }
  return *rc::gen::elementOf(ids);
}

/// Of few foreign codes, so that matches and answers meet.
Hash any_digest() {
  Hash out;
  out.value[0] = below<std::uint8_t>(3);
  return out;
}

Fact any_fact(const std::vector<Record>& history) {
  switch (below(38)) {
    case 0:
    case 1: {
      RosterFact fact;
      fact.student = kStudent;
      fact.version = below<std::uint64_t>(4);
      fact.delisted = below(8) == 0;
      fact.exempt = below(8) == 0;
      fact.site = NodeNumber{below<std::uint32_t>(4)};
      fact.name = *rc::gen::element<std::string>("甲", "乙", "");
      return fact;
    }
    case 2:
    case 3:
    case 4: {
      VerdictFact fact{kStudent,    any_earlier<SubmissionFact>(history), below(3) == 0, "", "", below<std::uint64_t>(4),
                       any_moment()};
      fact.undone = below(6) == 0;
      if (!fact.approved) fact.reason = *rc::gen::element<std::string>("R-BLUR", "R-DARK");
      fact.by = *rc::gen::element<std::string>("a", "b");
      return fact;
    }
    case 5: return ExportFact{kStudent, any_earlier<SubmissionFact>(history), {}, any_moment()};
    case 6: return MemberFact{{1}};
    case 12:
      return UnlockFact{kStudent,    any_earlier<SubmissionFact>(history), below<std::uint32_t>(3), "", below<std::uint64_t>(4),
                        any_moment()};
    case 34: return CodeRevocationFact{kStudent, below<std::uint64_t>(4), any_moment()};
    case 35:
    case 36: return ForeignCodeFact{kStudent, any_digest(), {1}, {2}, "", any_moment()};
    case 37:
      return ForeignAnswerFact{
          kStudent, any_digest(), below(2) == 0, static_cast<AnswerSource>(below(3)), below<std::uint64_t>(4), any_moment()};
    case 20:
    case 21: return DiscardFact{kStudent, any_earlier<CaptureFact>(history), any_moment()};
    case 22: return WithdrawalFact{kStudent, any_earlier<SubmissionFact>(history), any_moment()};
    case 23:
    case 24: {
      ResolutionFact fact{kStudent, any_earlier<SubmissionFact>(history), {}, "", below<std::uint64_t>(4), any_moment()};
      for (int i = below(3); i > 0; --i) fact.dismissed.push_back(any_earlier<SubmissionFact>(history));
      return fact;
    }
    case 25:
      return SecondLookFact{kStudent,
                            any_earlier<SubmissionFact>(history),
                            below(2) == 0,
                            *rc::gen::element<std::string>("R-BLUR", "R-DARK"),
                            *rc::gen::element<std::string>("b", "c"),
                            below<std::uint64_t>(3),
                            any_moment()};
    case 26:
      return NationalFact{
          kStudent,    any_earlier<SubmissionFact>(history), static_cast<NationalResult>(below(3)), "", below<std::uint64_t>(4),
          any_moment()};
    case 27: return CaseFact{kStudent, below(3) == 0, "o", "n", {below<std::int64_t>(3)}, below<std::uint64_t>(4), any_moment()};
    case 28: {
      ProofFact fact{kStudent,    any_earlier<SubmissionFact>(history), below(2) == 0, {}, "", below<std::uint64_t>(4),
                     any_moment()};
      if (!fact.right) fact.fields.push_back(*rc::gen::element<std::string>("name", "picture"));
      return fact;
    }
    case 29: return ErrataFact{kStudent, below(2) == 0, {"name"}, "", below<std::uint64_t>(4), any_moment()};
    case 30: return DeliveryFact{kStudent, any_earlier<SubmissionFact>(history), any_moment()};
    case 31: return ExportFact{kStudent, any_earlier<SubmissionFact>(history), {}, any_moment()};
    case 32: return PurgeFact{kStudent, static_cast<PurgeScope>(1 + below(3)), any_moment()};
    case 33: return PurgedFact{kStudent, static_cast<PurgeScope>(1 + below(3)), {make_id(7)}, 9, 1, any_moment()};
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
      return SubmissionFact{kStudent,
                            any_earlier<CaptureFact>(history),
                            any_moment(),
                            below<std::uint64_t>(9),
                            below<std::uint64_t>(9),
                            std::vector<std::string>(below<std::size_t>(3), "C-HAIR")};
    default: break;
  }
  CaptureFact fact;
  fact.student = below(30) == 0 ? StudentRef{1} : kStudent;
  fact.taken = any_moment();
  fact.grade = static_cast<Grade>(below(3));
  fact.score = any_score();
  if (below(4) == 0) fact.override_reason = "r";
  if (below(3) == 0) fact.findings.push_back({"Q-BLUR", Grade::advice, any_score()});
  if (below(2) == 0) fact.findings.push_back({"Q-NO-FACE", Grade::fail, 0});
  fact.original.value[0] = below<std::uint8_t>(4);  // copies of one file happen
  return fact;
}

/// The hub, three sites; mostly the hub decides and the sites capture, but now and then it is the other way round.
NodeNumber any_author(const Fact& fact) {
  const bool hub_kind = std::holds_alternative<RosterFact>(fact) || std::holds_alternative<VerdictFact>(fact) ||
                        std::holds_alternative<ExportFact>(fact) || std::holds_alternative<UnlockFact>(fact) ||
                        std::holds_alternative<ResolutionFact>(fact) || std::holds_alternative<SecondLookFact>(fact) ||
                        std::holds_alternative<NationalFact>(fact) || std::holds_alternative<CaseFact>(fact) ||
                        std::holds_alternative<ErrataFact>(fact) || std::holds_alternative<DeliveryFact>(fact) ||
                        std::holds_alternative<PurgeFact>(fact) || std::holds_alternative<CodeRevocationFact>(fact) ||
                        std::holds_alternative<ForeignAnswerFact>(fact);
  const bool unusual = below(10) == 0;
  return hub_kind != unusual ? kHubNumber : NodeNumber{1 + below<std::uint32_t>(3)};
}

std::vector<Record> any_history() {
  std::vector<Record> history;
  const int events = below(30);
  for (int i = 0; i < events; ++i) {
    Fact fact = any_fact(history);
    const NodeNumber author = any_author(fact);
    history.push_back({make_id(static_cast<std::uint64_t>(i)), author, std::move(fact)});
  }
  return history;
}

std::vector<Record> shuffled(std::vector<Record> records) {
  for (std::size_t i = records.size(); i > 1; --i) std::swap(records[i - 1], records[below(i)]);
  return records;
}

Bytes bytes_of(const std::vector<Record>& records) { return encode(fold(kStudent, records)); }

}  // namespace

TEST_CASE("any order of arrival gives the same bytes") {
  rc::prop("permutation", [] {
    const auto history = any_history();
    RC_ASSERT(bytes_of(shuffled(history)) == bytes_of(history));
  });
}

TEST_CASE("any repetition gives the same bytes") {
  rc::prop("repetition", [] {
    const auto history = any_history();
    auto repeated = history;
    for (int i = below(20); i > 0 && !history.empty(); --i) repeated.push_back(history[below(history.size())]);
    RC_ASSERT(bytes_of(shuffled(repeated)) == bytes_of(history));
  });
}

TEST_CASE("what several nodes heard in parts, merged, gives the same bytes as the whole") {
  rc::prop("partition and merge", [] {
    const auto history = any_history();
    std::vector<std::vector<Record>> nodes(3);
    for (const Record& record : history) {
      nodes[below(nodes.size())].push_back(record);
      if (below(3) == 0) nodes[below(nodes.size())].push_back(record);
    }
    // Each node folds on its way, as real ones do; the merged whole must not care.
    std::vector<Record> merged;
    for (auto& node : nodes) {
      RC_ASSERT(decode_student(bytes_of(node)).has_value());
      for (Record& record : shuffled(std::move(node))) merged.push_back(std::move(record));
    }
    RC_ASSERT(bytes_of(merged) == bytes_of(history));
  });
}

TEST_CASE("a state folded on with what comes later gives the same bytes as all of it folded at once") {
  rc::prop("fold on", [] {
    const auto history = shuffled(any_history());
    const std::span<const Record> all{history};
    StudentState state = fold(kStudent, {});
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t n = 1 + below(all.size() - at);
      const std::size_t again = below(at + 1);  // some of what it knows already, too
      state = fold_on(std::move(state), all.subspan(at - again, n + again));
      at += n;
    }
    RC_ASSERT(encode(state) == bytes_of(history));
  });
}

TEST_CASE("the bytes of a state read back as the same bytes") {
  rc::prop("round trip", [] {
    const Bytes bytes = bytes_of(any_history());
    const auto back = decode_student(bytes);
    RC_ASSERT(back.has_value());
    RC_ASSERT(encode(*back) == bytes);
  });
}

TEST_CASE("the written rules, followed naively, agree") {
  rc::prop("naive model", [] {
    const auto history = any_history();
    const StudentState state = fold(kStudent, history);
    const NaiveStudent naive = naive_fold(kStudent, history);
    RC_TAG(std::string(stage_name(state.stage)));
    RC_ASSERT(std::string(stage_name(state.stage)) == naive.stage);
    RC_ASSERT(state.current == naive.current);
    RC_ASSERT(state.attempts_total() == naive.attempts);
    RC_ASSERT(attempts_allowed(state, Profile{}) == static_cast<std::uint64_t>(Profile{}.attempts_max) + naive.granted);
    RC_ASSERT(state.flags.foreign_decision == naive.foreign_decision);
    RC_ASSERT(state.flags.conflict == naive.conflict);
    RC_ASSERT(state.roster.has_value() == naive.listed);
    const NationalSeen* national = national_of(state);
    RC_ASSERT((national != nullptr ? std::optional{national->id} : std::nullopt) == naive.national);
    const CaseSeen* step = case_of(state);
    RC_ASSERT((step != nullptr ? std::optional{step->id} : std::nullopt) == naive.case_step);
    RC_ASSERT(state.second_looks.size() == naive.second_looks);
    RC_ASSERT(reviewers_differ(state) == naive.reviewers_differ);
    const auto dispute = dispute_of(state);
    RC_ASSERT(dispute.has_value() == (naive.disputed && naive.stage != "purged"));
    RC_ASSERT((!dispute || dispute->submission == naive.disputed));
    RC_ASSERT((!dispute || dispute->words.front().word == naive.dispute_proposal));
    RC_ASSERT((open_errata(state) != nullptr) == naive.errata_open);
    RC_ASSERT(codes_from(state) == naive.codes_from);
    for (std::uint8_t i = 0; i < 3; ++i) {
      Hash digest;
      digest.value[0] = i;
      const auto standing = foreign_standing(state, digest);
      const auto known = naive.foreign.find(digest);
      RC_ASSERT(standing.has_value() == (known != naive.foreign.end()));
      // In brackets, here and below: RC_ASSERT overloads || and so would ask both sides.
      RC_ASSERT((!standing || standing_name(*standing) == known->second));
    }
  });
}

TEST_CASE("an undo and a verdict settle reviewers who differ, in whatever order all of it comes, and the word stands") {
  rc::prop("dispute settled", [] {
    auto history = any_history();
    const RecordId submission = any_earlier<SubmissionFact>(history);
    // Two who differ are rare among drawn verdicts.
    const std::uint64_t epoch = below<std::uint64_t>(4);
    history.push_back({make_id(70), kHubNumber, VerdictFact{kStudent, submission, false, "R-BLUR", "", epoch, {}, false, "a"}});
    history.push_back(
        {make_id(71), kHubNumber, VerdictFact{kStudent, submission, below(2) == 0, "R-DARK", "", epoch, {}, false, "b"}});
    const StudentState before = fold(kStudent, history);
    const auto dispute = dispute_of(before);
    RC_PRE(dispute.has_value());
    RC_TAG(std::string(dispute_reason_name(dispute->reason)));
    VerdictFact word = dispute->words[below(dispute->words.size())].verdict->fact;
    word.review_epoch = next_review_epoch(before);
    VerdictFact undo = word;
    undo.undone = true;
    ++word.review_epoch;
    history.push_back({make_id(72), kHubNumber, undo});
    history.push_back({make_id(73), kHubNumber, word});
    const StudentState after = fold(kStudent, shuffled(history));
    const auto left = dispute_of(after);
    RC_ASSERT((!left || left->submission != dispute->submission));
    std::size_t standing = 0;
    for (const VerdictSeen& seen : after.verdicts) {
      if (seen.fact.submission != dispute->submission || !stands(after, seen.fact)) continue;
      ++standing;
      RC_ASSERT(seen.fact.approved == word.approved);
    }
    RC_ASSERT(standing == 1U);
  });
}

TEST_CASE(
    "nothing that was captured or submitted is ever lost from the state, and an approval goes away only by an unlock or undo") {
  rc::prop("monotone", [] {
    const auto history = any_history();
    std::vector<Record> heard;
    bool approved = false;
    std::size_t captures = 0;
    std::size_t submissions = 0;
    for (const Record& record : history) {
      heard.push_back(record);
      const StudentState state = fold(kStudent, heard);
      RC_ASSERT(state.captures.size() >= captures);
      RC_ASSERT(state.submissions.size() >= submissions);
      captures = state.captures.size();
      submissions = state.submissions.size();
      const bool now = approved_or_after(state.stage);
      const auto* unlock = std::get_if<UnlockFact>(&record.fact);
      const auto* verdict = std::get_if<VerdictFact>(&record.fact);
      const bool reopens = unlock != nullptr || (verdict != nullptr && verdict->undone);
      RC_ASSERT((now || !approved || (reopens && record.author == kHubNumber)));
      approved = now;
    }
  });
}

TEST_CASE("nothing undoes a purge: whatever comes later, no picture may be taken, and nobody is named any more") {
  rc::prop("purge", [] {
    auto history = any_history();
    const auto scope = static_cast<PurgeScope>(2 + below(2));
    history.push_back({make_id(77), kHubNumber, PurgeFact{kStudent, scope, any_moment()}});
    const StudentState state = fold(kStudent, shuffled(history));
    RC_ASSERT(state.stage == Stage::purged);
    RC_ASSERT(may_capture(state, Profile{}).error().code == Code::kPurged);
    RC_ASSERT(may_review(state).error().code == Code::kPurged);
    RC_ASSERT((!state.roster || !purges(state, PurgeScope::records) || state.roster->name.empty()));
  });
}

TEST_CASE("a roster row out of which a person was struck folds to the same bytes as the whole row, once the records are purged") {
  rc::prop("struck rows", [] {
    auto history = any_history();
    history.push_back({make_id(77), kHubNumber, PurgeFact{kStudent, PurgeScope::records, any_moment()}});
    auto struck = history;
    for (Record& record : struck) {
      if (auto* row = std::get_if<RosterFact>(&record.fact); row != nullptr && below(2) == 0) *row = without_person(*row);
    }
    RC_ASSERT(bytes_of(shuffled(struck)) == bytes_of(history));
  });
}

TEST_CASE("how long a student waits after failed checks is what the rules say, however the history came") {
  rc::prop("locks", [] {
    const auto history = any_history();
    Profile profile;
    profile.locks = {below(3), below(4), below(120), below(3), {"Q-NO-FACE"}};
    const Moment now = any_moment();
    const auto lock = locked(fold(kStudent, shuffled(history)), profile, now);
    RC_ASSERT((lock ? lock->left_ms : 0) == naive_wait_ms(kStudent, history, profile.locks, now));
    RC_ASSERT((!lock || lock->until.value == now.wall.value + lock->left_ms));
  });
}
