#include "node/station.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "core/campaign/windows.h"
#include "core/code/mask.h"
#include "node/arguments.h"
#include "node/pictures.h"
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

constexpr std::size_t kOverrideMax = 500;

/// What is said at the desk before a picture is taken: whose student it is, and whether it is to be taken at all.
Result<json::object> scan_document(Node& node, const Enrolled& all, const core::CodeContent& content) {
  json::object line;
  SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(content.student));
  const bool listed = state && state->roster;
  SATCHEL_TRY_ASSIGN(const auto entry, find_in_index(node.store(), content.student));
  const bool visitor = !listed && entry && !entry->delisted;
  const auto home = visitor ? all.membership->find(entry->site) : std::nullopt;
  line["student"] = content.student.text();
  line["name"] = core::mask_name(content.name);
  line["id_number"] = core::mask_id_number(content.id_number);
  line["known"] = listed;  // on this node's own list
  line["visitor"] = visitor;
  line["stage"] = core::stage_name(state ? state->stage : visitor ? core::Stage::eligible : core::Stage::unknown);
  line["site"] = listed ? state->roster->site_name : home ? home->name : std::string();
  line["class"] = listed ? state->roster->class_name : std::string();
  line["exempt"] = listed ? state->roster->exempt : visitor && entry->exempt;
  line["must_retake"] = listed ? state->roster->must_retake : visitor && entry->must_retake;
  line["last_term"] = listed && state->roster->last_term;
  const core::Moment now = node.surroundings().clock.moment();
  if (state) {
    if (const auto lock = core::locked(*state, all.profile, now)) line["lock"] = lock_document(*lock);
  }
  line["timing"] = core::timing_name(core::timing(all.profile, node.self().name, now.wall));
  line["consent"] = all.profile.consent.text;
  return line;
}

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

Result<Answer> scan_codes(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  SATCHEL_TRY_ASSIGN(const auto images, list_argument(arguments, "images"));
  json::array lines;
  Answer answer;
  for (const std::string& path : images) {
    json::object line;
    line["schema"] = "satchel.scan/1";
    line["file"] = path;
    const auto content =
        scan_code_file(node.surroundings().disk, path, all->campaign.founding, all->campaign.secrets.code_key.view());
    if (!content) {
      line["error"] = error_item(content.error());
      answer.exit = images.size() == 1 ? core::info(content.error().code).exit : core::Exit::partial;
    } else {
      SATCHEL_TRY_ASSIGN(const json::object seen, scan_document(node, *all, *content));
      for (const auto& [key, value] : seen) line[key] = value;
    }
    lines.push_back(std::move(line));
  }
  answer.body["schema"] = "satchel.scan/1";
  answer.body["lines"] = std::move(lines);
  return answer;
}

Result<Answer> capture(Node& node, const json::object& arguments, const Progress& progress) {
  if (arguments.contains("folder")) return capture_folder(node, arguments, progress);
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_site());
  SATCHEL_TRY_ASSIGN(const std::string code, text_argument(arguments, "code"));
  const std::string admission = optional_text(arguments, "admission");
  SATCHEL_TRY_ASSIGN(const std::string photo, text_argument(arguments, "photo"));
  const std::string override_reason = optional_text(arguments, "override");
  if (override_reason.size() > kOverrideMax) return Error{Code::kUsage, "override is longer than 500 bytes"};

  SATCHEL_TRY_ASSIGN(const auto content, scan_code_file(node.surroundings().disk, code, all->campaign.founding,
                                                        all->campaign.secrets.code_key.view()));
  const TakeWish wish{override_reason, flag(arguments, "submit"), admission};
  SATCHEL_TRY_ASSIGN(const Taken taken, take_picture(node, *all, content.student, photo, wish));
  const Shot& shot = taken.shot;

  Answer answer;
  answer.body["schema"] = "satchel.capture/1";
  answer.body["student"] = content.student.text();
  answer.body["name"] = core::mask_name(content.name);
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
  SATCHEL_TRY_ASSIGN(const core::RecordId submission, submit_draft(node, *all, state, *chosen));

  Answer answer;
  answer.body["schema"] = "satchel.submit/1";
  answer.body["student"] = student.text();
  answer.body["draft"] = short_id(chosen->id);
  answer.body["submission"] = short_id(submission);
  return answer;
}

}  // namespace satchel::node
