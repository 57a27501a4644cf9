#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/table.h"
#include "cli/text.h"
#include "core/campaign/reasons.h"
#include "core/portrait/catalogue.h"

// What a campaign's office asks.
namespace satchel::cli {
namespace {

constexpr const char* kStages[] = {"eligible", "captured", "drafted",   "submitted", "rejected", "approved",
                                   "exported", "proofed",  "delivered", "purged",    "exempt"};

std::string age_text(const boost::json::object& line, const Words& w) {
  const auto* const value = line.if_contains("news_age_s");
  if (value == nullptr || value->is_null()) return w(Phrase::age_never);
  const std::uint64_t seconds = count_of(line, "news_age_s");
  if (seconds < 120) return w(Phrase::age_now);
  if (seconds < 2 * 3600) return w(Phrase::age_minutes, {std::to_string(seconds / 60)});
  if (seconds < 2 * 86'400) return w(Phrase::age_hours, {std::to_string(seconds / 3600)});
  return w(Phrase::age_days, {std::to_string(seconds / 86'400)});
}

std::string percent(const boost::json::object& line) {
  // Cut, not rounded: 100 % is said only when nobody is missing.
  return std::to_string(static_cast<int>(number_of(line, "covered") * 100)) + "%";
}

std::string days_left(const boost::json::object& line, const Words& w) {
  const auto* const value = line.if_contains("days_left");
  if (value == nullptr) return w(Phrase::no_deadline);
  return value->is_int64() && value->get_int64() < 0 ? w(Phrase::window_over) : std::to_string(count_of(line, "days_left"));
}

std::string coverage_table(const boost::json::array& lines, const char* key, Phrase head, bool news, const View& view) {
  const Words& w = view.words;
  std::vector<Table::Column> columns{{w(head)},
                                     {w(Phrase::head_students), Table::Align::right},
                                     {w(Phrase::head_covered), Table::Align::right},
                                     {w(Phrase::head_missing), Table::Align::right}};
  for (const char* stage : kStages) columns.push_back({w.stage(stage), Table::Align::right});
  if (news) columns.push_back({w(Phrase::head_news)});
  Table table(std::move(columns));
  for (const boost::json::value& element : lines) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    std::vector<std::string> cells{text_of(*one, key), std::to_string(count_of(*one, "students")), percent(*one),
                                   std::to_string(count_of(*one, "missing"))};
    const boost::json::object* stages = object_of(*one, "stages");
    for (const char* stage : kStages) cells.push_back(stages == nullptr ? "" : std::to_string(count_of(*stages, stage)));
    if (news) cells.push_back(age_text(*one, w));
    table.row(std::move(cells));
  }
  return table.text(view.data, 2);
}

/// What a code of a check or a review means; the code itself when nobody knows it.
std::string code_meaning(const std::string& code, const Words& w) {
  if (const core::RejectReason* reason = core::reject_reason(code)) return std::string(w.pick(reason->zh, reason->en));
  if (const core::portrait::Message* message = core::portrait::message(code))
    return std::string(w.pick(message->zh, message->en));
  return code;
}

}  // namespace

std::string missing_table(const boost::json::array& list, const View& view) {
  const Words& w = view.words;
  Table table({{w(Phrase::head_student)},
               {w(Phrase::head_name)},
               {w(Phrase::head_site)},
               {w(Phrase::head_class)},
               {w(Phrase::head_stage)},
               {w(Phrase::head_days_left), Table::Align::right},
               {w(Phrase::head_remarks)}});
  for (const boost::json::value& element : list) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    std::string remark = flag_of(*one, "must_retake") ? w(Phrase::queue_must_retake) : std::string();
    if (flag_of(*one, "last_term")) remark += (remark.empty() ? "" : w.pick("；", "; ").data()) + w(Phrase::queue_last_term);
    table.row({text_of(*one, "student"), text_of(*one, "name"), text_of(*one, "site"), text_of(*one, "class"),
               w.stage(text_of(*one, "stage")), days_left(*one, w), remark});
  }
  return table.text(view.data, 2);
}

std::string pareto_table(const boost::json::array& rows, const View& view) {
  const Words& w = view.words;
  Table table({{w(Phrase::head_code)},
               {w(Phrase::head_times), Table::Align::right},
               {w(Phrase::head_cumulative), Table::Align::right},
               {w(Phrase::head_reason)}});
  for (const boost::json::value& element : rows) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    const std::string code = text_of(*one, "code");
    const std::string meaning = code_meaning(code, w);
    table.row({code, std::to_string(count_of(*one, "count")),
               std::to_string(static_cast<int>(number_of(*one, "share") * 100 + 0.5)) + "%",
               meaning == code ? std::string() : meaning});
  }
  return table.text(view.data, 4);
}

std::string covered_text(const boost::json::object& counts) { return percent(counts); }

std::string coverage_of_sites(const boost::json::array& sites, const View& view) {
  return coverage_table(sites, "site", Phrase::head_site, true, view);
}

Rendered render_coverage(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  Rendered out;
  if (const boost::json::object* total = object_of(answer, "total")) {
    out.data = w(Phrase::coverage_total,
                 {std::to_string(count_of(*total, "students")), percent(*total), std::to_string(count_of(*total, "missing")),
                  std::to_string(count_of(*total, "last_term_missing"))}) +
               "\n";
  }
  out.data += coverage_table(list_of(answer, "sites"), "site", Phrase::head_site, true, view);
  out.data += coverage_table(list_of(answer, "classes"), "class", Phrase::head_class, false, view);
  return out;
}

Rendered render_missing(const boost::json::object& answer, const View& view) {
  const boost::json::array& list = list_of(answer, "missing");
  if (list.empty()) return {view.data.good(view.words(Phrase::missing_none)) + "\n", {}};
  return {view.words(Phrase::missing_count, {std::to_string(list.size())}) + "\n" + missing_table(list, view), {}};
}

Rendered render_risk(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const boost::json::array& sites = list_of(answer, "sites");
  if (sites.empty()) return {view.data.good(w(Phrase::missing_none)) + "\n", {}};
  Table table({{w(Phrase::head_site)},
               {w(Phrase::head_days_left), Table::Align::right},
               {w(Phrase::head_missing), Table::Align::right},
               {w(Phrase::queue_last_term), Table::Align::right},
               {w(Phrase::head_news)}});
  for (const boost::json::value& element : sites) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    table.row({text_of(*one, "site"), days_left(*one, w), std::to_string(count_of(*one, "missing")),
               std::to_string(count_of(*one, "last_term_missing")), age_text(*one, w)});
  }
  Rendered out{table.text(view.data), {}};
  if (const boost::json::array& students = list_of(answer, "students"); !students.empty()) {
    out.data +=
        view.data.warn(w(Phrase::risk_students, {std::to_string(students.size())})) + "\n" + missing_table(students, view);
  }
  return out;
}

Rendered render_reasons(const boost::json::object& answer, const View& view) {
  const Words& w = view.words;
  const boost::json::array& stations = list_of(answer, "stations");
  if (stations.empty()) return {w(Phrase::reasons_none) + "\n", {}};
  Rendered out;
  for (const boost::json::value& element : stations) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    out.data += view.data.strong(plain(text_of(*one, "station"))) + "\n";
    const auto part = [&](const char* key, Phrase head) {
      const boost::json::array& rows = list_of(*one, key);
      if (!rows.empty()) out.data += "  " + w(head) + "\n" + pareto_table(rows, view);
    };
    part("checks", Phrase::reasons_checks);
    part("reviews", Phrase::reasons_reviews);
  }
  return out;
}

}  // namespace satchel::cli
