#include <array>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"
#include "core/campaign/reasons.h"

// What two places did to one student, and where two reviewers differ.
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
      std::pair<std::string_view, Phrase>{"second_look", Phrase::conflict_second_look},
      std::pair<std::string_view, Phrase>{"check", Phrase::conflict_check},
      std::pair<std::string_view, Phrase>{"careful", Phrase::conflict_careful},
      std::pair<std::string_view, Phrase>{"order", Phrase::conflict_order},
      std::pair<std::string_view, Phrase>{"reviewers_differ", Phrase::conflict_reviewers_differ},
      std::pair<std::string_view, Phrase>{"submissions", Phrase::conflict_submissions},
      std::pair<std::string_view, Phrase>{"reviewers", Phrase::conflict_reviewers},
      std::pair<std::string_view, Phrase>{"approve", Phrase::conflict_approve},
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
               {w(Phrase::head_conflict)},
               {w(Phrase::head_proposal)},
               {w(Phrase::head_reason)},
               {w(Phrase::head_doubts)}});
  for (const boost::json::value& element : conflicts) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    table.row({text_of(*one, "student"), text_of(*one, "name"), text_of(*one, "site"), text_of(*one, "class"),
               conflict_word(text_of(*one, "kind"), w), text_of(*one, "proposal"), conflict_word(text_of(*one, "reason"), w),
               doubts_of(*one, w)});
  }
  return {w(Phrase::conflicts_count, {std::to_string(conflicts.size()), std::to_string(count_of(answer, "clear"))}) + "\n" +
              table.text(view.data, 2),
          next_step(w(Phrase::conflicts_next))};
}

namespace {

std::string decisions_table(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Table table(
      {{w(Phrase::head_decision)}, {""}, {w(Phrase::head_reviewer)}, {w(Phrase::head_decided)}, {w(Phrase::head_remarks)}});
  for (const boost::json::value& element : list_of(answer, "candidates")) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    const std::string word = text_of(*one, "word");
    const core::RejectReason* reason = core::reject_reason(word);
    const std::string says = reason != nullptr ? std::string(w.pick(reason->zh, reason->en)) : conflict_word(word, w);
    table.row({word, says, joined(list_of(*one, "by"), w.pick("、", ", ")), local_time_text(text_of(*one, "decided")),
               text_of(*one, "note")});
  }
  std::string out = w(Phrase::head_submission) + " " + text_of(answer, "submission");
  for (const boost::json::value& file : list_of(answer, "pictures")) {
    if (file.is_string()) out += "  " + plain(file.get_string().c_str());
  }
  return out + "\n" + table.text(view.data, 2);
}

std::string submissions_table(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
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
  return table.text(view.data, 2);
}

}  // namespace

Rendered render_conflict(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = w(Phrase::drafts_line, {text_of(answer, "name"), text_of(answer, "student"), text_of(answer, "site")}) + "\n";
  out.data += text_of(answer, "kind") == "reviewers" ? decisions_table(answer, view) : submissions_table(answer, view);
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
      const bool reviewers = text_of(*one, "kind") == "reviewers";
      out.data += view.data.good("✓") + " " +
                  w(reviewers ? Phrase::conflict_settled : Phrase::conflict_resolved,
                    {text_of(*one, "student"), text_of(*one, "chosen")}) +
                  "\n";
    }
  }
  return out;
}

}  // namespace satchel::cli
