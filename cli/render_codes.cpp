#include <algorithm>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// Collection codes after they were issued: revoked, checked the evening before, and those of other systems.
namespace satchel::cli {
namespace {

constexpr std::size_t kShownMost = 40;  // lines that still can be read through; the table has all

std::string number_text(const boost::json::object& answer, std::string_view key) { return std::to_string(count_of(answer, key)); }

std::string people_table(const boost::json::array& people, const View& view) {
  const Words& w = view.words;
  Table table({{w(Phrase::head_student)}, {w(Phrase::head_name)}, {w(Phrase::head_class)}, {""}});
  std::size_t shown = 0;
  for (const boost::json::value& element : people) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr || shown++ >= kShownMost) continue;
    const std::string last = flag_of(*one, "last_term") ? w(Phrase::review_last_term) : std::string();
    table.row({text_of(*one, "student"), text_of(*one, "name"), text_of(*one, "class"), last});
  }
  std::string out = table.text(view.data, 2);
  if (shown > kShownMost) out += "  " + w(Phrase::code_check_more, {std::to_string(shown - kShownMost)}) + "\n";
  return out;
}

std::string standing_text(std::string_view standing, const Words& w) {
  if (standing == "confirmed") return w(Phrase::foreign_confirmed);
  if (standing == "disputed") return w(Phrase::foreign_disputed);
  return w(standing == "refused" ? Phrase::foreign_refused : Phrase::foreign_matched);
}

std::string source_text(std::string_view source, const Words& w) {
  if (source == "mapping") return w(Phrase::source_mapping);
  if (source == "decoder") return w(Phrase::source_decoder);
  return source == "person" ? w(Phrase::source_person) : std::string();
}

std::string disputed_table(const boost::json::array& disputed, const View& view) {
  const Words& w = view.words;
  Table table({{w(Phrase::head_student)},
               {w(Phrase::head_name)},
               {w(Phrase::head_class)},
               {w(Phrase::head_foreign)},
               {w(Phrase::head_answer)}});
  for (const boost::json::value& element : disputed) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    const std::string says = text_of(*one, "says");
    table.row({text_of(*one, "student"), text_of(*one, "name"), text_of(*one, "class"), text_of(*one, "code"),
               says.empty() ? w(Phrase::resolve_nobody) : says});
  }
  return table.text(view.data, 2);
}

}  // namespace

Rendered render_codes_revoked(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out{w(Phrase::codes_revoked, {number_text(answer, "revoked")}) + "\n", {}};
  if (count_of(answer, "unknown") > 0) {
    out.data += view.data.warn(w(Phrase::codes_revoked_unknown, {number_text(answer, "unknown")})) + "\n";
  }
  if (count_of(answer, "issued") > 0) {
    out.data += w(Phrase::codes_revoked_new, {number_text(answer, "issued"), text_of(answer, "folder")}) + "\n";
  }
  out.talk = next_step(w(Phrase::codes_revoked_next));
  return out;
}

Rendered render_code_check(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const boost::json::array& unusable = list_of(answer, "unusable");
  const boost::json::array& missing = list_of(answer, "missing");
  const boost::json::array& duplicates = list_of(answer, "duplicates");
  Rendered out;
  out.data = w(Phrase::code_check_head,
               {number_text(answer, "pictures"), std::to_string(list_of(answer, "usable").size()),
                std::to_string(unusable.size()), number_text(answer, "students"), std::to_string(missing.size())}) +
             "\n";
  if (!unusable.empty()) out.data += view.data.bad(w(Phrase::code_check_unusable)) + "\n";
  for (const boost::json::value& element : unusable) {
    if (const boost::json::object* one = element.if_object()) out.data += error_lines(*one, text_of(*one, "file"), w, view.data);
  }
  if (!duplicates.empty()) {
    Table table({{w(Phrase::head_student)}, {w(Phrase::head_file)}});
    for (const boost::json::value& element : duplicates) {
      if (const boost::json::object* one = element.if_object()) {
        table.row({text_of(*one, "student"), joined(list_of(*one, "files"), w.pick("、", ", "))});
      }
    }
    out.data += w(Phrase::code_check_duplicates) + "\n" + table.text(view.data, 2);
  }
  if (!missing.empty()) {
    out.data += view.data.warn(w(Phrase::code_check_missing)) + "\n" + people_table(missing, view);
    out.talk = next_step(w(Phrase::code_check_next));
  }
  if (const std::string csv = text_of(answer, "csv"); !csv.empty()) out.talk += w(Phrase::csv_written, {csv}) + "\n";
  return out;
}

Rendered render_code_match(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const Phrase said = flag_of(answer, "new") ? Phrase::code_matched : Phrase::code_matched_again;
  return {w(said, {text_of(answer, "code"), text_of(answer, "student"), text_of(answer, "name")}) + "\n",
          next_step(w(Phrase::code_matched_next))};
}

Rendered render_foreign(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const boost::json::array& codes = list_of(answer, "codes");
  if (codes.empty()) return {w(Phrase::foreign_none) + "\n", {}};
  Table table({{w(Phrase::head_foreign)},
               {w(Phrase::head_student)},
               {w(Phrase::head_name)},
               {w(Phrase::head_matched_at)},
               {w(Phrase::head_state)},
               {w(Phrase::head_answer)},
               {w(Phrase::head_reason)}});
  for (const boost::json::value& element : codes) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    table.row({text_of(*one, "code"), text_of(*one, "student"), text_of(*one, "name"), text_of(*one, "matched_at"),
               standing_text(text_of(*one, "standing"), w), source_text(text_of(*one, "source"), w), text_of(*one, "reason")});
  }
  Rendered out{table.text(view.data), {}};
  const boost::json::array& twice = list_of(answer, "twice");
  if (!twice.empty()) out.data += view.data.warn(w(Phrase::foreign_twice)) + "\n";
  for (const boost::json::value& element : twice) {
    const boost::json::object* one = element.if_object();
    if (one != nullptr) {
      out.data +=
          "  " + plain(text_of(*one, "code")) + "  " + plain(joined(list_of(*one, "students"), w.pick("、", ", "))) + "\n";
    }
  }
  if (!twice.empty() || count_of(answer, "disputed") > 0) out.talk = next_step(w(Phrase::foreign_next));
  return out;
}

Rendered render_code_resolve(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const boost::json::array& disputed = list_of(answer, "disputed");
  const boost::json::array& failed = list_of(answer, "failed");
  Rendered out;
  out.data =
      w(Phrase::resolve_done, {number_text(answer, "asked"), number_text(answer, "confirmed"), std::to_string(disputed.size()),
                               number_text(answer, "unanswered"), std::to_string(failed.size())}) +
      "\n";
  if (!disputed.empty()) {
    out.data += view.data.warn(w(Phrase::resolve_disputed)) + "\n" + disputed_table(disputed, view);
    out.talk = next_step(w(Phrase::foreign_next));
  }
  for (const boost::json::value& element : failed) {
    const boost::json::object* one = element.if_object();
    const boost::json::object* error = one != nullptr ? object_of(*one, "error") : nullptr;
    if (error != nullptr) out.data += error_lines(*error, text_of(*one, "student"), w, view.data);
  }
  return out;
}

Rendered render_code_decided(const boost::json::object& answer, const View& view) {
  const Phrase said = text_of(answer, "decided") == "confirmed" ? Phrase::resolve_confirmed : Phrase::resolve_refused;
  return {view.words(said, {text_of(answer, "student"), number_text(answer, "codes")}) + "\n", {}};
}

}  // namespace satchel::cli
