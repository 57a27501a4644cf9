#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// A photographer's folder, taken in.
namespace satchel::cli {
namespace {

std::string number(const boost::json::object& answer, const char* key) { return std::to_string(count_of(answer, key)); }

/// The failed pictures: whose, and what was wrong, most serious first.
std::string failed_table(const boost::json::array& pictures, const View& view) {
  const Words& w = view.words;
  Table table({{w(Phrase::head_student)}, {w(Phrase::head_name)}, {w(Phrase::head_file)}, {w(Phrase::head_findings)}});
  for (const boost::json::value& element : pictures) {
    const boost::json::object* one = element.if_object();
    const boost::json::object* verdict = one == nullptr ? nullptr : object_of(*one, "verdict");
    if (verdict == nullptr || text_of(*verdict, "verdict") != "fail") continue;
    std::string said;
    for (const boost::json::value& each : list_of(*verdict, "findings")) {
      const boost::json::object* finding = each.if_object();
      if (finding == nullptr || text_of(*finding, "level") != "fail") continue;
      said += (said.empty() ? "" : " ") + sentence_of(*finding, w);
      const std::string cure = cure_of(*finding, w);
      if (!cure.empty()) said += " " + cure;
    }
    table.row({text_of(*one, "student"), text_of(*one, "name"), text_of(*one, "file"), said});
  }
  return table.empty() ? std::string() : w(Phrase::folder_failed) + "\n" + table.text(view.data, 2);
}

std::string refused_lines(const boost::json::array& pictures, const View& view) {
  std::string out;
  for (const boost::json::value& element : pictures) {
    const boost::json::object* one = element.if_object();
    const boost::json::object* error = one == nullptr ? nullptr : object_of(*one, "error");
    if (error != nullptr) out += error_lines(*error, text_of(*one, "file"), view.words, view.data);
  }
  return out.empty() ? out : view.words(Phrase::folder_refused) + "\n" + out;
}

}  // namespace

Rendered render_capture_folder(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = w(Phrase::folder_done, {number(answer, "files"), number(answer, "students"), number(answer, "usable"),
                                     number(answer, "failed"), number(answer, "already"), number(answer, "refused")}) +
             "\n";
  if (count_of(answer, "skipped") > 0) out.data += w(Phrase::folder_skipped, {number(answer, "skipped")}) + "\n";
  if (count_of(answer, "submitted") > 0) out.data += w(Phrase::folder_submitted, {number(answer, "submitted")}) + "\n";
  const boost::json::array& pictures = list_of(answer, "pictures");
  out.data += failed_table(pictures, view) + refused_lines(pictures, view);
  if (count_of(answer, "without_picture") > 0) {
    out.talk += next_step(w(Phrase::folder_without, {number(answer, "without_picture")}));
  }
  if (count_of(answer, "failed") + count_of(answer, "refused") > 0) out.talk += next_step(w(Phrase::folder_again));
  if (count_of(answer, "usable") > count_of(answer, "submitted")) out.talk += next_step(w(Phrase::folder_submit_next));
  return out;
}

Rendered render_submit_all(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  const boost::json::array& submitted = list_of(answer, "submitted");
  const boost::json::array& left = list_of(answer, "left");
  if (submitted.empty() && left.empty()) return {w(Phrase::submit_all_none) + "\n", {}};
  out.data = w(Phrase::submit_all_done, {std::to_string(submitted.size())}) + "\n";
  for (const boost::json::value& element : left) {
    const boost::json::object* one = element.if_object();
    const boost::json::object* error = one == nullptr ? nullptr : object_of(*one, "error");
    if (error != nullptr) out.data += error_lines(*error, text_of(*one, "student"), w, view.data);
  }
  if (!submitted.empty()) out.talk = next_step(w(Phrase::submitted_next));
  return out;
}

}  // namespace satchel::cli
