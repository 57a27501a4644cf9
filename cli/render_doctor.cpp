#include <boost/json/serialize.hpp>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/text.h"

// What doctor found, the worst last read and so the most remembered: in the order in which it was looked for.
namespace satchel::cli {
namespace {

std::string mark(const std::string& level, const Paint& paint) {
  if (level == "fine") return paint.good("✓");
  if (level == "note") return "•";
  if (level == "warn") return paint.warn("!");
  return paint.bad("✗");
}

std::string facts_line(const boost::json::object& facts) {
  std::string out;
  for (const auto& fact : facts) {
    if (!out.empty()) out += ", ";
    const std::string key(fact.key());
    out += plain(key) + " " + plain(fact.value().is_string() ? text_of(facts, key) : boost::json::serialize(fact.value()));
  }
  return out;
}

}  // namespace

Rendered render_doctor(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  for (const boost::json::value& element : list_of(answer, "findings")) {
    const boost::json::object* item = element.if_object();
    if (item == nullptr) continue;
    const std::string level = text_of(*item, "level");
    out.data += mark(level, view.data) + " " + sentence_of(*item, w) + " " +
                view.data.quiet("(" + plain(text_of(*item, "code")) + ")") + "\n";
    if (level == "fine") continue;
    const boost::json::object* facts = object_of(*item, "facts");
    if (facts != nullptr && !facts->empty()) out.data += "  " + view.data.quiet(facts_line(*facts)) + "\n";
    if (const std::string detail = text_of(*item, "detail"); !detail.empty()) out.data += "  " + plain(detail) + "\n";
    if (const std::string cure = cure_of(*item, w); !cure.empty()) out.data += "  " + next_step(cure);
  }
  const std::string worst = text_of(answer, "worst");
  const bool well = worst == "fine" || worst == "note";
  out.data += (well ? view.data.good(w(Phrase::doctor_well)) : view.data.warn(w(Phrase::doctor_ill))) + "\n";
  return out;
}

}  // namespace satchel::cli
