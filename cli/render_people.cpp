#include <map>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// Roster and collection codes.
namespace satchel::cli {
namespace {

std::string row_table(const boost::json::array& rows, bool with_cure, const View& view) {
  const Words& w = view.words;
  std::vector<Table::Column> columns{{w(Phrase::head_line), Table::Align::right}, {w(Phrase::head_reason)}};
  if (with_cure) columns.push_back({w(Phrase::head_cure)});
  Table table(columns);
  for (const boost::json::value& row : rows) {
    if (const boost::json::object* item = row.if_object()) {
      table.row({std::to_string(count_of(*item, "line")), sentence_of(*item, w), cure_of(*item, w)});
    }
  }
  return table.text(view.data, 2);
}

/// Remarks that many rows share are told once, with the first of their lines: 10,000 rows must not hide the one that matters.
std::string grouped_table(const boost::json::array& notes, const View& view) {
  constexpr std::size_t kLinesShown = 5;
  struct Group {
    std::size_t rows = 0;
    std::string lines;
    std::string reason;
    std::string cure;
  };
  const Words& w = view.words;
  std::map<std::string, Group> groups;
  for (const boost::json::value& note : notes) {
    const boost::json::object* item = note.if_object();
    if (item == nullptr) continue;
    Group& group = groups[text_of(*item, "code")];
    if (++group.rows <= kLinesShown) group.lines += (group.lines.empty() ? "" : " ") + std::to_string(count_of(*item, "line"));
    if (group.rows == kLinesShown + 1) group.lines += " …";
    group.reason = sentence_of(*item, w);
    group.cure = cure_of(*item, w);
  }
  Table table(
      {{w(Phrase::head_rows), Table::Align::right}, {w(Phrase::head_line)}, {w(Phrase::head_reason)}, {w(Phrase::head_cure)}});
  for (const auto& [code, group] : groups) table.row({std::to_string(group.rows), group.lines, group.reason, group.cure});
  return table.text(view.data, 2);
}

std::string changes_table(const boost::json::array& changes, const View& view) {
  const Words& w = view.words;
  if (changes.empty()) return {};
  Table table({{w(Phrase::head_change)},
               {w(Phrase::head_line), Table::Align::right},
               {w(Phrase::head_student)},
               {w(Phrase::head_columns)}});
  for (const boost::json::value& element : changes) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    const std::string change = text_of(*one, "change");
    const Phrase phrase = change == "new" ? Phrase::change_new : change == "gone" ? Phrase::change_gone : Phrase::change_changed;
    const std::uint64_t line = count_of(*one, "line");
    table.row({w(phrase), line > 0 ? std::to_string(line) : "", text_of(*one, "student"),
               joined(list_of(*one, "columns"), w.pick("、", ", "))});
  }
  return table.text(view.data, 2);
}

}  // namespace

Rendered render_roster(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const auto count = [&](const char* key) { return std::to_string(count_of(answer, key)); };
  Rendered out;
  if (flag_of(answer, "dry_run")) out.data = view.data.warn(w(Phrase::roster_dry_run)) + "\n";
  if (const std::string form = text_of(answer, "form"); !form.empty()) {
    out.talk += w(Phrase::roster_read, {form, form == "XLSX" ? "" : text_of(answer, "encoding")}) + "\n";
  }
  out.data += w(Phrase::roster_done,
                {count("rows"), count("imported"), count("new"), count("changed"), count("unchanged"), count("gone")}) +
              "\n";
  const boost::json::array& refused = list_of(answer, "refused");
  if (!refused.empty()) {
    out.data +=
        view.data.bad(w(Phrase::roster_refused, {std::to_string(refused.size())})) + "\n" + row_table(refused, true, view);
    out.talk += next_step(w(Phrase::roster_next_mend));
  }
  if (const std::uint64_t missing = count_of(answer, "missing"); flag_of(answer, "gone_withheld") && missing > 0) {
    out.data += view.data.warn(w(Phrase::roster_withheld, {std::to_string(missing)})) + "\n";
    out.talk += next_step(w(Phrase::roster_next_delist));
  }
  const boost::json::array& notes = list_of(answer, "notes");
  constexpr std::size_t kNotesListed = 10;
  if (!notes.empty()) {
    out.data += view.data.warn(w(Phrase::roster_notes)) + "\n";
    out.data += notes.size() <= kNotesListed ? row_table(notes, false, view) : grouped_table(notes, view);
  }
  if (const std::uint64_t lost = count_of(answer, "unreachable"); lost > 0) {
    out.data += w(Phrase::roster_unreachable, {std::to_string(lost)}) + "\n";
  }
  out.data += changes_table(list_of(answer, "changes"), view);
  const boost::json::array& renamed = list_of(answer, "renamed_columns");
  if (!renamed.empty()) out.talk += w(Phrase::roster_renamed, {joined(renamed, w.pick("、", ", "))}) + "\n";
  const boost::json::array& kept = list_of(answer, "kept_columns");
  if (!kept.empty()) out.talk += w(Phrase::roster_kept, {joined(kept, w.pick("、", ", "))}) + "\n";
  return out;
}

Rendered render_marks(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const auto count = [&](const char* key) { return std::to_string(count_of(answer, key)); };
  const std::string as = text_of(answer, "as");
  const Phrase phrase = as == "exempt" ? Phrase::marks_exempt : as == "retake" ? Phrase::marks_retake : Phrase::marks_none;
  Rendered out;
  if (flag_of(answer, "dry_run")) out.data = view.data.warn(w(Phrase::roster_dry_run)) + "\n";
  out.data += w(phrase, {count("marked"), count("unchanged"), count("unknown")}) + "\n";
  return out;
}

Rendered render_codes(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const std::string issued = std::to_string(count_of(answer, "issued"));
  return {w(Phrase::codes_made, {issued, text_of(answer, "folder")}) + "\n", next_step(w(Phrase::codes_next))};
}

Rendered render_scan(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  if (const boost::json::object* error = object_of(answer, "error")) {
    return {{}, error_lines(*error, text_of(answer, "file"), w, view.talk)};
  }
  const bool known = flag_of(answer, "known");
  Table table({{""}, {""}});
  table.row({w(Phrase::head_student), text_of(answer, "student")});
  table.row({w(Phrase::head_name), text_of(answer, "name")});
  table.row({w(Phrase::head_id_number), text_of(answer, "id_number")});
  table.row({w(Phrase::head_site), text_of(answer, "site")});
  table.row({w(Phrase::head_class), text_of(answer, "class")});
  table.row({w(Phrase::head_stage), known ? w.stage(text_of(answer, "stage")) : w(Phrase::scan_unknown)});
  Rendered out{table.text(view.data), {}};
  const auto warn = [&](const std::string& sentence) { out.data += view.data.warn(sentence) + "\n"; };
  if (flag_of(answer, "visitor")) warn(w(Phrase::scan_visitor, {text_of(answer, "site")}));
  if (flag_of(answer, "foreign")) warn(w(Phrase::scan_foreign));
  if (const boost::json::object* warning = object_of(answer, "warning")) {
    out.data += error_lines(*warning, "", w, view.data);
  }
  if (flag_of(answer, "exempt")) warn(w(Phrase::scan_exempt));
  if (flag_of(answer, "must_retake")) warn(w(Phrase::scan_must_retake));
  if (const boost::json::object* lock = object_of(answer, "lock")) {
    warn(w(Phrase::lock_text, {local_time_text(text_of(*lock, "until"))}));
  }
  out.talk = next_step(w(Phrase::scan_confirm));
  return out;
}

}  // namespace satchel::cli
