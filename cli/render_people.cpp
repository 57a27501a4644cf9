#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"

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

}  // namespace

Rendered render_roster(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const auto count = [&](const char* key) { return std::to_string(count_of(answer, key)); };
  Rendered out;
  out.data = w(Phrase::roster_done,
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
  if (!notes.empty()) out.data += view.data.warn(w(Phrase::roster_notes)) + "\n" + row_table(notes, false, view);
  const boost::json::array& ignored = list_of(answer, "ignored_columns");
  if (!ignored.empty()) out.talk += w(Phrase::roster_ignored, {joined(ignored, w.pick("、", ", "))}) + "\n";
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
  return {table.text(view.data), next_step(w(Phrase::scan_confirm))};
}

}  // namespace satchel::cli
