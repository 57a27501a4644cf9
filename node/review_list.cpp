// The hub's desk: what waits for a reviewer, and in which order to look.
#include <algorithm>
#include <boost/json/array.hpp>

#include "core/campaign/natural_order.h"
#include "core/code/mask.h"
#include "node/anchors.h"
#include "node/arguments.h"
#include "node/calendar.h"
#include "node/checklist.h"
#include "node/desk.h"
#include "node/near_pictures.h"
#include "node/suspicion.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

json::array flag_names(const core::StudentState& state, const core::Profile& profile, const core::Punctual& taken) {
  json::array out;
  const core::StudentFlags& flags = state.flags;
  if (flags.conflict) out.emplace_back("conflict");
  if (flags.verdict_conflict) out.emplace_back("verdict_conflict");
  if (flags.foreign_decision) out.emplace_back("foreign_decision");
  if (flags.unusable_submission) out.emplace_back("unusable_submission");
  if (flags.capture_missing) out.emplace_back("capture_missing");
  if (flags.submitted_while_closed) out.emplace_back("submitted_while_closed");
  if (core::over_attempts(state, profile)) out.emplace_back("over_attempts");
  const std::string_view timing = core::timing_sign(taken);
  if (!timing.empty()) out.push_back(json::string(timing));
  return out;
}

/// `judged`: where the time of the picture that counts lies, as the lines below take it.
Result<json::object> review_document(const core::Store& store, const Enrolled& all, const core::StudentState& state,
                                     core::Punctual& judged) {
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
  if (submission != nullptr) tell_looked_at(out, submission->fact.looked_at);
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
  out["epoch"] = all.ledger->number(core::next_review_epoch(state));
  if (capture != nullptr) {
    SATCHEL_TRY_ASSIGN(const WhenTaken taken, when_taken(store, state, all.profile, *capture));
    tell_taken(out, *capture, taken);
    judged = taken.judged;
  }
  out["flags"] = flag_names(state, all.profile, judged);
  return out;
}

struct Line {
  core::StudentState state;
  int suspicion = 0;
  json::object document;
};

/// Whose pictures look like this student's: the alarm that two codes may have been swapped. Evidence, not proof.
Result<json::array> near_others(const core::Store& store, const core::StudentState& state) {
  json::array out;
  const core::CaptureSeen* capture = core::current_capture(state);
  if (capture == nullptr) return out;
  SATCHEL_TRY_ASSIGN(const auto near, near_pictures(store, capture->fact.perceptual_hash));
  core::StudentRef last = state.student;
  for (const NearPicture& one : near) {
    if (one.student == state.student || one.student == last) continue;
    out.push_back(json::string(one.student.text()));
    last = one.student;
  }
  return out;
}

struct Wanted {
  std::string site;
  std::string class_name;
  core::WorkingDays days;
};

Result<Line> make_line(Node& node, const Enrolled& all, core::StudentState state, const Wanted& wanted) {
  Line line;
  Around around;
  SATCHEL_TRY_ASSIGN(line.document, review_document(node.store(), all, state, around.taken));
  SATCHEL_TRY_ASSIGN(json::array near, near_others(node.store(), state));
  around.near_other = !near.empty();
  if (const core::SubmissionSeen* submission = core::current_submission(state)) {
    const core::WallMs due = wanted.days.due(submission->fact.submitted.wall, all.profile.clocks.review_max);
    around.overdue = node.surroundings().clock.wall() > due;
    line.document["due"] = core::to_iso8601(due);
    line.document["overdue"] = around.overdue;
  }
  const std::vector<Sign> signs = signs_of(state, all.profile, around);
  line.suspicion = suspicion(signs);
  json::array names;
  for (const Sign& sign : signs) names.push_back(json::object{{"sign", sign.name}, {"weight", sign.weight}});
  line.document["suspicion"] = line.suspicion;
  line.document["signs"] = std::move(names);
  line.document["near"] = std::move(near);
  line.state = std::move(state);
  return line;
}

core::WallMs submitted_at(const Line& line) {
  const core::SubmissionSeen* submission = core::current_submission(line.state);
  return submission != nullptr ? submission->fact.submitted.wall : core::WallMs{};
}

int compare_text(const Line& a, const Line& b, std::string core::RosterFact::*field) {
  const auto text = [&](const Line& line) { return line.state.roster ? (*line.state.roster).*field : std::string(); };
  return core::natural_compare(text(a), text(b));
}

/// Who must not be late comes first, then who has waited longest; by anything else, that goes before it.
bool goes_before(const Line& a, const Line& b, std::string_view by) {
  if (by == "suspicion" && a.suspicion != b.suspicion) return a.suspicion > b.suspicion;
  if (by == "site") {
    if (const int order = compare_text(a, b, &core::RosterFact::site_name); order != 0) return order < 0;
  }
  if (by == "class") {
    if (const int order = compare_text(a, b, &core::RosterFact::class_name); order != 0) return order < 0;
  }
  const bool left = a.state.roster && a.state.roster->last_term;
  const bool right = b.state.roster && b.state.roster->last_term;
  if (by != "age" && left != right) return left;
  if (submitted_at(a) != submitted_at(b)) return submitted_at(a) < submitted_at(b);
  return a.state.student < b.state.student;
}

constexpr std::array<std::string_view, 5> kOrders{"", "suspicion", "age", "site", "class"};

}  // namespace

Result<Answer> list_reviews(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  const std::string by = optional_text(arguments, "by");
  if (std::ranges::find(kOrders, by) == kOrders.end()) return Error{Code::kUsage, "by: suspicion, age, site or class"};
  SATCHEL_TRY_ASSIGN(const std::uint64_t limit, number_argument(arguments, "limit", 0));
  SATCHEL_TRY_ASSIGN(core::WorkingDays days, read_calendar(node, all->profile, arguments));
  const Wanted wanted{optional_text(arguments, "site"), optional_text(arguments, "class"), std::move(days)};
  const std::string pictures = optional_text(arguments, "pictures");
  if (!pictures.empty()) SATCHEL_TRY(node.surroundings().disk.make_folder(pictures));
  std::vector<core::StudentRef> waiting;
  SATCHEL_TRY(each_digest(node.store(), [&](core::StudentRef ref, const Digest& digest) {
    const bool of_class = wanted.class_name.empty() || digest.class_name == wanted.class_name;
    if (digest.stage == core::Stage::submitted && of_class) waiting.push_back(ref);
  }));
  std::vector<Line> lines;
  for (const core::StudentRef ref : waiting) {
    SATCHEL_TRY_ASSIGN(auto state, all->ledger->student(ref));
    if (!state || (!wanted.site.empty() && (!state->roster || state->roster->site_name != wanted.site))) continue;
    SATCHEL_TRY_ASSIGN(Line line, make_line(node, *all, *std::move(state), wanted));
    lines.push_back(std::move(line));
  }
  std::ranges::stable_sort(lines, [&](const Line& a, const Line& b) { return goes_before(a, b, by); });
  const std::size_t all_of_them = lines.size();
  if (limit > 0 && lines.size() > limit) lines.resize(static_cast<std::size_t>(limit));
  json::array documents;
  for (Line& line : lines) {
    if (!pictures.empty()) {
      // Under the student's reference: no number and no name leaves by a file name.
      const std::string path = pictures + "/" + line.state.student.text() + ".jpg";
      SATCHEL_TRY_ASSIGN(const bool written, write_rendition(node, *all, core::current_capture(line.state), path));
      line.document["picture"] = written ? json::value(path) : json::value();
    }
    documents.push_back(std::move(line.document));
  }
  Answer answer;
  answer.body["schema"] = "satchel.review/1";
  answer.body["waiting"] = std::move(documents);
  answer.body["waiting_count"] = all_of_them;
  if (!pictures.empty()) answer.body["pictures"] = pictures;
  return answer;
}

}  // namespace satchel::node
