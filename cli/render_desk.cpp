#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/text.h"

// What the hub decided and gave out.
namespace satchel::cli {

Rendered render_decided(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  bool any = false;
  each_student_line(answer, "decided", view, out, [&](const boost::json::object& one, const std::string& student) {
    any = true;
    const std::string result = text_of(one, "result");
    const bool approved = result == "approved";
    const Phrase words = approved               ? Phrase::decided_approved
                         : result == "unlocked" ? Phrase::decided_unlocked
                         : result == "undone"   ? Phrase::decided_undone
                                                : Phrase::decided_rejected;
    out.data += (approved ? view.data.good("✓") : view.data.warn("↺")) + " " + w(words, {student}) + "\n";
  });
  if (any) out.talk += next_step(w(Phrase::decided_next));
  return out;
}

Rendered render_export(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = w(Phrase::export_done, {std::to_string(count_of(answer, "exported")), text_of(answer, "folder")}) + "\n" +
             w(Phrase::export_manifest, {text_of(answer, "manifest")}) + "\n";
  if (const std::string list = text_of(answer, "list"); !list.empty()) out.data += w(Phrase::export_list, {list}) + "\n";
  const boost::json::array& left_out = list_of(answer, "left_out");
  if (left_out.empty()) return out;
  out.data += view.data.warn(w(Phrase::export_left_out, {std::to_string(left_out.size())})) + "\n";
  for (const boost::json::value& element : left_out) {
    const boost::json::object* one = element.if_object();
    const boost::json::object* error = one != nullptr ? object_of(*one, "error") : nullptr;
    if (error != nullptr) out.data += error_lines(*error, text_of(*one, "student"), w, view.data);
  }
  return out;
}

}  // namespace satchel::cli
