// The hub's desk: the review of what was submitted.
#include <algorithm>
#include <boost/json/array.hpp>
#include <functional>
#include <initializer_list>
#include <set>

#include "core/campaign/reasons.h"
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
/// An unlock allows one more attempt unless told otherwise: it would open nothing for who has used all.
constexpr std::uint64_t kUnlockAttempts = 1;
constexpr std::uint64_t kUnlockAttemptsMost = 100;

json::array flag_names(const core::StudentState& state, const core::Profile& profile) {
  json::array out;
  const core::StudentFlags& flags = state.flags;
  if (flags.conflict) out.emplace_back("conflict");
  if (flags.verdict_conflict) out.emplace_back("verdict_conflict");
  if (flags.foreign_decision) out.emplace_back("foreign_decision");
  if (flags.unusable_submission) out.emplace_back("unusable_submission");
  if (flags.capture_missing) out.emplace_back("capture_missing");
  if (flags.submitted_while_closed) out.emplace_back("submitted_while_closed");
  if (core::code_disputed(state)) out.emplace_back("code_disputed");
  if (core::over_attempts(state, profile)) out.emplace_back("over_attempts");
  return out;
}

Result<json::object> review_document(const Enrolled& all, const core::StudentState& state) {
  const core::SubmissionSeen* submission = core::current_submission(state);
  const core::CaptureSeen* capture = core::current_capture(state);
  json::object out;
  out["student"] = state.student.text();
  out["name"] = state.roster ? core::mask_name(state.roster->name) : std::string();
  out["site"] = state.roster ? state.roster->site_name : std::string();
  out["class"] = state.roster ? state.roster->class_name : std::string();
  out["last_term"] = state.roster && state.roster->last_term;
  out["submitted"] = submission != nullptr ? core::to_iso8601(submission->fact.submitted.wall) : std::string();
  out["attempts"] = state.attempts_total();
  json::array findings;
  if (capture != nullptr) {
    for (const core::NotedFinding& finding : capture->fact.findings) findings.push_back(json::string(finding.code));
  }
  out["grade"] = capture != nullptr ? grade_name(capture->fact.grade) : "unknown";
  out["score"] = capture != nullptr ? capture->fact.score : 0.0;
  out["override"] = capture != nullptr ? capture->fact.override_reason : std::string();
  out["findings"] = std::move(findings);
  SATCHEL_TRY_ASSIGN(const auto shown, best_rendition(all, capture));
  out["picture_here"] = shown && shown->name == "standard";
  out["rendition"] = shown ? json::value(json::string(shown->name)) : json::value();
  out["flags"] = flag_names(state, all.profile);
  return out;
}

/// The verdict reaches the site that submitted, and the student's own site if that is another one.
std::vector<core::Audience> who_hears(const Enrolled& all, const core::StudentState& state,
                                      const core::SubmissionSeen& submission) {
  std::vector<core::Audience> out;
  if (submission.author != core::kHubNumber) out.push_back(core::Audience{submission.author.value});
  if (state.roster && state.roster->site != submission.author && state.roster->site != core::kHubNumber) {
    out.push_back(core::Audience{state.roster->site.value});
  }
  // Nobody seals anything for a key that is not trusted any more.
  std::erase_if(out, [&](core::Audience audience) { return all.membership->revoked(core::NodeNumber{audience.value}); });
  return out;
}

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

Result<void> decide_one(Node& node, Enrolled& all, core::StudentRef student, core::VerdictFact fact) {
  SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(student));
  if (!state) return Code::kStudentUnknown;
  if (!fact.approved || !core::may_undo_rejection(*state)) SATCHEL_TRY(core::may_review(*state));
  const core::SubmissionSeen* submission = core::current_submission(*state);
  if (submission == nullptr) return Code::kNothingToReview;
  if (fact.approved) SATCHEL_TRY(may_approve(all, *state));
  fact.student = student;
  fact.submission = submission->id;
  fact.decided = node.surroundings().clock.moment();
  fact.review_epoch = core::next_review_epoch(*state);
  Ledger::Turn turn = all.ledger->turn();
  if (!fact.approved || core::urgent(*state)) turn.make_urgent();
  for (const core::Audience audience : who_hears(all, *state, *submission)) {
    SATCHEL_TRY(turn.state(audience, core::Lane::control, fact));
  }
  return turn.commit();
}

/// Whoever may take a picture of this student, or has: the student's site and all that have taken or submitted one.
std::set<core::NodeNumber> who_photographs(const Enrolled& all, const core::StudentState& state) {
  std::set<core::NodeNumber> out;
  if (state.roster) out.insert(state.roster->site);
  for (const auto& [author, count] : state.attempts) out.insert(author);
  for (const core::SubmissionSeen& seen : state.submissions) out.insert(seen.author);
  out.erase(core::kHubNumber);
  std::erase_if(out, [&](core::NodeNumber number) { return all.membership->revoked(number); });
  return out;
}

Result<void> unlock_one(Node& node, Enrolled& all, core::StudentRef student, core::UnlockFact fact) {
  SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(student));
  if (!state || !state->roster || state->stage == core::Stage::delisted) return Code::kStudentUnknown;
  if (state->stage == core::Stage::exempt) return Code::kExempt;
  fact.student = student;
  fact.unlocked = node.surroundings().clock.moment();
  fact.review_epoch = core::next_review_epoch(*state);
  // All that wait or are approved: one that was left would lock the student again. A rejected one locks nothing.
  std::vector<core::RecordId> chosen;
  for (const core::SubmissionSeen* pending : core::pending_submissions(*state)) chosen.push_back(pending->id);
  for (const core::VerdictSeen& seen : state->verdicts) {
    if (seen.fact.approved && core::stands(*state, seen.fact)) chosen.push_back(seen.fact.submission);
  }
  if (chosen.empty()) chosen.emplace_back();
  Ledger::Turn turn = all.ledger->turn();
  for (const core::NodeNumber site : who_photographs(all, *state)) {
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

}  // namespace

Result<Answer> list_reviews(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  const std::string pictures = optional_text(arguments, "pictures");
  if (!pictures.empty()) SATCHEL_TRY(node.surroundings().disk.make_folder(pictures));
  std::vector<core::StudentRef> waiting;
  SATCHEL_TRY(each_digest(node.store(), [&](core::StudentRef ref, const Digest& digest) {
    if (digest.stage == core::Stage::submitted) waiting.push_back(ref);
  }));
  struct Line {
    bool last_term;
    std::string submitted;
    json::object document;
  };
  std::vector<Line> lines;
  for (const core::StudentRef ref : waiting) {
    SATCHEL_TRY_ASSIGN(const auto state, all->ledger->student(ref));
    if (!state) continue;
    SATCHEL_TRY_ASSIGN(json::object document, review_document(*all, *state));
    if (!pictures.empty()) {
      // Under the student's reference: no number and no name leaves by a file name.
      const std::string path = pictures + "/" + state->student.text() + ".jpg";
      SATCHEL_TRY_ASSIGN(const bool written, write_rendition(node, *all, core::current_capture(*state), path));
      document["picture"] = written ? json::value(path) : json::value();
    }
    std::string submitted(document["submitted"].as_string());
    lines.push_back({document["last_term"].as_bool(), std::move(submitted), std::move(document)});
  }
  // Who must not be late comes first, then who has waited longest.
  std::ranges::stable_sort(
      lines, [](const Line& a, const Line& b) { return a.last_term != b.last_term ? a.last_term : a.submitted < b.submitted; });
  json::array documents;
  for (Line& line : lines) documents.push_back(std::move(line.document));
  Answer answer;
  answer.body["schema"] = "satchel.review/1";
  answer.body["waiting"] = std::move(documents);
  if (!pictures.empty()) answer.body["pictures"] = pictures;
  return answer;
}

Result<Answer> approve(Node& node, const json::object& arguments, const Progress&) {
  core::VerdictFact verdict;
  verdict.approved = true;
  return decide(node, arguments, "approved",
                [&](Enrolled& all, core::StudentRef student) { return decide_one(node, all, student, verdict); });
}

Result<Answer> reject(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  core::VerdictFact verdict;
  verdict.note = optional_text(arguments, "note");
  if (verdict.note.size() > kNoteMax) return Error{Code::kUsage, "note is longer than 1000 bytes"};
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
  fact.note = optional_text(arguments, "note");
  if (fact.note.size() > kNoteMax) return Error{Code::kUsage, "note is longer than 1000 bytes"};
  SATCHEL_TRY_ASSIGN(const std::uint64_t attempts, number_argument(arguments, "attempts", kUnlockAttempts));
  if (attempts > kUnlockAttemptsMost) return Error{Code::kUsage, "attempts is more than 100"};
  fact.attempts = static_cast<std::uint32_t>(attempts);
  return decide(node, arguments, "unlocked",
                [&](Enrolled& all, core::StudentRef student) { return unlock_one(node, all, student, fact); });
}

}  // namespace satchel::node
