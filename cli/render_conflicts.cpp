#include <array>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// What two places did to one student.
namespace satchel::cli {
namespace {

std::string conflict_word(const std::string& name, const Words& w) {
  constexpr std::array kWords{
      std::pair<std::string_view, Phrase>{"later_step", Phrase::conflict_later_step},
      std::pair<std::string_view, Phrase>{"better_grade", Phrase::conflict_better_grade},
      std::pair<std::string_view, Phrase>{"better_score", Phrase::conflict_better_score},
      std::pair<std::string_view, Phrase>{"record_id", Phrase::conflict_record_id},
      std::pair<std::string_view, Phrase>{"capture_missing", Phrase::conflict_capture_missing},
      std::pair<std::string_view, Phrase>{"faces_differ", Phrase::conflict_faces_differ},
      std::pair<std::string_view, Phrase>{"scores_near", Phrase::conflict_scores_near},
  };
  for (const auto& [known, phrase] : kWords) {
    if (known == name) return w(phrase);
  }
  return plain(name);
}

std::string doubts_of(const boost::json::object& conflict, const Words& w) {
  std::string out;
  for (const boost::json::value& doubt : list_of(conflict, "doubts")) {
    if (doubt.is_string()) out += (out.empty() ? "" : w.pick("、", ", ").data()) + conflict_word(doubt.get_string().c_str(), w);
  }
  return out;
}

std::string score_of(const boost::json::object& one) {
  return one.contains("score") ? std::to_string(static_cast<int>(number_of(one, "score"))) : std::string();
}

}  // namespace

Rendered render_conflicts(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const boost::json::array& conflicts = list_of(answer, "conflicts");
  if (conflicts.empty()) return {w(Phrase::conflicts_none) + "\n", {}};
  Table table({{w(Phrase::head_student)},
               {w(Phrase::head_name)},
               {w(Phrase::head_site)},
               {w(Phrase::head_class)},
               {w(Phrase::head_proposal)},
               {w(Phrase::head_reason)},
               {w(Phrase::head_doubts)}});
  for (const boost::json::value& element : conflicts) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    table.row({text_of(*one, "student"), text_of(*one, "name"), text_of(*one, "site"), text_of(*one, "class"),
               text_of(*one, "proposal"), conflict_word(text_of(*one, "reason"), w), doubts_of(*one, w)});
  }
  return {w(Phrase::conflicts_count, {std::to_string(conflicts.size()), std::to_string(count_of(answer, "clear"))}) + "\n" +
              table.text(view.data, 2),
          next_step(w(Phrase::conflicts_next))};
}

Rendered render_conflict(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = w(Phrase::drafts_line, {text_of(answer, "name"), text_of(answer, "student"), text_of(answer, "site")}) + "\n";
  Table table({{w(Phrase::head_submission)},
               {w(Phrase::head_site)},
               {w(Phrase::head_step)},
               {w(Phrase::head_taken)},
               {w(Phrase::head_grade)},
               {w(Phrase::head_score), Table::Align::right},
               {w(Phrase::head_file)}});
  const boost::json::array& pictures = list_of(answer, "pictures");
  std::size_t at = 0;
  for (const boost::json::value& element : list_of(answer, "candidates")) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    const std::string file = at < pictures.size() && pictures[at].is_string() ? pictures[at].get_string().c_str() : "";
    ++at;
    table.row({text_of(*one, "submission"), text_of(*one, "site"), text_of(*one, "step"), local_time_text(text_of(*one, "taken")),
               w.grade(text_of(*one, "grade")), score_of(*one), file});
  }
  out.data += table.text(view.data, 2);
  out.data += w(Phrase::head_proposal) + " " + text_of(answer, "proposal") + w.pick("：", ": ").data() +
              conflict_word(text_of(answer, "reason"), w) + "\n";
  if (const std::string doubts = doubts_of(answer, w); !doubts.empty()) {
    out.data += view.data.warn(w(Phrase::head_doubts) + w.pick("：", ": ").data() + doubts) + "\n";
  }
  out.talk = next_step(w(Phrase::conflicts_next));
  return out;
}

Rendered render_resolved(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  for (const boost::json::value& element : list_of(answer, "resolved")) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    if (const boost::json::object* error = object_of(*one, "error")) {
      out.talk += error_lines(*error, text_of(*one, "student"), w, view.talk);
    } else {
      out.data +=
          view.data.good("✓") + " " + w(Phrase::conflict_resolved, {text_of(*one, "student"), text_of(*one, "chosen")}) + "\n";
    }
  }
  return out;
}

}  // namespace satchel::cli
