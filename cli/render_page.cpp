#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/text.h"

// The page for the hub's operator.
namespace satchel::cli {
namespace {

std::string count(const boost::json::object& in, const char* key) { return std::to_string(count_of(in, key)); }

std::string done_line(const boost::json::object& total, const Words& w) {
  const boost::json::object* stages = object_of(total, "stages");
  const auto stage = [&](const char* name) { return stages == nullptr ? std::string() : count(*stages, name); };
  return w(Phrase::page_done, {covered_text(total), count(total, "missing"), stage("submitted"), stage("rejected"),
                               stage("approved"), stage("exported"), stage("exempt")}) +
         "\n";
}

std::string attention_line(const boost::json::object& attention, const View& view) {
  const std::string line = view.words(
      Phrase::page_attention, {count(attention, "conflicts"), count(attention, "quarantined"), count(attention, "over_attempts"),
                               count(attention, "outside_window"), count(attention, "overridden"),
                               count(attention, "window_unclear"), count(attention, "outside_hours")});
  bool any = false;
  for (const auto& [key, value] : attention) any = any || count_of(attention, key) > 0;
  return (any ? view.data.warn(line) : line) + "\n";
}

/// Empty until the first picture is on its way after the hub.
std::string later_line(const boost::json::object& later, const View& view) {
  bool any = false;
  for (const auto& [key, value] : later) any = any || count_of(later, key) > 0;
  if (!any) return {};
  return view.words(Phrase::page_later,
                    {count(later, "passed"), count(later, "not_passed"), count(later, "cases_open"), count(later, "proofed"),
                     count(later, "errata_open"), count(later, "delivered"), count(later, "purged")}) +
         "\n";
}

}  // namespace

Rendered render_page(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  out.data = view.data.strong(w(Phrase::page_head, {text_of(answer, "name"), text_of(answer, "school"),
                                                    text_of(answer, "school_code"), local_time_text(text_of(answer, "at"))})) +
             "\n";
  const boost::json::array& sites = list_of(answer, "sites");
  if (const boost::json::object* total = object_of(answer, "total")) {
    out.data += w(Phrase::page_sizes, {std::to_string(sites.size()), count(answer, "classes"), count(*total, "students"),
                                       count(answer, "last_term")}) +
                "\n" + done_line(*total, w);
  }
  if (const boost::json::object* later = object_of(answer, "later")) out.data += later_line(*later, view);
  if (const boost::json::object* attention = object_of(answer, "attention")) out.data += attention_line(*attention, view);
  if (const auto& windows = list_of(answer, "windows"); !windows.empty()) {
    out.data += w(Phrase::page_windows) + "\n" + windows_table(windows, view);
  }
  out.data += w(Phrase::page_sites) + "\n" + coverage_of_sites(sites, view);
  if (const auto& missing = list_of(answer, "missing"); !missing.empty()) {
    out.data += w(Phrase::page_missing, {std::to_string(missing.size())}) + "\n" + missing_table(missing, view);
  }
  const auto& checks = list_of(answer, "checks");
  const auto& reviews = list_of(answer, "reviews");
  if (!checks.empty() || !reviews.empty()) {
    out.data += w(Phrase::page_reasons) + "\n";
    if (!checks.empty()) out.data += "  " + w(Phrase::reasons_checks) + "\n" + pareto_table(checks, view);
    if (!reviews.empty()) out.data += "  " + w(Phrase::reasons_reviews) + "\n" + pareto_table(reviews, view);
  }
  return out;
}

}  // namespace satchel::cli
