#include <array>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"

// Whom the hub trusts no longer, and what was set aside.
namespace satchel::cli {

namespace {

std::string kind_word(std::string_view kind, const Words& words) {
  constexpr std::array kKinds{
      std::pair<std::string_view, Phrase>{"capture", Phrase::says_capture},
      std::pair<std::string_view, Phrase>{"submission", Phrase::says_submission},
      std::pair<std::string_view, Phrase>{"roster", Phrase::says_roster},
      std::pair<std::string_view, Phrase>{"verdict", Phrase::says_verdict},
      std::pair<std::string_view, Phrase>{"export", Phrase::says_export},
      std::pair<std::string_view, Phrase>{"member", Phrase::says_member},
      std::pair<std::string_view, Phrase>{"code_revocation", Phrase::says_code_revocation},
      std::pair<std::string_view, Phrase>{"foreign_code", Phrase::says_foreign_code},
      std::pair<std::string_view, Phrase>{"foreign_answer", Phrase::says_foreign_answer},
      std::pair<std::string_view, Phrase>{"revocation", Phrase::says_revocation},
      std::pair<std::string_view, Phrase>{"unlock", Phrase::says_unlock},
      std::pair<std::string_view, Phrase>{"profile", Phrase::says_profile},
      std::pair<std::string_view, Phrase>{"discard", Phrase::says_discard},
      std::pair<std::string_view, Phrase>{"withdrawal", Phrase::says_withdrawal},
      std::pair<std::string_view, Phrase>{"resolution", Phrase::says_resolution},
      std::pair<std::string_view, Phrase>{"index", Phrase::says_index},
      std::pair<std::string_view, Phrase>{"timetable", Phrase::says_timetable},
      std::pair<std::string_view, Phrase>{"proof", Phrase::says_proof},
      std::pair<std::string_view, Phrase>{"errata", Phrase::says_errata},
      std::pair<std::string_view, Phrase>{"delivery", Phrase::says_delivery},
      std::pair<std::string_view, Phrase>{"purge", Phrase::says_purge},
      std::pair<std::string_view, Phrase>{"purged", Phrase::says_purged},
      std::pair<std::string_view, Phrase>{"picture", Phrase::says_picture},
  };
  for (const auto& [known, phrase] : kKinds) {
    if (known == kind) return words(phrase);
  }
  return words(Phrase::says_unreadable);
}

std::string said(const boost::json::object& bundle, const Words& words) {
  std::string out;
  for (const boost::json::value& element : list_of(bundle, "says")) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    const std::string student = text_of(*one, "student");
    out += (out.empty() ? "" : ", ") + kind_word(text_of(*one, "kind"), words) + (student.empty() ? "" : " " + student);
  }
  return out;
}

}  // namespace

Rendered render_revoke(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = w(Phrase::revoked, {text_of(answer, "name"), std::to_string(count_of(answer, "number"))}) + "\n";
  Table table({{w(Phrase::head_life)}, {w(Phrase::head_lane)}, {w(Phrase::head_held)}, {w(Phrase::head_trusted)}});
  for (const boost::json::value& element : list_of(answer, "positions")) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    table.row({text_of(*one, "life"), text_of(*one, "lane"), std::to_string(count_of(*one, "held")),
               std::to_string(count_of(*one, "last_trusted"))});
  }
  out.data += table.text(view.data);
  if (const std::uint64_t aside = count_of(answer, "set_aside"); aside > 0) {
    out.data += view.data.warn(w(Phrase::revoked_aside, {std::to_string(aside)})) + "\n";
  }
  out.talk = next_step(w(Phrase::revoke_next));
  return out;
}

Rendered render_quarantine(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const boost::json::array& bundles = list_of(answer, "bundles");
  if (bundles.empty()) return {w(Phrase::quarantine_empty) + "\n", {}};
  Table table({{w(Phrase::head_id)},
               {w(Phrase::head_site)},
               {w(Phrase::head_lane)},
               {w(Phrase::head_number)},
               {w(Phrase::head_cause)},
               {w(Phrase::head_says)}});
  for (const boost::json::value& element : bundles) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    const boost::json::object* error = object_of(*one, "error");
    table.row({text_of(*one, "id"), text_of(*one, "name"), text_of(*one, "lane"), std::to_string(count_of(*one, "seq")),
               error != nullptr ? sentence_of(*error, w) : std::string(), said(*one, w)});
  }
  return {table.text(view.data), next_step(w(Phrase::quarantine_next))};
}

Rendered render_release(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = view.data.good("✓") + " " + w(Phrase::released, {std::to_string(count_of(answer, "released"))}) + "\n";
  if (const std::uint64_t again = count_of(answer, "set_aside_again"); again > 0) {
    out.data += view.data.warn(w(Phrase::released_again, {std::to_string(again)})) + "\n";
  }
  return out;
}

}  // namespace satchel::cli
