#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// What a carrier brought, or would bring.
namespace satchel::cli {
namespace {

std::string count(const boost::json::object& in, const char* key) { return std::to_string(count_of(in, key)); }

std::string late_lines(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Table table({{w(Phrase::head_student)},
               {w(Phrase::head_site)},
               {w(Phrase::head_taken)},
               {w(Phrase::head_between)},
               {w(Phrase::head_reason)}});
  for (const boost::json::value& element : list_of(answer, "late")) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    const bool outside = text_of(*one, "why") == "taken_outside";
    const boost::json::object* between = object_of(*one, "taken_between");
    table.row({text_of(*one, "student"), text_of(*one, "site"), local_time_text(text_of(*one, "taken")),
               between != nullptr ? interval_text(*between, w) : std::string(),
               w(outside ? Phrase::merge_late_taken_outside : Phrase::merge_late_cannot_be_told)});
  }
  return table.text(view.data, 4);
}

std::string quarantine_lines(const boost::json::object& answer, const View& view) {
  std::string out;
  for (const boost::json::value& element : list_of(answer, "quarantine")) {
    const boost::json::object* one = element.if_object();
    const boost::json::object* error = one != nullptr ? object_of(*one, "error") : nullptr;
    if (error == nullptr) continue;
    out += error_lines(*error, text_of(*one, "name") + " " + text_of(*one, "lane") + ":" + count(*one, "seq"), view.words,
                       view.data);
  }
  return out;
}

}  // namespace

Rendered render_merge(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const boost::json::object none;
  const boost::json::object* fresh = object_of(answer, "new");
  const boost::json::object* known = object_of(answer, "known");
  const boost::json::object& news = fresh != nullptr ? *fresh : none;
  const boost::json::object& here = known != nullptr ? *known : none;
  Rendered out;
  out.data = w(flag_of(answer, "dry_run") ? Phrase::merge_tried : Phrase::merge_done) + "\n";
  out.data += "  " +
              w(Phrase::merge_new, {count(news, "bundles"), count(news, "records"), count(news, "students"),
                                    count(news, "captures"), count(news, "submissions")}) +
              "\n";
  out.data += "  " + w(Phrase::merge_known, {count(here, "bundles"), count(here, "records")}) + "\n";
  const bool conflicts = count_of(answer, "conflict_count") > 0;
  const std::string conflict_line = w(Phrase::merge_conflicts, {count(answer, "conflict_count")});
  out.data += "  " + (conflicts ? view.data.warn(conflict_line) : conflict_line) + "\n";
  if (conflicts) out.data += "    " + joined(list_of(answer, "conflicts"), " ") + "\n";
  out.data += "  " + w(Phrase::merge_quarantine, {count(answer, "quarantine_count")}) + "\n" + quarantine_lines(answer, view);
  out.data += "  " + w(Phrase::merge_late, {count(answer, "late_count"), count(answer, "late_unclear_count")}) + "\n" +
              late_lines(answer, view);
  if (count_of(answer, "damaged_places") > 0) {
    out.data += "  " + view.data.bad(w(Phrase::merge_damaged, {count(answer, "damaged_places")})) + "\n";
  }
  for (const boost::json::value& element : list_of(answer, "sources")) {
    const boost::json::object* one = element.if_object();
    const boost::json::object* error = one != nullptr ? object_of(*one, "error") : nullptr;
    if (error != nullptr) out.talk += error_lines(*error, text_of(*one, "source"), w, view.talk);
  }
  if (conflicts) out.talk += next_step(w(Phrase::conflicts_next));
  return out;
}

}  // namespace satchel::cli
