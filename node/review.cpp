// The hub's desk: the review of what was submitted.
#include <algorithm>
#include <boost/json/array.hpp>
#include <functional>
#include <initializer_list>
#include <set>

#include "core/campaign/reasons.h"
#include "core/campaign/windows.h"
#include "core/code/mask.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/restate.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

/// An unlock allows one more attempt unless told otherwise: it would open nothing for who has used all.
constexpr std::uint64_t kUnlockAttempts = 1;
constexpr std::uint64_t kUnlockAttemptsMost = 100;

Result<bool> all_here(const Enrolled& all, std::initializer_list<core::Hash> pictures) {
  for (const core::Hash& picture : pictures) {
    SATCHEL_TRY_ASSIGN(const auto stored, all.ledger->blobs().find(picture));
    if (!stored) return false;
  }
  return true;
}

/// Whether the picture is here on which an approval would stand. A rejection can be taken back while the hub has the whole of it;
/// what was still on its way was not sent any more, and then only a new submission brings it.
Result<void> may_approve(const Enrolled& all, const core::StudentState& state) {
  const core::CaptureSeen* capture = core::current_capture(state);
  const bool undo = core::may_undo_rejection(state).has_value();
  if (capture == nullptr) return Code::kPictureNotHere;
  if (undo) {
    SATCHEL_TRY_ASSIGN(const bool whole, all_here(all, {capture->fact.standard, capture->fact.original}));
    return whole ? Result<void>{} : Result<void>{Code::kPictureLetGo};
  }
  SATCHEL_TRY_ASSIGN(const bool here, all_here(all, {capture->fact.standard}));
  return here ? Result<void>{} : Result<void>{Code::kPictureNotHere};
}

/// Another reviewer has decided on the same view of this student (`epoch`) meanwhile: both are kept, and a person settles it.
const core::VerdictSeen* decided_meanwhile(const core::StudentState& state, const core::VerdictFact& fact) {
  const core::VerdictSeen* verdict = core::current_verdict(state);
  const bool same_view = verdict != nullptr && fact.review_epoch != 0 && verdict->fact.review_epoch == fact.review_epoch;
  return same_view && verdict->fact.by != fact.by ? verdict : nullptr;
}

/// The verdict reaches the student's own site, and everyone else who took or submitted a picture of it: a copy that another
/// site submitted would wait there for ever.
Result<void> state_verdict(Enrolled& all, const core::StudentState& state, const core::VerdictFact& fact) {
  Ledger::Turn turn = all.ledger->turn();
  if (!fact.approved || core::urgent(state)) turn.make_urgent();
  const bool forgotten = all.high_water->may_have_forgotten() && !fact.approved && !fact.undone;  // an approval, perhaps
  for (const core::NodeNumber site : who_holds(all, state)) {
    if (forgotten) SATCHEL_TRY(turn.state(core::Audience{site.value}, core::Lane::control, take_back_before(fact)));
    SATCHEL_TRY(turn.state(core::Audience{site.value}, core::Lane::control, fact));
  }
  return turn.commit();
}

/// `fact.review_epoch`: of the list that the reviewer looked at; 0: of now.
Result<void> decide_one(Node& node, Enrolled& all, core::StudentRef student, core::VerdictFact fact) {
  SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(student));
  if (!state) return Code::kStudentUnknown;
  if (const core::VerdictSeen* other = decided_meanwhile(*state, fact)) {
    const core::SubmissionSeen* seen = core::current_submission(*state);
    if (seen == nullptr || (other->fact.approved == fact.approved && other->fact.reason == fact.reason)) return {};
    fact.student = student;
    fact.submission = seen->id;
    fact.decided = node.surroundings().clock.moment();
    return state_verdict(all, *state, fact);
  }
  if (!fact.approved || !core::may_undo_rejection(*state)) SATCHEL_TRY(core::may_review(*state));
  const core::SubmissionSeen* submission = core::current_submission(*state);
  if (submission == nullptr) return Code::kNothingToReview;
  if (fact.approved) SATCHEL_TRY(may_approve(all, *state));
  fact.student = student;
  fact.submission = submission->id;
  fact.decided = node.surroundings().clock.moment();
  fact.review_epoch = all.ledger->number(core::next_review_epoch(*state));
  return state_verdict(all, *state, fact);
}

/// The last verdict is taken back, and the submission waits again. What was exported has left; and of a rejected picture the
/// whole must be here, because what was still on its way was let go.
Result<void> undo_one(Node& node, Enrolled& all, core::StudentRef student, core::VerdictFact fact) {
  SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(student));
  if (!state) return Code::kStudentUnknown;
  const core::VerdictSeen* verdict = core::current_verdict(*state);
  const core::SubmissionSeen* submission = core::current_submission(*state);
  if (verdict == nullptr || submission == nullptr) return Code::kNothingToReview;
  if (core::exported_or_after(state->stage)) return Code::kAlreadyApproved;
  if (!verdict->fact.approved) SATCHEL_TRY(may_approve(all, *state));
  fact.student = student;
  fact.submission = submission->id;
  fact.undone = true;
  fact.decided = node.surroundings().clock.moment();
  fact.review_epoch = all.ledger->number(core::next_review_epoch(*state));
  return state_verdict(all, *state, fact);
}

Result<void> unlock_one(Node& node, Enrolled& all, core::StudentRef student, core::UnlockFact fact) {
  SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(student));
  if (!state || !state->roster || state->stage == core::Stage::delisted) return Code::kStudentUnknown;
  if (state->stage == core::Stage::exempt) return Code::kExempt;
  if (state->stage == core::Stage::purged) return Code::kPurged;
  fact.student = student;
  fact.unlocked = node.surroundings().clock.moment();
  fact.review_epoch = all.ledger->number(core::next_review_epoch(*state));
  // All that wait or are approved: one that was left would lock the student again. A rejected one locks nothing.
  std::vector<core::RecordId> chosen;
  for (const core::SubmissionSeen* pending : core::pending_submissions(*state)) chosen.push_back(pending->id);
  for (const core::VerdictSeen& seen : state->verdicts) {
    if (seen.fact.approved && core::stands(*state, seen.fact)) chosen.push_back(seen.fact.submission);
  }
  if (chosen.empty()) chosen.emplace_back();
  Ledger::Turn turn = all.ledger->turn();
  for (const core::NodeNumber site : who_holds(all, *state)) {
    for (const core::RecordId& submission : chosen) {
      fact.submission = submission;
      SATCHEL_TRY(turn.state(core::Audience{site.value}, core::Lane::control, fact));
    }
  }
  return turn.commit();
}

/// Does `one` for each student that the arguments name; `result` is the word for what was done.
Result<Answer> decide(Node& node, const json::object& arguments, std::string_view result_word,
                      const std::function<Result<void>(Enrolled&, core::StudentRef)>& one) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const auto students, list_argument(arguments, "students"));
  std::size_t done = 0;
  const auto step = [&](core::StudentRef student, json::object& line) -> Result<void> {
    SATCHEL_TRY(one(*all, student));
    line["result"] = result_word;
    ++done;
    return {};
  };
  SATCHEL_TRY_ASSIGN(Answer answer, decide_each(*all, students, {"satchel.decided/1", "decided"}, step));
  node.log().note(std::string(result_word) + " " + std::to_string(done) + " students");
  return answer;
}

/// Who decides, and on which view.
Result<void> read_reviewer(const json::object& arguments, core::VerdictFact& verdict) {
  SATCHEL_TRY_ASSIGN(verdict.by, reviewer_argument(arguments));
  SATCHEL_TRY_ASSIGN(verdict.review_epoch, number_argument(arguments, "epoch", 0));
  return {};
}

}  // namespace

Result<Answer> undo_review(Node& node, const json::object& arguments, const Progress&) {
  core::VerdictFact fact;
  SATCHEL_TRY(read_reviewer(arguments, fact));
  SATCHEL_TRY_ASSIGN(fact.note, note_argument(arguments));
  return decide(node, arguments, "undone",
                [&](Enrolled& all, core::StudentRef student) { return undo_one(node, all, student, fact); });
}

Result<Answer> approve(Node& node, const json::object& arguments, const Progress&) {
  core::VerdictFact verdict;
  SATCHEL_TRY(read_reviewer(arguments, verdict));
  verdict.approved = true;
  return decide(node, arguments, "approved",
                [&](Enrolled& all, core::StudentRef student) { return decide_one(node, all, student, verdict); });
}

Result<Answer> reject(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  core::VerdictFact verdict;
  SATCHEL_TRY(read_reviewer(arguments, verdict));
  SATCHEL_TRY_ASSIGN(verdict.note, note_argument(arguments));
  verdict.reason = optional_text(arguments, "reason");
  const auto& offered = all->profile.reject_reasons;
  if (core::reject_reason(verdict.reason) == nullptr || std::ranges::find(offered, verdict.reason) == offered.end()) {
    std::string names;
    for (const std::string& name : offered) names += (names.empty() ? "" : " ") + name;
    return Error{Code::kReasonUnknown, names};
  }
  return decide(node, arguments, "rejected",
                [&](Enrolled& enrolled, core::StudentRef student) { return decide_one(node, enrolled, student, verdict); });
}

Result<Answer> unlock(Node& node, const json::object& arguments, const Progress&) {
  core::UnlockFact fact;
  SATCHEL_TRY_ASSIGN(fact.note, note_argument(arguments));
  SATCHEL_TRY_ASSIGN(const std::uint64_t attempts, number_argument(arguments, "attempts", kUnlockAttempts));
  if (attempts > kUnlockAttemptsMost) return Error{Code::kUsage, "attempts is more than 100"};
  fact.attempts = static_cast<std::uint32_t>(attempts);
  return decide(node, arguments, "unlocked",
                [&](Enrolled& all, core::StudentRef student) { return unlock_one(node, all, student, fact); });
}

}  // namespace satchel::node
