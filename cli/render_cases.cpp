#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// The national check and its cases.
namespace satchel::cli {
namespace {

std::string count(const boost::json::object& in, const char* key) { return std::to_string(count_of(in, key)); }

std::string result_word(const std::string& name, const Words& w) {
  if (name == "passed") return w(Phrase::national_passed);
  if (name == "failed") return w(Phrase::national_failed);
  return name.empty() ? std::string() : w(Phrase::national_undetermined);
}

Table make_table(const Words& w) {
  return Table({{w(Phrase::head_student)},
                {w(Phrase::head_name)},
                {w(Phrase::head_site)},
                {w(Phrase::head_result)},
                {w(Phrase::head_state)},
                {w(Phrase::head_owner)},
                {w(Phrase::head_next)},
                {w(Phrase::head_due)}});
}

std::vector<std::string> cells(const boost::json::object& one, const Words& w) {
  const bool closed = text_of(one, "state") == "closed";
  std::string due = local_time_text(text_of(one, "due"));
  if (flag_of(one, "overdue")) due += " " + w(Phrase::overdue);
  return {text_of(one, "student"),
          text_of(one, "name"),
          text_of(one, "site"),
          result_word(text_of(one, "national"), w),
          w(closed ? Phrase::case_closed : Phrase::case_open),
          text_of(one, "owner"),
          text_of(one, "next"),
          std::move(due)};
}

}  // namespace

Rendered render_national(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  if (flag_of(answer, "dry_run")) out.data = view.data.warn(w(Phrase::merge_tried)) + "\n";
  out.data += w(Phrase::national_done,
                {count(answer, "rows"), count(answer, "passed"), count(answer, "failed"), count(answer, "undetermined"),
                 count(answer, "unchanged"), count(answer, "cases_opened"), count(answer, "cases_closed")}) +
              "\n";
  const boost::json::array& refused = list_of(answer, "refused");
  if (refused.empty()) return out;
  out.data += view.data.bad(w(Phrase::national_refused, {count(answer, "refused_count")})) + "\n";
  for (const boost::json::value& element : refused) {
    const boost::json::object* one = element.if_object();
    if (one != nullptr) out.data += error_lines(*one, w(Phrase::head_line) + " " + count(*one, "line"), w, view.data);
  }
  return out;
}

Rendered render_cases(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const boost::json::array& cases = list_of(answer, "cases");
  Table table = make_table(w);
  for (const boost::json::value& element : cases) {
    if (const boost::json::object* one = element.if_object()) table.row(cells(*one, w));
  }
  std::string data = w(Phrase::cases_count, {std::to_string(cases.size())}) + "\n";
  if (!table.empty()) data += table.text(view.data, 2);
  return {std::move(data), {}};
}

Rendered render_case(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Table head = make_table(w);
  head.row(cells(answer, w));
  std::string data = head.text(view.data, 0);
  Table table({{w(Phrase::head_noted)}, {w(Phrase::head_owner)}, {w(Phrase::head_next)}, {w(Phrase::head_state)}});
  for (const boost::json::value& element : list_of(answer, "steps")) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    table.row({local_time_text(text_of(*one, "noted")), text_of(*one, "owner"), text_of(*one, "next"),
               w(flag_of(*one, "closed") ? Phrase::case_closed : Phrase::case_open)});
  }
  return {data + table.text(view.data, 2), {}};
}

Rendered render_pack(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = w(Phrase::pack_done, {text_of(answer, "out"), joined(list_of(answer, "files"), w.pick("、", ", "))}) + "\n";
  if (!flag_of(answer, "original_here")) out.data += view.data.warn(w(Phrase::pack_no_original)) + "\n";
  return out;
}

}  // namespace satchel::cli
