#include "node/station.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "core/campaign/windows.h"
#include "core/code/mask.h"
#include "node/arguments.h"
#include "node/checklist.h"
#include "node/foreign_codes.h"
#include "node/pictures.h"
#include "node/scanning.h"
#include "node/shooting.h"
#include "node/standard_options.h"
#include "node/verdict_json.h"
#include "node/visitors.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Lane;
using core::Result;
namespace json = boost::json;

namespace {

json::object draft_document(const core::StudentState& state, const core::CaptureSeen& seen) {
  json::array findings;
  for (const core::NotedFinding& finding : seen.fact.findings) findings.push_back(json::string(finding.code));
  json::object out;
  out["id"] = short_id(seen.id);
  out["taken"] = core::to_iso8601(seen.fact.taken.wall);
  out["grade"] = grade_name(seen.fact.grade);
  out["score"] = seen.fact.score;
  out["findings"] = std::move(findings);
  out["override"] = !seen.fact.override_reason.empty();
  out["usable"] = seen.fact.usable();
  const auto drafts = core::usable_drafts(state);
  out["in_box"] = std::ranges::find(drafts, &seen) != drafts.end();
  out["submitted"] = std::ranges::any_of(
      state.submissions, [&](const auto& one) { return one.fact.capture == seen.id && !core::withdrawn(state, one); });
  return out;
}

}  // namespace

namespace {

/// Whose picture is to be taken, and what is to be stated about a foreign code that was shown.
struct Sitter {
  core::StudentRef student;
  std::string name;  ///< as the code or the row says
  std::optional<core::ForeignCodeFact> match;
};

Result<Sitter> who_sits(Node& node, Enrolled& all, const json::object& arguments) {
  const std::string code = optional_text(arguments, "code");
  const std::string foreign = optional_text(arguments, "foreign_code");
  if (code.empty() == foreign.empty()) return Error{Code::kUsage, "either code or foreign_code"};
  if (!code.empty()) {
    SATCHEL_TRY_ASSIGN(const CodeHolder holder, scan_code_file(node, all, code));
    return Sitter{holder.student, holder.name, std::nullopt};
  }
  std::optional<core::StudentRef> named;
  if (!optional_text(arguments, "student").empty()) {
    SATCHEL_TRY_ASSIGN(named, student_argument(arguments, "student"));
  }
  SATCHEL_TRY_ASSIGN(const std::string bytes, foreign_code_file(node.surroundings().disk, foreign));
  SATCHEL_TRY_ASSIGN(const std::string why, why_argument(arguments, "override"));
  SATCHEL_TRY_ASSIGN(const ForeignMatch match, match_foreign(node, all, bytes, named, why));
  SATCHEL_TRY_ASSIGN(const core::StudentState state, known_student(node, all, match.student));
  return Sitter{match.student, state.roster->name, match.fact};
}

}  // namespace

Result<Answer> capture(Node& node, const json::object& arguments, const Progress& progress) {
  if (arguments.contains("folder")) return capture_folder(node, arguments, progress);
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_site());
  const std::string admission = optional_text(arguments, "admission");
  SATCHEL_TRY_ASSIGN(const std::string photo, text_argument(arguments, "photo"));
  SATCHEL_TRY_ASSIGN(const std::string override_reason, why_argument(arguments, "override"));

  SATCHEL_TRY_ASSIGN(const Sitter sitter, who_sits(node, *all, arguments));
  SATCHEL_TRY_ASSIGN(std::vector<std::string> looked_at, looked_at_argument(arguments));
  const TakeWish wish{override_reason, flag(arguments, "submit"), std::move(looked_at), admission, sitter.match};
  SATCHEL_TRY_ASSIGN(const Taken taken, take_picture(node, *all, sitter.student, photo, wish));
  const Shot& shot = taken.shot;

  Answer answer;
  answer.body["schema"] = "satchel.capture/1";
  answer.body["student"] = sitter.student.text();
  answer.body["name"] = core::mask_name(sitter.name);
  answer.body["attempt"] = taken.attempt;
  answer.body["attempts_left"] = taken.attempts_left;
  answer.body["draft"] = shot.fact.usable() ? json::value(short_id(taken.draft)) : json::value();
  answer.body["submitted"] = taken.submission.has_value();
  answer.body["submission"] = taken.submission ? json::value(short_id(*taken.submission)) : json::value();
  answer.body["override"] = !override_reason.empty();
  if (shot.ground) answer.body["ground"] = ground_document(*shot.ground);
  if (taken.lock) answer.body["lock"] = lock_document(*taken.lock);
  answer.body["verdict"] = verdict_document(shot.verdict, photo, std::nullopt);
  if (!shot.fact.usable()) answer.exit = core::Exit::check_failed;
  return answer;
}

Result<Answer> list_drafts(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  SATCHEL_TRY_ASSIGN(const core::StudentRef student, student_argument(arguments, "student"));
  SATCHEL_TRY_ASSIGN(const core::StudentState state, known_student(node, *all, student));
  json::array drafts;
  for (const core::CaptureSeen& seen : state.captures) drafts.push_back(draft_document(state, seen));
  Answer answer;
  answer.body["schema"] = "satchel.drafts/1";
  answer.body["student"] = student.text();
  answer.body["name"] = core::mask_name(state.roster->name);
  answer.body["stage"] = core::stage_name(state.stage);
  answer.body["drafts"] = std::move(drafts);
  return answer;
}

namespace {

/// The capture whose id begins with `wanted`; nullptr when there is none.
const core::CaptureSeen* named_capture(const core::StudentState& state, const std::string& wanted) {
  constexpr std::size_t kShortest = 8;
  const core::CaptureSeen* out = nullptr;
  for (const core::CaptureSeen& seen : state.captures) {
    if (wanted.size() >= kShortest && seen.id.hex().starts_with(wanted)) out = &seen;
  }
  return out;
}

}  // namespace

Result<Answer> discard(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_site());
  SATCHEL_TRY_ASSIGN(const core::StudentRef student, student_argument(arguments, "student"));
  SATCHEL_TRY_ASSIGN(const std::string wanted, text_argument(arguments, "draft"));
  SATCHEL_TRY_ASSIGN(const core::StudentState state, known_student(node, *all, student));
  const core::CaptureSeen* chosen = named_capture(state, wanted);
  if (chosen == nullptr || chosen->author != all->campaign.number) return Code::kDraftUnknown;
  const core::Moment now = node.surroundings().clock.moment();
  SATCHEL_TRY(core::may_discard(state, all->profile, chosen->id, now));
  Ledger::Turn turn = all->ledger->turn();
  SATCHEL_TRY(turn.state(core::kToHub, Lane::record, core::DiscardFact{student, chosen->id, now}));
  SATCHEL_TRY(turn.commit());
  node.log().note("discarded a draft of " + student.text());
  Answer answer;
  answer.body["schema"] = "satchel.discard/1";
  answer.body["student"] = student.text();
  answer.body["draft"] = short_id(chosen->id);
  answer.body["drafts_left"] = core::usable_drafts(state).size() - 1;
  return answer;
}

Result<Answer> withdraw(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_site());
  SATCHEL_TRY_ASSIGN(const core::StudentRef student, student_argument(arguments, "student"));
  SATCHEL_TRY_ASSIGN(const core::StudentState state, known_student(node, *all, student));
  SATCHEL_TRY_ASSIGN(const core::RecordId submission, core::may_withdraw(state, all->campaign.number));
  SATCHEL_TRY_ASSIGN(const bool left, all->ledger->has_left(submission));
  if (left) return Code::kAlreadyLeft;
  Ledger::Turn turn = all->ledger->turn();
  if (core::urgent(state)) turn.make_urgent();
  const core::WithdrawalFact fact{student, submission, node.surroundings().clock.moment()};
  SATCHEL_TRY(turn.state(core::kToHub, Lane::record, fact));
  SATCHEL_TRY(turn.commit());
  node.log().note("withdrew a submission of " + student.text());
  Answer answer;
  answer.body["schema"] = "satchel.withdraw/1";
  answer.body["student"] = student.text();
  answer.body["submission"] = short_id(submission);
  return answer;
}

Result<Answer> submit(Node& node, const json::object& arguments, const Progress& progress) {
  if (flag(arguments, "all_passing")) return submit_all(node, arguments, progress);
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_site());
  SATCHEL_TRY_ASSIGN(const core::StudentRef student, student_argument(arguments, "student"));
  const std::string wanted = optional_text(arguments, "draft");
  SATCHEL_TRY_ASSIGN(const std::vector<std::string> looked_at, looked_at_argument(arguments));
  SATCHEL_TRY_ASSIGN(const core::StudentState state, known_student(node, *all, student));

  const core::CaptureSeen* chosen = nullptr;
  if (wanted.empty()) {
    chosen = core::latest_usable_draft(state);
    if (chosen == nullptr) {
      SATCHEL_TRY(core::may_capture(state, all->profile));  // says better why: submitted, approved, exempt
      return Code::kNoDraft;
    }
  } else {
    chosen = named_capture(state, wanted);
    if (chosen == nullptr) return Code::kDraftUnknown;
  }
  SATCHEL_TRY_ASSIGN(const core::RecordId submission, submit_draft(node, *all, state, *chosen, looked_at));

  Answer answer;
  answer.body["schema"] = "satchel.submit/1";
  answer.body["student"] = student.text();
  answer.body["draft"] = short_id(chosen->id);
  answer.body["submission"] = short_id(submission);
  tell_looked_at(answer.body, looked_at);
  return answer;
}

}  // namespace satchel::node
