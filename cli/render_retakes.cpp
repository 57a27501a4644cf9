#include <cmath>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// One picture several times, and one picture under two codes.
namespace satchel::cli {
namespace {

std::string count(const boost::json::object& in, const char* key) { return std::to_string(count_of(in, key)); }

std::string why_word(const std::string& why, const Words& w) {
  if (why == "usable") return w(Phrase::why_usable);
  if (why == "better_grade") return w(Phrase::conflict_better_grade);
  if (why == "better_score") return w(Phrase::conflict_better_score);
  return w(why == "newer" ? Phrase::why_newer : Phrase::why_only_one);
}

std::string near_text(const boost::json::object& line) {
  std::string out;
  for (const boost::json::value& element : list_of(line, "near")) {
    const boost::json::object* one = element.if_object();
    if (one != nullptr) out += (out.empty() ? "" : " ") + text_of(*one, "student");
  }
  return out;
}

std::vector<std::string> cells(const boost::json::object& one, const Words& w) {
  return {text_of(one, "student"), text_of(one, "name"),       text_of(one, "site"), count(one, "captures"),
          count(one, "groups"),    count(one, "exact_copies"), text_of(one, "best"), why_word(text_of(one, "why"), w),
          near_text(one)};
}

Table make_table(const Words& w) {
  return Table({{w(Phrase::head_student)},
                {w(Phrase::head_name)},
                {w(Phrase::head_site)},
                {w(Phrase::head_captures), Table::Align::right},
                {w(Phrase::head_groups), Table::Align::right},
                {w(Phrase::head_exact), Table::Align::right},
                {w(Phrase::head_best)},
                {w(Phrase::head_reason)},
                {w(Phrase::head_near)}});
}

}  // namespace

Rendered render_retakes(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = w(Phrase::retakes_count, {count(answer, "retaken"), count(answer, "alarms")}) + "\n";
  Table table = make_table(w);
  for (const boost::json::value& element : list_of(answer, "students")) {
    if (const boost::json::object* one = element.if_object()) table.row(cells(*one, w));
  }
  if (!table.empty()) out.data += table.text(view.data, 2);
  out.talk = w(Phrase::retakes_words) + "\n";
  return out;
}

namespace {

std::string face_pairs(const boost::json::array& pairs, const View& view) {
  const Words& w = view.words;
  Table table({{w(Phrase::head_likeness), Table::Align::right},
               {w(Phrase::head_student)},
               {w(Phrase::head_name)},
               {w(Phrase::head_site)},
               {w(Phrase::head_draft)},
               {w(Phrase::head_student)},
               {w(Phrase::head_name)},
               {w(Phrase::head_site)},
               {w(Phrase::head_draft)}});
  for (const boost::json::value& element : pairs) {
    const boost::json::object* pair = element.if_object();
    if (pair == nullptr) continue;
    std::vector<std::string> row{std::to_string(static_cast<int>(number_of(*pair, "similarity")))};
    for (const char* side : {"one", "two"}) {
      const boost::json::object* who = object_of(*pair, side);
      for (const char* key : {"student", "name", "site", "draft"}) row.push_back(who != nullptr ? text_of(*who, key) : "");
    }
    table.row(std::move(row));
  }
  return table.empty() ? std::string() : table.text(view.data, 2);
}

}  // namespace

Rendered render_faces(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = w(Phrase::faces_compared,
               {count(answer, "students"), count(answer, "pictures"), count(answer, "without_face"), count(answer, "compared")}) +
             "\n";
  const auto by_chance = std::to_string(std::lround(number_of(answer, "by_chance")));
  const std::string same = w(Phrase::faces_same, {count(answer, "same_count"), by_chance});
  out.data += (count_of(answer, "same_count") > 0 ? view.data.warn(same) : same) + "\n";
  out.data += face_pairs(list_of(answer, "same"), view);
  const std::string unlike = w(Phrase::faces_unlike, {count(answer, "unlike_count")});
  out.data += (count_of(answer, "unlike_count") > 0 ? view.data.warn(unlike) : unlike) + "\n";
  out.data += face_pairs(list_of(answer, "unlike"), view);
  out.talk = w(Phrase::faces_words) + "\n";
  return out;
}

Rendered render_retake(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  Table head = make_table(w);
  head.row(cells(answer, w));
  out.data = head.text(view.data, 0);
  Table table({{w(Phrase::head_draft)},
               {w(Phrase::head_groups), Table::Align::right},
               {w(Phrase::head_taken)},
               {w(Phrase::head_grade)},
               {w(Phrase::head_score), Table::Align::right}});
  for (const boost::json::value& element : list_of(answer, "pictures")) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    table.row({text_of(*one, "draft"), count(*one, "group"), local_time_text(text_of(*one, "taken")),
               w.grade(text_of(*one, "grade")), std::to_string(static_cast<int>(number_of(*one, "score")))});
  }
  out.data += table.text(view.data, 2);
  if (flag_of(answer, "unlike")) out.data += view.data.warn(w(Phrase::sign_unlike_own)) + "\n";
  out.talk = w(Phrase::retakes_words) + "\n";
  return out;
}

}  // namespace satchel::cli
