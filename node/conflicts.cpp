// The hub's desk: what two places did to one student while neither heard of the other, and what two reviewers said.
#include "core/campaign/conflicts.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <functional>
#include <set>

#include "core/code/mask.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/disputes.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

json::object candidate_document(const Enrolled& all, const core::ConflictCandidate& candidate) {
  const auto member = all.membership->find(candidate.author);
  json::object out;
  out["submission"] = short_id(candidate.submission);
  out["site"] = member ? member->name : std::string();
  out["step"] = core::step_name(candidate.step);
  if (candidate.capture == nullptr) return out;
  const core::CaptureFact& fact = candidate.capture->fact;
  out["taken"] = core::to_iso8601(fact.taken.wall);
  out["grade"] = core::grade_name(fact.grade);
  out["score"] = fact.score;
  out["override"] = fact.override_reason;
  return out;
}

/// "submissions": two places submitted different pictures; "reviewers": two reviewers decided differently on one.
json::object head_document(const core::StudentState& state, std::string_view kind) {
  json::object out;
  out["kind"] = kind;
  out["student"] = state.student.text();
  out["name"] = state.roster ? core::mask_name(state.roster->name) : std::string();
  out["site"] = state.roster ? state.roster->site_name : std::string();
  out["class"] = state.roster ? state.roster->class_name : std::string();
  out["last_term"] = state.roster && state.roster->last_term;
  return out;
}

json::object dispute_document(const core::StudentState& state, const core::Dispute& dispute) {
  json::object out = head_document(state, "reviewers");
  tell_dispute(out, dispute);
  return out;
}

json::object conflict_document(const Enrolled& all, const core::StudentState& state, const core::Conflict& conflict) {
  json::object out = head_document(state, "submissions");
  json::array candidates;
  for (const core::ConflictCandidate& candidate : conflict.candidates) candidates.push_back(candidate_document(all, candidate));
  out["proposal"] = short_id(conflict.candidates.front().submission);
  out["candidates"] = std::move(candidates);
  out["reason"] = core::conflict_reason_name(conflict.reason);
  json::array doubts;
  for (const core::ConflictDoubt doubt : conflict.doubts) doubts.push_back(json::string(core::conflict_doubt_name(doubt)));
  out["doubts"] = std::move(doubts);
  out["unlike_bits"] = conflict.unlike_bits;
  return out;
}

/// What is open about one student: at least one of the two. They point into the state, so all are lent together.
struct Open {
  const core::StudentState& state;
  const std::optional<core::Conflict> conflict;
  const std::optional<core::Dispute> dispute;
};
using Act = std::function<Result<void>(const Open&)>;
Result<void> with_conflict(const Enrolled& all, core::StudentRef student, const Act& act) {
  SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(student));
  if (!state) return Code::kStudentUnknown;
  const Open open{*state, core::conflict_of(*state, all.profile), core::dispute_of(*state)};
  if (!open.conflict && !open.dispute) return Code::kNoConflict;
  return act(open);
}

/// The best rendition that is here of each submission, as STUDENT-SUBMISSION.jpg; the paths, empty where nothing has come yet.
Result<json::array> write_candidates(Node& node, const Enrolled& all, const core::StudentState& state,
                                     const std::vector<core::RecordId>& submissions, const std::string& folder) {
  SATCHEL_TRY(node.surroundings().disk.make_folder(folder));
  json::array out;
  for (const core::RecordId& id : submissions) {
    std::string path = folder + "/" + state.student.text() + "-" + short_id(id) + ".jpg";
    const core::SubmissionSeen* seen = core::find_submission(state, id);
    const core::CaptureSeen* capture = seen != nullptr ? core::find_capture(state, seen->fact.capture) : nullptr;
    SATCHEL_TRY_ASSIGN(const bool written, write_rendition(node, all, capture, path));
    if (!written) path.clear();
    out.push_back(json::string(path));
  }
  return out;
}

/// Everyone who may still be asked about this student: who submitted, and the student's own site.
std::set<core::NodeNumber> who_hears(const Enrolled& all, const core::StudentState& state) {
  std::set<core::NodeNumber> out;
  for (const core::SubmissionSeen& seen : state.submissions) out.insert(seen.author);
  if (state.roster) out.insert(state.roster->site);
  out.erase(core::kHubNumber);
  std::erase_if(out, [&](core::NodeNumber number) { return all.membership->revoked(number); });
  return out;
}

}  // namespace

Result<Answer> list_conflicts(Node& node, const json::object&, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  std::vector<core::StudentRef> waiting;
  SATCHEL_TRY(each_digest(node.store(), [&](core::StudentRef ref, const Digest& digest) {
    if (digest.stage == core::Stage::submitted || digest.disputed) waiting.push_back(ref);
  }));
  json::array urgent;
  json::array others;
  std::size_t clear = 0;
  for (const core::StudentRef ref : waiting) {
    const auto found = with_conflict(*all, ref, [&](const Open& open) {
      json::array& list = core::urgent(open.state) ? urgent : others;
      if (open.conflict) list.push_back(conflict_document(*all, open.state, *open.conflict));
      if (open.dispute) list.push_back(dispute_document(open.state, *open.dispute));
      clear += open.conflict && open.conflict->doubts.empty() ? 1U : 0U;
      clear += open.dispute && open.dispute->settled() ? 1U : 0U;
      return Result<void>{};
    });
    if (!found && found.error().code != Code::kNoConflict) return found.error();
  }
  for (json::value& one : others) urgent.push_back(std::move(one));
  Answer answer;
  answer.body["schema"] = "satchel.conflicts/1";
  answer.body["clear"] = clear;
  answer.body["conflicts"] = std::move(urgent);
  return answer;
}

Result<Answer> show_conflict(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const core::StudentRef student, student_argument(arguments, "student"));
  const std::string pictures = optional_text(arguments, "pictures");
  Answer answer;
  const Act tell = [&](const Open& open) -> Result<void> {
    // The reviewers' turn comes when it is settled which submission is looked at.
    answer.body =
        open.conflict ? conflict_document(*all, open.state, *open.conflict) : dispute_document(open.state, *open.dispute);
    if (pictures.empty()) return {};
    std::vector<core::RecordId> submissions;
    if (open.conflict) {
      for (const core::ConflictCandidate& one : open.conflict->candidates) submissions.push_back(one.submission);
    } else {
      submissions.push_back(open.dispute->submission);
    }
    SATCHEL_TRY_ASSIGN(json::array files, write_candidates(node, *all, open.state, submissions, pictures));
    answer.body["pictures"] = std::move(files);
    return {};
  };
  SATCHEL_TRY(with_conflict(*all, student, tell));
  answer.body["schema"] = "satchel.conflict/1";
  return answer;
}

namespace {

/// Takes `wanted` (the beginning of a submission's id; empty: the proposal) of each student's conflict.
Result<core::RecordId> choose(const core::Conflict& conflict, const std::string& wanted) {
  if (wanted.empty()) {
    // What a person should look at is not taken unseen.
    if (!conflict.doubts.empty())
      return Error{Code::kChoiceNeeded, std::string(core::conflict_doubt_name(conflict.doubts.front()))};
    return conflict.candidates.front().submission;
  }
  constexpr std::size_t kShortest = 8;
  for (const core::ConflictCandidate& candidate : conflict.candidates) {
    if (wanted.size() >= kShortest && candidate.submission.hex().starts_with(wanted)) return candidate.submission;
  }
  return Code::kSubmissionUnknown;
}

struct Choice {
  std::string wanted;
  std::string by;
  std::string note;
};

Result<core::RecordId> take_submission(Node& node, Enrolled& all, const core::StudentState& state, const core::Conflict& conflict,
                                       const Choice& choice) {
  SATCHEL_TRY_ASSIGN(const core::RecordId chosen, choose(conflict, choice.wanted));
  core::ResolutionFact fact{state.student,
                            chosen,
                            {},
                            choice.note,
                            all.ledger->number(core::next_review_epoch(state)),
                            node.surroundings().clock.moment()};
  // Copies of the same picture are dismissed with the others: one submission goes to review.
  for (const core::SubmissionSeen* pending : core::pending_submissions(state)) {
    if (pending->id != chosen) fact.dismissed.push_back(pending->id);
  }
  Ledger::Turn turn = all.ledger->turn();
  if (core::urgent(state)) turn.make_urgent();
  for (const core::NodeNumber site : who_hears(all, state)) {
    SATCHEL_TRY(turn.state(core::Audience{site.value}, core::Lane::control, fact));
  }
  SATCHEL_TRY(turn.commit());
  return chosen;
}

/// A decision's word names the reviewers' conflict; anything else, and nothing, the submissions' while there is one.
bool means_dispute(const Open& open, const std::string& wanted) {
  if (!open.dispute) return false;
  return !open.conflict || std::ranges::find(open.dispute->words, wanted, &core::ReviewerWord::word) != open.dispute->words.end();
}

Result<void> resolve_one(Node& node, Enrolled& all, core::StudentRef student, const Choice& choice, json::object& line) {
  return with_conflict(all, student, [&](const Open& open) -> Result<void> {
    if (means_dispute(open, choice.wanted)) {
      SATCHEL_TRY_ASSIGN(const std::string word,
                         settle_dispute(node, all, open.state, *open.dispute, choice.wanted, choice.by, choice.note));
      line["kind"] = "reviewers";
      line["chosen"] = word;
      return {};
    }
    SATCHEL_TRY_ASSIGN(const core::RecordId chosen, take_submission(node, all, open.state, *open.conflict, choice));
    line["kind"] = "submissions";
    line["chosen"] = short_id(chosen);
    return {};
  });
}

}  // namespace

Result<Answer> resolve_conflict(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const auto students, list_argument(arguments, "students"));
  Choice choice{optional_text(arguments, "choose"), {}, {}};
  SATCHEL_TRY_ASSIGN(choice.note, note_argument(arguments));
  SATCHEL_TRY_ASSIGN(choice.by, reviewer_argument(arguments));
  if (!choice.wanted.empty() && students.size() != 1) return Error{Code::kUsage, "choose goes with one student"};
  const auto step = [&](core::StudentRef student, json::object& line) { return resolve_one(node, *all, student, choice, line); };
  SATCHEL_TRY_ASSIGN(Answer answer, decide_each(*all, students, {"satchel.resolved/1", "resolved"}, step));
  return answer;
}

}  // namespace satchel::node
