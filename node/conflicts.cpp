// The hub's desk: what two places did to one student while neither heard of the other.
#include "core/campaign/conflicts.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <functional>
#include <set>

#include "core/code/mask.h"
#include "node/arguments.h"
#include "node/desk.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

constexpr std::size_t kNoteMax = 1000;

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

json::object conflict_document(const Enrolled& all, const core::StudentState& state, const core::Conflict& conflict) {
  json::object out;
  out["student"] = state.student.text();
  out["name"] = state.roster ? core::mask_name(state.roster->name) : std::string();
  out["site"] = state.roster ? state.roster->site_name : std::string();
  out["class"] = state.roster ? state.roster->class_name : std::string();
  out["last_term"] = state.roster && state.roster->last_term;
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

/// The candidates point into the state, so both are lent together.
using Act = std::function<Result<void>(const core::StudentState&, const core::Conflict&)>;
Result<void> with_conflict(const Enrolled& all, core::StudentRef student, const Act& act) {
  SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(student));
  if (!state) return Code::kStudentUnknown;
  const auto conflict = core::conflict_of(*state, all.profile);
  if (!conflict) return Code::kNoConflict;
  return act(*state, *conflict);
}

/// The best rendition that is here of each candidate, as STUDENT-SUBMISSION.jpg; the paths, empty where nothing has come yet.
Result<json::array> write_candidates(Node& node, const Enrolled& all, const core::StudentState& state,
                                     const core::Conflict& conflict, const std::string& folder) {
  SATCHEL_TRY(node.surroundings().disk.make_folder(folder));
  json::array out;
  for (const core::ConflictCandidate& candidate : conflict.candidates) {
    std::string path = folder + "/" + state.student.text() + "-" + short_id(candidate.submission) + ".jpg";
    SATCHEL_TRY_ASSIGN(const bool written, write_rendition(node, all, candidate.capture, path));
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
    if (digest.stage == core::Stage::submitted) waiting.push_back(ref);
  }));
  json::array urgent;
  json::array others;
  std::size_t clear = 0;
  for (const core::StudentRef ref : waiting) {
    const auto found = with_conflict(*all, ref, [&](const core::StudentState& state, const core::Conflict& conflict) {
      if (conflict.doubts.empty()) ++clear;
      (core::urgent(state) ? urgent : others).push_back(conflict_document(*all, state, conflict));
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
  const Act tell = [&](const core::StudentState& state, const core::Conflict& conflict) -> Result<void> {
    answer.body = conflict_document(*all, state, conflict);
    if (pictures.empty()) return {};
    SATCHEL_TRY_ASSIGN(json::array files, write_candidates(node, *all, state, conflict, pictures));
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

Result<core::RecordId> resolve_one(Node& node, Enrolled& all, core::StudentRef student, const std::string& wanted,
                                   const std::string& note) {
  core::RecordId chosen;
  const Act settle = [&](const core::StudentState& state, const core::Conflict& conflict) -> Result<void> {
    SATCHEL_TRY_ASSIGN(chosen, choose(conflict, wanted));
    core::ResolutionFact fact{student, chosen, {}, note, core::next_review_epoch(state), node.surroundings().clock.moment()};
    // Copies of the same picture are dismissed with the others: one submission goes to review.
    for (const core::SubmissionSeen* pending : core::pending_submissions(state)) {
      if (pending->id != chosen) fact.dismissed.push_back(pending->id);
    }
    Ledger::Turn turn = all.ledger->turn();
    if (core::urgent(state)) turn.make_urgent();
    for (const core::NodeNumber site : who_hears(all, state)) {
      SATCHEL_TRY(turn.state(core::Audience{site.value}, core::Lane::control, fact));
    }
    return turn.commit();
  };
  SATCHEL_TRY(with_conflict(all, student, settle));
  return chosen;
}

}  // namespace

Result<Answer> resolve_conflict(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const auto students, list_argument(arguments, "students"));
  const std::string wanted = optional_text(arguments, "choose");
  const std::string note = optional_text(arguments, "note");
  if (note.size() > kNoteMax) return Error{Code::kUsage, "note is longer than 1000 bytes"};
  if (!wanted.empty() && students.size() != 1) return Error{Code::kUsage, "choose goes with one student"};
  const auto step = [&](core::StudentRef student, json::object& line) -> Result<void> {
    SATCHEL_TRY_ASSIGN(const core::RecordId chosen, resolve_one(node, *all, student, wanted, note));
    line["chosen"] = short_id(chosen);
    return {};
  };
  SATCHEL_TRY_ASSIGN(Answer answer, decide_each(*all, students, {"satchel.resolved/1", "resolved"}, step));
  return answer;
}

}  // namespace satchel::node
