#include <array>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// What follows an approval.
namespace satchel::cli {
namespace {

Phrase marked_phrase(const std::string& result) {
  constexpr std::array kResults{
      std::pair{"right", Phrase::marked_right},
      std::pair{"wrong", Phrase::marked_wrong},
      std::pair{"errata_open", Phrase::marked_errata_open},
      std::pair{"errata_closed", Phrase::marked_errata_closed},
  };
  for (const auto& [name, phrase] : kResults) {
    if (result == name) return phrase;
  }
  return Phrase::marked_delivered;
}

std::string certificate_lines(const boost::json::object& answer, const Words& w) {
  const std::string file = text_of(answer, "certificate");
  if (file.empty()) return {};
  return w(Phrase::purge_certificate_at, {file}) + "\n" +
         w(Phrase::purge_outstanding,
           {std::to_string(count_of(answer, "certified")), std::to_string(count_of(answer, "outstanding"))}) +
         "\n";
}

}  // namespace

Rendered render_paper(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = w(Phrase::paper_done, {std::to_string(count_of(answer, "students")), std::to_string(count_of(answer, "classes")),
                                    text_of(answer, "file")}) +
             "\n";
  if (const auto without = count_of(answer, "without_picture"); without > 0) {
    out.data += view.data.warn(w(Phrase::paper_without_picture, {std::to_string(without)})) + "\n";
  }
  return out;
}

Rendered render_marked(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  bool wrong = false;
  each_student_line(answer, "marked", view, out, [&](const boost::json::object& one, const std::string& student) {
    const std::string result = text_of(one, "result");
    wrong = wrong || result == "wrong";
    out.data +=
        (result == "wrong" ? view.data.warn("↺") : view.data.good("✓")) + " " + w(marked_phrase(result), {student}) + "\n";
    if (flag_of(one, "late")) out.data += "  " + view.data.warn(w(Phrase::marked_late)) + "\n";
  });
  if (wrong) out.talk += next_step(w(Phrase::marked_next_errata));
  return out;
}

Rendered render_proofs(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const boost::json::array& waiting = list_of(answer, "waiting");
  if (waiting.empty()) return {w(Phrase::proofs_none) + "\n", {}};
  Table table({{w(Phrase::head_student)},
               {w(Phrase::head_name)},
               {w(Phrase::head_class)},
               {w(Phrase::head_days_left)},
               {w(Phrase::head_wrong)}});
  for (const boost::json::value& element : waiting) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    std::string wrong;
    for (const boost::json::value& field : list_of(*one, "wrong")) {
      if (field.is_string()) wrong += (wrong.empty() ? "" : " ") + std::string(field.get_string());
    }
    const auto* const left = one->if_contains("days_left");
    const bool over = left != nullptr && left->is_int64() && left->get_int64() < 0;
    table.row({text_of(*one, "student"), text_of(*one, "name"), text_of(*one, "class"),
               over ? w(Phrase::window_over) : std::to_string(count_of(*one, "days_left")), wrong});
  }
  return {table.text(view.data), {}};
}

Rendered render_purge(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const bool dry_run = flag_of(answer, "dry_run");
  Rendered out;
  out.data = w(dry_run ? Phrase::purge_dry : Phrase::purge_done,
               {std::to_string(list_of(answer, "students").size()), std::to_string(count_of(answer, "pictures")),
                size_text(count_of(answer, "bytes"))}) +
             "\n" + certificate_lines(answer, w);
  for (const boost::json::value& element : list_of(answer, "left_out")) {
    const boost::json::object* one = element.if_object();
    const boost::json::object* error = one != nullptr ? object_of(*one, "error") : nullptr;
    if (error != nullptr) out.talk += error_lines(*error, text_of(*one, "student"), w, view.talk);
  }
  out.talk += next_step(w(dry_run ? Phrase::purge_next_dry : Phrase::purge_next_sync));
  return out;
}

Rendered render_purge_certified(const boost::json::object& answer, const View& view) {
  return {certificate_lines(answer, view.words), {}};
}

Rendered render_purge_verified(const boost::json::object& answer, const View& view) {
  const boost::json::object* totals = object_of(answer, "totals");
  static const boost::json::object kNone;
  const boost::json::object& in = totals != nullptr ? *totals : kNone;
  return {view.data.good("✓") + " " +
              view.words(Phrase::purge_verified,
                         {text_of(answer, "issued"), std::to_string(count_of(in, "students")),
                          std::to_string(count_of(in, "pictures")), std::to_string(count_of(in, "outstanding"))}) +
              "\n",
          {}};
}

}  // namespace satchel::cli
