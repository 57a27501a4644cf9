#include <cmath>
#include <cstdio>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// The desk at the site: checks, captures, drafts.
namespace satchel::cli {
namespace {

// One line what is wrong, one line what to do; the number and its limit stand in JSON and on the overlay.
std::string findings_text(const boost::json::object& verdict, const View& view) {
  std::string out;
  for (const boost::json::value& element : list_of(verdict, "findings")) {
    const boost::json::object* finding = element.if_object();
    if (finding == nullptr) continue;
    const bool failed = text_of(*finding, "level") == "fail";
    out += "  " + (failed ? view.data.bad("✗") : view.data.warn("!")) + " " + sentence_of(*finding, view.words) + " " +
           view.data.quiet("(" + plain(text_of(*finding, "code")) + ")") + "\n";
    if (const std::string cure = cure_of(*finding, view.words); !cure.empty()) out += "    " + next_step(cure);
  }
  return out;
}

std::string number_text(const boost::json::value& value) {
  if (!value.is_number()) return {};
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value.to_number<double>());
  return text;
}

std::string limit_text(const boost::json::object& finding) {
  const boost::json::array limit = list_of(finding, "limit");
  const auto bound = [&](std::size_t i) { return i < limit.size() ? number_text(limit[i]) : std::string(); };
  if (bound(0).empty() && bound(1).empty()) return "–";
  if (bound(0).empty()) return "≤ " + bound(1);
  if (bound(1).empty()) return "≥ " + bound(0);
  return bound(0) + " … " + bound(1);
}

// For whoever asks why: each rule's number and where the rule comes from, then what no rule can see.
std::string explained(const boost::json::object& verdict, const View& view) {
  const Words& w = view.words;
  std::string out;
  for (const char* list : {"findings", "unseen", "passed"}) {
    for (const boost::json::value& element : list_of(verdict, list)) {
      const boost::json::object* finding = element.if_object();
      if (finding == nullptr) continue;
      const std::string level = text_of(*finding, "level");
      const std::string sign = level == "fail"     ? view.data.bad("✗")
                               : level == "advice" ? view.data.warn("!")
                               : level == "pass"   ? "✓"
                                                   : "?";
      const std::string measure = plain(text_of(*finding, "measure"));
      const bool seen = finding->contains("value") && !finding->at("value").is_null();
      out += "  " + sign + " " + plain(text_of(*finding, "code")) + "  ";
      out += seen ? w(Phrase::explain_number, {measure, number_text(finding->at("value")), limit_text(*finding)})
                  : w(Phrase::explain_unseen, {measure});
      out += "\n";
      if (level == "unknown")
        out += "    " + sentence_of(*finding, w) + std::string(w.pick("", " ")) + cure_of(*finding, w) + "\n";
      out += "    " + view.data.quiet(std::string(w.pick(text_of(*finding, "source_zh"), text_of(*finding, "source_en")))) + "\n";
    }
  }
  out += w(Phrase::checklist_head) + "\n";
  for (const boost::json::value& element : list_of(verdict, "checklist")) {
    if (const boost::json::object* item = element.if_object()) out += "  □ " + sentence_of(*item, w) + "\n";
  }
  return out;
}

std::string score_text(const boost::json::object& in) { return std::to_string(std::llround(number_of(in, "score"))); }

std::string findings_codes(const boost::json::object& in) { return joined(list_of(in, "findings"), " "); }

}  // namespace

Rendered render_check(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const std::string file = text_of(answer, "file");
  if (const boost::json::object* error = object_of(answer, "error")) return {{}, error_lines(*error, file, w, view.talk)};
  Rendered out;
  out.data = plain(file) + w.pick("：", ": ").data() + painted_grade(text_of(answer, "verdict"), w, view.data);
  if (const boost::json::object* image = object_of(answer, "image")) {
    out.data += w(Phrase::check_facts, {std::to_string(count_of(*image, "width")), std::to_string(count_of(*image, "height")),
                                        std::to_string(count_of(answer, "faces"))});
  }
  out.data += "\n" + findings_text(answer, view);
  if (flag_of(answer, "explain")) out.data += explained(answer, view);
  if (const std::string overlay = text_of(answer, "overlay"); !overlay.empty()) {
    out.talk = w(Phrase::overlay_written, {overlay}) + "\n";
  }
  return out;
}

Rendered render_capture(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const std::string student = text_of(answer, "student");
  const std::string draft = text_of(answer, "draft");
  const boost::json::object* verdict = object_of(answer, "verdict");
  const std::string grade = verdict != nullptr ? text_of(*verdict, "verdict") : std::string();
  Rendered out;
  out.data = w(Phrase::capture_line, {text_of(answer, "name"), student, std::to_string(count_of(answer, "attempt")), ""}) +
             painted_grade(grade, w, view.data) + "\n";
  if (verdict != nullptr) out.data += findings_text(*verdict, view);
  if (flag_of(answer, "override")) out.data += w(Phrase::capture_override) + "\n";
  if (!draft.empty()) out.data += w(Phrase::capture_draft, {draft}) + "\n";
  if (const boost::json::object* ground = object_of(answer, "ground")) out.talk += ground_lines(*ground, view);
  const bool submitted = flag_of(answer, "submitted");
  if (submitted) out.data += w(Phrase::capture_submitted, {text_of(answer, "submission")}) + "\n";
  if (answer.contains("attempts_left")) {
    out.talk += w(Phrase::capture_left, {std::to_string(count_of(answer, "attempts_left"))}) + "\n";
  }
  if (const boost::json::object* lock = object_of(answer, "lock")) {
    out.data += view.data.warn(w(Phrase::lock_text, {local_time_text(text_of(*lock, "until"))})) + "\n";
  }
  if (submitted) {
    out.talk += next_step(w(Phrase::submitted_next));
  } else {
    out.talk += next_step(draft.empty() ? w(Phrase::capture_next_retake) : w(Phrase::capture_next_submit, {student}));
  }
  return out;
}

Rendered render_drafts(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data =
      w(Phrase::drafts_line, {text_of(answer, "name"), text_of(answer, "student"), w.stage(text_of(answer, "stage"))}) + "\n";
  Table table({{w(Phrase::head_draft)},
               {w(Phrase::head_taken)},
               {w(Phrase::head_grade)},
               {w(Phrase::head_score), Table::Align::right},
               {w(Phrase::head_findings)},
               {w(Phrase::head_state)}});
  for (const boost::json::value& element : list_of(answer, "drafts")) {
    const boost::json::object* draft = element.if_object();
    if (draft == nullptr) continue;
    std::string state = flag_of(*draft, "submitted") ? w.stage("submitted") : std::string();
    const bool out_of_box = draft->contains("in_box") && !flag_of(*draft, "in_box") && flag_of(*draft, "usable");
    if (out_of_box && state.empty()) state = w(Phrase::draft_out);
    if (flag_of(*draft, "override")) state += (state.empty() ? "" : " · ") + w(Phrase::draft_override);
    table.row({text_of(*draft, "id"), local_time_text(text_of(*draft, "taken")), w.grade(text_of(*draft, "grade")),
               score_text(*draft), findings_codes(*draft), state});
  }
  out.data += table.empty() ? "  " + w(Phrase::drafts_none) + "\n" : table.text(view.data, 2);
  return out;
}

Rendered render_discard(const boost::json::object& answer, const View& view) {
  const std::string left = std::to_string(count_of(answer, "drafts_left"));
  return {view.words(Phrase::discard_done, {text_of(answer, "student"), text_of(answer, "draft"), left}) + "\n", {}};
}

Rendered render_withdraw(const boost::json::object& answer, const View& view) {
  return {view.words(Phrase::withdraw_done, {text_of(answer, "student"), text_of(answer, "submission")}) + "\n", {}};
}

Rendered render_submit(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  std::string data =
      w(Phrase::submitted_line, {text_of(answer, "student"), text_of(answer, "draft"), text_of(answer, "submission")}) + "\n";
  const std::string looked_at = std::to_string(list_of(answer, "looked_at").size());
  const boost::json::array& rest = list_of(answer, "not_looked_at");
  data += w(rest.empty() ? Phrase::looked_at_all : Phrase::looked_at_some, {looked_at}) + "\n";
  for (const boost::json::value& element : rest) {
    if (const boost::json::object* item = element.if_object()) data += "  □ " + sentence_of(*item, w) + "\n";
  }
  return {std::move(data), next_step(w(Phrase::submitted_next))};
}

namespace {

std::string suspicion_text(const boost::json::object& line, const Words& w) {
  std::string signs;
  for (const boost::json::value& element : list_of(line, "signs")) {
    const boost::json::object* sign = element.if_object();
    if (sign != nullptr) signs += (signs.empty() ? "" : w.pick("、", ", ").data()) + sign_word(text_of(*sign, "sign"), w);
  }
  if (signs.empty()) return signs;
  return w(Phrase::review_suspicion, {std::to_string(count_of(line, "suspicion")), signs});
}

}  // namespace

Rendered render_review(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const boost::json::array& waiting = list_of(answer, "waiting");
  if (waiting.empty()) return {w(Phrase::review_none) + "\n", {}};
  Table table({{w(Phrase::head_student)},
               {w(Phrase::head_name)},
               {w(Phrase::head_site)},
               {w(Phrase::head_class)},
               {w(Phrase::head_submitted)},
               {w(Phrase::head_grade)},
               {w(Phrase::head_score), Table::Align::right},
               {w(Phrase::head_attempts), Table::Align::right},
               {w(Phrase::head_remarks)}});
  for (const boost::json::value& element : waiting) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    std::vector<std::string> remarks;
    if (flag_of(*one, "last_term")) remarks.push_back(w(Phrase::review_last_term));
    const bool preview = text_of(*one, "rendition") == "preview";
    if (!flag_of(*one, "picture_here")) remarks.push_back(w(preview ? Phrase::review_preview : Phrase::review_no_picture));
    if (const std::string codes = findings_codes(*one); !codes.empty()) remarks.push_back(codes);
    if (const std::string why = text_of(*one, "override"); !why.empty()) remarks.push_back(w(Phrase::review_override, {why}));
    for (const boost::json::value& flag : list_of(*one, "flags")) {
      if (flag.is_string()) remarks.push_back(w.flag(std::string_view(flag.get_string().data(), flag.get_string().size())));
    }
    if (const std::size_t looked_at = list_of(*one, "looked_at").size(); looked_at > 0) {
      const std::size_t points = looked_at + list_of(*one, "not_looked_at").size();
      remarks.push_back(w(Phrase::review_looked_at, {std::to_string(looked_at), std::to_string(points)}));
    }
    if (const std::string signs = suspicion_text(*one, w); !signs.empty()) remarks.push_back(signs);
    if (const std::string near = joined(list_of(*one, "near"), " "); !near.empty()) {
      remarks.push_back(w(Phrase::review_near, {near}));
    }
    const boost::json::object* between = object_of(*one, "taken_between");
    const bool questioned = between != nullptr && (flag_of(*between, "clock_wrong") || text_of(*one, "in_window") != "in_time");
    if (questioned) remarks.push_back(taken_between_text(*between, w));
    std::string remark;
    for (const std::string& part : remarks) remark += (remark.empty() ? "" : w.pick("；", "; ").data()) + part;
    table.row({text_of(*one, "student"), text_of(*one, "name"), text_of(*one, "site"), text_of(*one, "class"),
               local_time_text(text_of(*one, "submitted")), w.grade(text_of(*one, "grade")), score_text(*one),
               std::to_string(count_of(*one, "attempts")), remark});
  }
  std::string data = w(Phrase::review_waiting, {std::to_string(waiting.size())}) + "\n" + table.text(view.data, 2);
  if (answer.contains("pictures")) data += w(Phrase::review_pictures, {text_of(answer, "pictures")}) + "\n";
  return {std::move(data), next_step(w(Phrase::review_next))};
}

}  // namespace satchel::cli
