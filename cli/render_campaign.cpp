#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"

// The campaign's profile.
namespace satchel::cli {
namespace {

Phrase step_phrase(const std::string& step) {
  if (step == "school_review") return Phrase::step_school_review;
  if (step == "recollect") return Phrase::step_recollect;
  if (step == "makeup") return Phrase::step_makeup;
  return Phrase::step_collect;
}

}  // namespace

std::string windows_table(const boost::json::array& windows, const View& view) {
  const Words& w = view.words;
  Table table({{w(Phrase::head_group)},
               {w(Phrase::head_step)},
               {w(Phrase::head_from)},
               {w(Phrase::head_until)},
               {w(Phrase::head_hours)},
               {w(Phrase::head_state)},
               {w(Phrase::head_payer)}});
  for (const boost::json::value& element : windows) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    const std::string group = text_of(*one, "group");
    table.row({group.empty() ? w(Phrase::all_sites) : group, w(step_phrase(text_of(*one, "step"))),
               local_time_text(text_of(*one, "from")), local_time_text(text_of(*one, "until")),
               text_of(*one, "daily_from") + "-" + text_of(*one, "daily_until"), w(window_phrase(text_of(*one, "state"))),
               text_of(*one, "payer")});
  }
  return table.text(view.data, 2);
}

namespace {

std::string rules_table(const boost::json::object& rules, const View& view) {
  const Words& w = view.words;
  const auto count = [&](const char* key) { return std::to_string(count_of(rules, key)); };
  const auto mark = [&](const char* key) { return w(flag_of(rules, key) ? Phrase::mark_yes : Phrase::mark_no); };
  Table table({{""}, {""}});
  table.row({w(Phrase::rule_attempts), count("attempts_max")});
  table.row({w(Phrase::rule_drafts), w(Phrase::rule_drafts_text, {count("draft_capacity"), count("draft_keep_h")})});
  if (count_of(rules, "cooldown_min") > 0) table.row({w(Phrase::rule_cooldown), w(Phrase::minutes, {count("cooldown_min")})});
  if (count_of(rules, "lock_after") > 0) {
    table.row({w(Phrase::rule_lock), w(Phrase::rule_lock_text, {count("lock_after"), count("lock_min")})});
  }
  if (count_of(rules, "day_lock_after") > 0) {
    table.row({w(Phrase::rule_day_lock), w(Phrase::rule_day_lock_text, {count("day_lock_after")})});
  }
  table.row({w(Phrase::rule_background), mark("replace_background")});
  if (const auto& avoid = list_of(rules, "avoid"); !avoid.empty()) {
    table.row({w(Phrase::rule_avoid), joined(avoid, w.pick("、", ", "))});
  }
  table.row(
      {w(Phrase::rule_export), text_of(rules, "export_name") + "  " + count("export_width") + "×" + count("export_height")});
  table.row({w(Phrase::rule_review), w(Phrase::working_days, {count("review_days_min") + "-" + count("review_days_max")})});
  const auto& off = list_of(rules, "days_off");
  const auto& work = list_of(rules, "workdays");
  if (!off.empty() || !work.empty()) {
    table.row(
        {w(Phrase::rule_calendar), w(Phrase::rule_calendar_text, {std::to_string(off.size()), std::to_string(work.size())})});
  }
  if (number_of(rules, "similarity_min") > 0) {
    table.row({w(Phrase::rule_similarity), w(Phrase::rule_similarity_text, {count("similarity_min")})});
  }
  if (number_of(rules, "fee_yuan") > 0) {
    const std::string refund = flag_of(rules, "refund_on_reject") ? w(Phrase::rule_refund) : std::string();
    table.row({w(Phrase::rule_fee), count("fee_yuan") + refund});
  }
  table.row({w(Phrase::rule_retention),
             w(Phrase::rule_retention_text, {count("originals_days"), count("pictures_days"), count("records_days")})});
  return table.text(view.data, 2);
}

}  // namespace

Rendered render_lint(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const std::string file = text_of(answer, "file");
  if (const boost::json::object* error = object_of(answer, "error")) return {{}, error_lines(*error, file, w, view.talk)};
  const boost::json::array& faults = list_of(answer, "faults");
  if (faults.empty()) {
    return {
        view.data.good(w(Phrase::lint_good, {file, text_of(answer, "name"), std::to_string(count_of(answer, "windows"))})) + "\n",
        {}};
  }
  Rendered out;
  out.data = view.data.bad(w(Phrase::lint_bad, {file, std::to_string(faults.size())})) + "\n";
  Table table({{w(Phrase::head_line), Table::Align::right}, {w(Phrase::head_fault)}, {""}});
  for (const boost::json::value& element : faults) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    const std::uint64_t line = count_of(*one, "line");
    table.row({line > 0 ? std::to_string(line) : "-", sentence_of(*one, w), text_of(*one, "code")});
  }
  out.data += table.text(view.data, 2);
  out.talk = next_step(w(Phrase::lint_next));
  return out;
}

Rendered render_campaign(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = w(Phrase::campaign_line, {text_of(answer, "name"), text_of(answer, "school"), text_of(answer, "school_code"),
                                       std::to_string(count_of(answer, "version")), text_of(answer, "digest")}) +
             "\n";
  if (const std::uint64_t newer = count_of(answer, "newer_unreadable"); newer > 0) {
    out.data += view.data.warn(w(Phrase::campaign_newer, {std::to_string(newer)})) + "\n";
  }
  const boost::json::array& windows = list_of(answer, "windows");
  out.data += windows.empty() ? w(Phrase::campaign_always_open) + "\n" : windows_table(windows, view);
  if (const boost::json::object* rules = object_of(answer, "rules")) out.data += rules_table(*rules, view);
  if (const std::string consent = text_of(answer, "consent"); !consent.empty()) {
    out.data += w(Phrase::campaign_consent) + "\n  " + plain(consent) + "\n";
  }
  return out;
}

Rendered render_signed(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const bool dry = flag_of(answer, "dry_run");
  Rendered out;
  out.data = w(dry ? Phrase::campaign_would_sign : Phrase::campaign_signed, {std::to_string(count_of(answer, "version"))}) + "\n";
  Table table({{w(Phrase::head_key)}, {w(Phrase::head_before)}, {w(Phrase::head_after)}});
  for (const boost::json::value& element : list_of(answer, "changes")) {
    if (const boost::json::object* one = element.if_object()) {
      table.row({text_of(*one, "key"), text_of(*one, "before"), text_of(*one, "after")});
    }
  }
  out.data += table.text(view.data, 2);
  if (!dry) out.talk = next_step(w(Phrase::campaign_sign_next));
  return out;
}

}  // namespace satchel::cli
