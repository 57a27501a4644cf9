#include "cli/check_summary.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>
#include <cstdio>

#include "cli/document.h"
#include "core/campaign/csv_rows.h"

namespace satchel::cli {
namespace {

namespace portrait = core::portrait;

std::string number_text(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

}  // namespace

void CheckSummary::add(const CheckedPicture& picture) {
  Row row;
  row.file = picture.file;
  if (picture.unread) {
    row.grade = "unread";
    if (const boost::json::object* error = object_of(picture.document, "error")) row.error = text_of(*error, "code");
    rows_.push_back(std::move(row));
    return;
  }
  const portrait::Verdict& verdict = picture.verdict;
  row.grade = text_of(picture.document, "verdict");
  row.width = verdict.width;
  row.height = verdict.height;
  row.faces = verdict.faces;
  row.score = verdict.score;
  for (const auto* list : {&verdict.findings, &verdict.passed}) {
    for (const portrait::Finding& finding : *list) {
      const std::string measure(finding.measure), code(finding.code);
      columns_.emplace(measure, code);
      if (std::isfinite(finding.value)) row.numbers.emplace(measure, finding.value);
      const bool failed = finding.level == portrait::Level::fail;
      if (!failed && finding.level != portrait::Level::advice) continue;
      row.codes += (row.codes.empty() ? "" : " ") + code;
      Reason& reason = reasons_.try_emplace(code, Reason{code, std::string(finding.zh), std::string(finding.en)}).first->second;
      ++(failed ? reason.failed : reason.advised);
    }
  }
  rows_.push_back(std::move(row));
}

std::size_t CheckSummary::count(std::string_view grade) const {
  return static_cast<std::size_t>(std::count_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.grade == grade; }));
}

boost::json::object CheckSummary::document(std::size_t skipped) const {
  std::vector<Reason> ordered;
  std::size_t all_failures = 0;
  for (const auto& [code, reason] : reasons_) {
    ordered.push_back(reason);
    all_failures += reason.failed;
  }
  std::stable_sort(ordered.begin(), ordered.end(), [](const Reason& a, const Reason& b) {
    return a.failed != b.failed ? a.failed > b.failed : a.advised > b.advised;
  });
  boost::json::array reasons;
  std::size_t so_far = 0;
  for (const Reason& reason : ordered) {
    so_far += reason.failed;
    const double share = all_failures > 0 ? static_cast<double>(so_far) / static_cast<double>(all_failures) : 0;
    reasons.push_back(boost::json::object{{"code", reason.code},
                                          {"zh", reason.zh},
                                          {"en", reason.en},
                                          {"failed", reason.failed},
                                          {"advised", reason.advised},
                                          {"cumulative_share", std::round(share * 1000) / 1000}});
  }
  boost::json::array refused, unread;
  for (const Row& row : rows_) {
    if (row.grade == "fail") refused.push_back(boost::json::object{{"file", row.file}, {"codes", row.codes}});
    if (row.grade == "unread") unread.push_back(boost::json::object{{"file", row.file}, {"code", row.error}});
  }
  return {{"schema", "satchel.check-summary/1"},
          {"pictures", rows_.size()},
          {"pass", count("pass")},
          {"advice", count("advice")},
          {"fail", count("fail")},
          {"unread", count("unread")},
          {"skipped", skipped},
          {"reasons", std::move(reasons)},
          {"refused", std::move(refused)},
          {"unread_files", std::move(unread)}};
}

std::string CheckSummary::csv() const {
  std::vector<std::string> cells{"file", "verdict", "score", "codes", "error", "width", "height", "faces"};
  for (const auto& [measure, code] : columns_) cells.push_back(code + " " + measure);
  std::string out = std::string(core::kCsvMark) + core::csv_line(cells);
  for (const Row& row : rows_) {
    const bool read = row.error.empty();
    const auto whole = [&](int value) { return read ? std::to_string(value) : std::string(); };
    cells = {row.file,          row.grade,       read ? number_text(row.score) : "", row.codes, row.error, whole(row.width),
             whole(row.height), whole(row.faces)};
    for (const auto& [measure, code] : columns_) {
      const auto found = row.numbers.find(measure);
      cells.push_back(found == row.numbers.end() ? std::string() : number_text(found->second));
    }
    out += core::csv_line(cells);
  }
  return out;
}

}  // namespace satchel::cli
