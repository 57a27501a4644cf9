#include <cmath>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/text.h"

// Before the shot: the place, and the person in it.
namespace satchel::cli {

Rendered render_station(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data =
      w(Phrase::station_head, {text_of(answer, "file"), ""}) + painted_grade(text_of(answer, "level"), w, view.data) + "\n";
  for (const boost::json::value& element : list_of(answer, "items")) {
    const boost::json::object* item = element.if_object();
    if (item == nullptr) continue;
    const std::string level = text_of(*item, "level");
    const std::string mark = level == "pass"   ? view.data.good("✓")
                             : level == "fail" ? view.data.bad("✗")
                                               : view.data.warn(level == "advice" ? "!" : "?");
    out.data +=
        "  " + mark + " " + sentence_of(*item, w) + " " + view.data.quiet("(" + plain(text_of(*item, "code")) + ")") + "\n";
    if (const std::string cure = cure_of(*item, w); !cure.empty()) out.data += "    " + next_step(cure);
  }
  return out;
}

Rendered render_guide(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  std::string said;
  for (const boost::json::value& element : list_of(answer, "hints")) {
    if (element.is_object()) said += (said.empty() ? "" : w.pick("；", "; ").data()) + sentence_of(element.get_object(), w);
  }
  if (said.empty()) said = view.data.good(w(Phrase::guide_good));
  return {plain(text_of(answer, "frame")) + w.pick("：", ": ").data() + said + "\n", {}};
}

Rendered render_guide_best(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const std::string frame = text_of(answer, "frame");
  if (frame.empty()) return {w(Phrase::guide_no_best) + "\n", {}};
  Rendered out;
  out.data = w(Phrase::guide_best, {frame, std::to_string(std::llround(number_of(answer, "score")))}) +
             w.pick("：", ": ").data() + painted_grade(text_of(answer, "verdict"), w, view.data) + "\n";
  if (answer.contains("out")) out.talk = w(Phrase::guide_best_written, {text_of(answer, "out")}) + "\n";
  return out;
}

std::string ground_lines(const boost::json::object& ground, const View& view) {
  const bool replaced = flag_of(ground, "replaced");
  std::string out = (replaced ? view.talk.good("✓") : view.talk.warn("!")) + " " + sentence_of(ground, view.words) + "\n";
  if (!replaced) out += "  " + next_step(cure_of(ground, view.words));
  return out;
}

}  // namespace satchel::cli
