#include "node/station.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "core/code/mask.h"
#include "core/portrait/crop.h"
#include "core/portrait/phash.h"
#include "node/arguments.h"
#include "node/foreign_codes.h"
#include "node/picture_limits.h"
#include "node/pictures.h"
#include "node/scanning.h"
#include "node/standard_options.h"
#include "node/verdict_json.h"
#include "protocol/bundle/payload.h"

namespace satchel::node {

using core::Bytes;
using core::Code;
using core::Error;
using core::Lane;
using core::Result;
namespace json = boost::json;
namespace portrait = core::portrait;

namespace {

constexpr std::string_view kJudgeVersion = "satchel-0.1";
constexpr std::size_t kOverrideMax = 500;

core::Grade grade_of(portrait::Level level) {
  switch (level) {
    case portrait::Level::fail: return core::Grade::fail;
    case portrait::Level::advice: return core::Grade::advice;
    case portrait::Level::pass:
    case portrait::Level::unknown: break;
  }
  return core::Grade::pass;
}

/// A picture with all that is made of it, before anything is kept.
struct Shot {
  portrait::Verdict verdict;
  Bytes original;
  Bytes standard;
  Bytes preview;
  std::optional<portrait::Replacement> ground;  ///< where the campaign replaces it
  core::CaptureFact fact;
};

Result<Shot> shoot(Node& node, const Enrolled& all, core::StudentRef student, const std::string& path) {
  Shot shot;
  SATCHEL_TRY_ASSIGN(shot.original, read_picture_file(node.surroundings().disk, path));
  SATCHEL_TRY_ASSIGN(const portrait::Picture picture, portrait::decode(shot.original, portrait::kDecodeToJudge));
  SATCHEL_TRY_ASSIGN(portrait::Judge * judge, node.judge());
  SATCHEL_TRY_ASSIGN(const portrait::Limits limits, picture_limits(all.profile));
  shot.verdict = judge->check(picture, limits, portrait::read_marks(shot.original));
  SATCHEL_TRY_ASSIGN(portrait::Standard standard,
                     portrait::make_standard(picture, shot.verdict, limits, standard_options(all.profile)));
  SATCHEL_TRY_ASSIGN(shot.preview, portrait::make_preview(standard.picture, limits));
  shot.standard = std::move(standard.jpeg);
  shot.ground = std::move(standard.ground);

  core::CaptureFact& fact = shot.fact;
  fact.student = student;
  fact.taken = node.surroundings().clock.moment();
  fact.grade = grade_of(shot.verdict.verdict);
  fact.score = shot.verdict.score;
  for (const portrait::Finding& finding : shot.verdict.findings) {
    if (finding.level != portrait::Level::fail && finding.level != portrait::Level::advice) continue;
    fact.findings.push_back({std::string(finding.code), grade_of(finding.level), finding.value});
  }
  if (shot.ground && shot.ground->change != portrait::GroundChange::replaced) {
    // Signed with the record, so that the reviewer knows why the ground is the old one.
    const std::string code(portrait::words_of(shot.ground->change).code);
    fact.findings.push_back({code, core::Grade::advice, shot.ground->residual});
  }
  fact.original = protocol::blob_hash(shot.original);
  fact.original_size = shot.original.size();
  fact.standard = protocol::blob_hash(shot.standard);
  fact.standard_size = shot.standard.size();
  fact.preview = protocol::blob_hash(shot.preview);
  fact.perceptual_hash = portrait::perceptual_hash(standard.picture);
  fact.judge_version = kJudgeVersion;
  return shot;
}

/// The renditions of one picture.
struct Renditions {
  core::ByteView preview;
  core::ByteView standard;
  core::ByteView original;
};

/// States the submission of `capture` and sends its pictures, each in a bundle of its own: sixty records of half a kilobyte are
/// at the hub in fifteen seconds of a line of 20 kbit/s, and with 4 KB of preview in each of their bundles it would be two
/// minutes. The preview, in the lane of the picture, passes that for its shortness. The submission names the others, so that a
/// rejection reaches what is still on its way.
Result<core::RecordId> state_submission(Ledger::Turn& turn, core::StudentRef student, const core::RecordId& capture,
                                        const core::Moment& now, const Renditions& pictures) {
  core::SubmissionFact fact{student, capture, now, 0, 0};
  SATCHEL_TRY(turn.send(pictures.preview, Lane::photo));
  SATCHEL_TRY_ASSIGN(fact.photo_bundle, turn.send(pictures.standard, Lane::photo));
  SATCHEL_TRY_ASSIGN(fact.original_bundle, turn.send(pictures.original, Lane::original));
  return turn.state(core::kToHub, Lane::record, fact);
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
  SATCHEL_TRY_ASSIGN(const ForeignMatch match, match_foreign(node, all, bytes, named, optional_text(arguments, "override")));
  SATCHEL_TRY_ASSIGN(const core::StudentState state, known_student(node, all, match.student));
  return Sitter{match.student, state.roster->name, match.fact};
}

}  // namespace

Result<Answer> capture(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_site());
  SATCHEL_TRY_ASSIGN(const std::string photo, text_argument(arguments, "photo"));
  const std::string override_reason = optional_text(arguments, "override");
  if (override_reason.size() > kOverrideMax) return Error{Code::kUsage, "override is longer than 500 bytes"};
  const bool submit_now = flag(arguments, "submit");

  SATCHEL_TRY_ASSIGN(const Sitter sitter, who_sits(node, *all, arguments));
  SATCHEL_TRY_ASSIGN(const core::StudentState before, known_student(node, *all, sitter.student));
  if (const auto may = core::may_capture(before, all->profile, node.surroundings().clock.moment()); !may) {
    if (override_reason.empty() || !core::may_override(may.error().code)) return may.error();
  }
  SATCHEL_TRY_ASSIGN(Shot shot, shoot(node, *all, sitter.student, photo));
  shot.fact.override_reason = override_reason;
  const bool usable = shot.fact.usable();

  Ledger::Turn turn = all->ledger->turn();
  if (core::urgent(before)) turn.make_urgent();
  if (sitter.match) SATCHEL_TRY(turn.state(core::kToHub, Lane::record, *sitter.match));
  SATCHEL_TRY_ASSIGN(const core::RecordId draft, turn.state(core::kToHub, Lane::record, shot.fact));
  std::optional<core::RecordId> submission;
  if (usable && submit_now) {
    const Renditions pictures{shot.preview, shot.standard, shot.original};
    SATCHEL_TRY_ASSIGN(submission, state_submission(turn, sitter.student, draft, node.surroundings().clock.moment(), pictures));
  } else {
    for (const core::ByteView bytes :
         {core::ByteView{shot.preview}, core::ByteView{shot.standard}, core::ByteView{shot.original}}) {
      SATCHEL_TRY(turn.keep(bytes));
    }
  }
  SATCHEL_TRY(turn.commit());
  node.log().note("captured " + sitter.student.text() + " " + std::string(grade_name(shot.fact.grade)) +
                  (submission ? ", submitted" : ""));

  const std::uint32_t attempt = before.attempts_total() + 1;
  const std::uint32_t most = core::attempts_allowed(before, all->profile);
  Answer answer;
  answer.body["schema"] = "satchel.capture/1";
  answer.body["student"] = sitter.student.text();
  answer.body["name"] = core::mask_name(sitter.name);
  answer.body["attempt"] = attempt;
  answer.body["attempts_left"] = most > attempt ? most - attempt : 0;
  answer.body["draft"] = usable ? json::value(short_id(draft)) : json::value();
  answer.body["submitted"] = submission.has_value();
  answer.body["submission"] = submission ? json::value(short_id(*submission)) : json::value();
  answer.body["override"] = !override_reason.empty();
  if (shot.ground) answer.body["ground"] = ground_document(*shot.ground);
  SATCHEL_TRY_ASSIGN(const auto after, all->ledger->student(sitter.student));
  const auto lock = after ? core::locked(*after, all->profile, node.surroundings().clock.moment()) : std::nullopt;
  if (lock) answer.body["lock"] = lock_document(*lock);
  answer.body["verdict"] = verdict_document(shot.verdict, photo, std::nullopt);
  if (!usable) answer.exit = core::Exit::check_failed;
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

Result<Answer> submit(Node& node, const json::object& arguments, const Progress&) {
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
  SATCHEL_TRY(core::may_submit(state, chosen->id));
  SATCHEL_TRY_ASSIGN(const Bytes preview, all->ledger->blobs().get(chosen->fact.preview));
  SATCHEL_TRY_ASSIGN(const Bytes standard, all->ledger->blobs().get(chosen->fact.standard));
  SATCHEL_TRY_ASSIGN(const Bytes original, all->ledger->blobs().get(chosen->fact.original));

  Ledger::Turn turn = all->ledger->turn();
  if (core::urgent(state)) turn.make_urgent();
  const Renditions pictures{preview, standard, original};
  SATCHEL_TRY_ASSIGN(const core::RecordId submission,
                     state_submission(turn, student, chosen->id, node.surroundings().clock.moment(), pictures));
  SATCHEL_TRY(turn.commit());
  node.log().note("submitted " + student.text());

  Answer answer;
  answer.body["schema"] = "satchel.submit/1";
  answer.body["student"] = student.text();
  answer.body["draft"] = short_id(chosen->id);
  answer.body["submission"] = short_id(submission);
  return answer;
}

}  // namespace satchel::node
