#include <array>
#include <cmath>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// How far the review can be trusted, and what is due.
namespace satchel::cli {
namespace {

std::string count(const boost::json::object& in, const char* key) { return std::to_string(count_of(in, key)); }

/// A share as a percentage with one decimal.
std::string percent(const boost::json::object& in, const char* key) {
  const auto tenths = static_cast<std::int64_t>(std::lround(number_of(in, key) * 1000));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string whole(const boost::json::object& in, const char* key) { return std::to_string(std::lround(number_of(in, key))); }

std::string due_word(const std::string& what, const Words& w) {
  constexpr std::array kNames{
      std::pair<std::string_view, Phrase>{"review", Phrase::due_review},
      std::pair<std::string_view, Phrase>{"national", Phrase::due_national},
      std::pair<std::string_view, Phrase>{"proof", Phrase::due_proof},
      std::pair<std::string_view, Phrase>{"case", Phrase::due_case},
  };
  for (const auto& [known, phrase] : kNames) {
    if (known == what) return w(phrase);
  }
  return plain(what);
}

std::string end_text(const boost::json::object& between, const char* key, const Words& words) {
  const std::string at = text_of(between, key);
  return at.empty() ? words(Phrase::time_unknown) : local_time_text(at);
}

}  // namespace

std::string interval_text(const boost::json::object& between, const Words& words) {
  return end_text(between, "not_before", words) + " – " + end_text(between, "not_after", words);
}

std::string taken_between_text(const boost::json::object& between, const Words& words) {
  return words(Phrase::review_taken_between, {end_text(between, "not_before", words), end_text(between, "not_after", words)});
}

std::string sign_word(std::string_view name, const Words& words) {
  constexpr std::array kSigns{
      std::pair<std::string_view, Phrase>{"near_other", Phrase::sign_near_other},
      std::pair<std::string_view, Phrase>{"override", Phrase::sign_override},
      std::pair<std::string_view, Phrase>{"reviewers_differ", Phrase::sign_reviewers_differ},
      std::pair<std::string_view, Phrase>{"unlike_own", Phrase::sign_unlike_own},
      std::pair<std::string_view, Phrase>{"outside_window", Phrase::sign_outside_window},
      std::pair<std::string_view, Phrase>{"window_unclear", Phrase::sign_window_unclear},
      std::pair<std::string_view, Phrase>{"outside_hours", Phrase::sign_outside_hours},
      std::pair<std::string_view, Phrase>{"clock_wrong", Phrase::sign_clock_wrong},
      std::pair<std::string_view, Phrase>{"low_score", Phrase::sign_low_score},
      std::pair<std::string_view, Phrase>{"overdue", Phrase::sign_overdue},
      std::pair<std::string_view, Phrase>{"advice", Phrase::sign_advice},
  };
  for (const auto& [known, phrase] : kSigns) {
    if (known == name) return words(phrase);
  }
  return words.flag(name);
}

Rendered render_second_look(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = w(Phrase::second_look_drawn,
               {count(answer, "seed"), count(answer, "decided"), count(answer, "drawn"), count(answer, "done")}) +
             "\n";
  Table table({{w(Phrase::head_student)}, {w(Phrase::head_name)}, {w(Phrase::head_site)}, {w(Phrase::head_class)}});
  for (const boost::json::value& element : list_of(answer, "students")) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    table.row({text_of(*one, "student"), text_of(*one, "name"), text_of(*one, "site"), text_of(*one, "class")});
  }
  if (table.empty()) return out;
  out.data += table.text(view.data, 2);
  out.talk = next_step(w(Phrase::second_look_next, {count(answer, "seed")}));
  return out;
}

Rendered render_looked(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  each_student_line(answer, "looked", view, out, [&](const boost::json::object& one, const std::string& student) {
    const bool agrees = flag_of(one, "agrees");
    out.data += w(agrees ? Phrase::looked_agrees : Phrase::looked_differs, {student}) + "\n";
  });
  return out;
}

Rendered render_disagreement(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  if (count_of(answer, "of") == 0) {
    out.data = w(Phrase::disagreement_none) + "\n";
  } else {
    out.data = w(Phrase::disagreement_rate, {count(answer, "count"), count(answer, "of"), percent(answer, "share"),
                                             percent(answer, "low"), percent(answer, "high")}) +
               "\n";
    Table table(
        {{w(Phrase::head_reviewer)}, {w(Phrase::head_differ), Table::Align::right}, {w(Phrase::head_of), Table::Align::right}});
    for (const boost::json::value& element : list_of(answer, "reviewers")) {
      const boost::json::object* one = element.if_object();
      if (one != nullptr) table.row({text_of(*one, "by"), count(*one, "count"), count(*one, "of")});
    }
    out.data += table.text(view.data, 2);
  }
  const boost::json::array& disputed = list_of(answer, "disputed");
  if (!disputed.empty()) out.data += view.data.warn(w(Phrase::disagreement_disputed, {joined(disputed, " ")})) + "\n";
  return out;
}

Rendered render_forecast(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = w(Phrase::forecast_open, {count(answer, "open")}) + "\n";
  if (const boost::json::object* by = object_of(answer, "by_profile")) {
    out.data += w(Phrase::forecast_profile, {percent(*by, "share_low"), percent(*by, "share_high"), whole(*by, "students_low"),
                                             whole(*by, "students_high")}) +
                "\n";
  }
  const boost::json::object* own = object_of(answer, "by_results");
  if (own != nullptr && count_of(*own, "of") > 0) {
    out.data += w(Phrase::forecast_results, {count(*own, "of"), percent(*own, "share"), percent(*own, "low"),
                                             percent(*own, "high"), whole(*own, "students_low"), whole(*own, "students_high")}) +
                "\n";
  }
  const boost::json::object* missed = object_of(answer, "missed_by_review");
  if (missed != nullptr && count_of(*missed, "of") > 0) {
    out.data += w(Phrase::forecast_missed, {percent(*missed, "share"), percent(*missed, "low"), percent(*missed, "high")}) + "\n";
  }
  out.data += w(Phrase::forecast_words) + "\n";
  return out;
}

Rendered render_due(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const boost::json::array& clocks = list_of(answer, "clocks");
  if (clocks.empty()) return {w(Phrase::due_none) + "\n", {}};
  Rendered out;
  for (const boost::json::value& element : clocks) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    const std::string line =
        w(Phrase::due_line, {due_word(text_of(*one, "what"), w), count(*one, "running"), count(*one, "overdue")});
    out.data += (count_of(*one, "overdue") > 0 ? view.data.warn(line) : line) + "\n";
  }
  Table table({{w(Phrase::head_due)},
               {w(Phrase::head_working_days), Table::Align::right},
               {w(Phrase::head_what)},
               {w(Phrase::head_student)},
               {w(Phrase::head_name)},
               {w(Phrase::head_site)}});
  for (const boost::json::value& element : list_of(answer, "due")) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    table.row({local_time_text(text_of(*one, "due")), flag_of(*one, "overdue") ? w(Phrase::overdue) : count(*one, "days_left"),
               due_word(text_of(*one, "what"), w), text_of(*one, "student"), text_of(*one, "name"), text_of(*one, "site")});
  }
  out.data += table.text(view.data, 2);
  return out;
}

}  // namespace satchel::cli
