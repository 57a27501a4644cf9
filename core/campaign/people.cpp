#include "core/campaign/people.h"

#include <algorithm>
#include <array>

#include "core/base/utf8.h"
#include "core/campaign/natural_order.h"
#include "core/campaign/roster_heads.h"

namespace satchel::core {
namespace {

using Column = RosterColumn;

constexpr std::size_t kNumberMax = 32;       // bytes; the notices' numbers have 12 characters
constexpr std::size_t kNameMax = 120;        // 40 characters of three bytes: the longest registered names have under 30
constexpr std::size_t kFieldMax = 200;       // site, class, major, phone, mail
constexpr std::size_t kRemarkMax = 600;      // a remark is a sentence
constexpr std::size_t kKeptColumnsMax = 32;  // as many as a record takes (protocol/body)

/// Where each column stands in the file.
struct Header {
  std::array<std::optional<std::size_t>, kRosterColumns> at;
  std::vector<std::pair<std::size_t, std::string>> kept;
  std::size_t width = 0;
};

std::string upper_ascii(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string shown_head(const std::string& head) {
  if (!is_plain_text(head) || head.size() > 60) return "(unreadable)";
  return head.empty() ? "(empty)" : head;
}

Result<Header> read_header(const TableRow& row, RosterReport& report) {
  Header header;
  header.width = row.cells.size();
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const auto column = roster_column(row.cells[i]);
    if (!column) {
      if (header.kept.size() >= kKeptColumnsMax) continue;
      header.kept.emplace_back(i, shown_head(row.cells[i]));
      report.kept_columns.push_back(header.kept.back().second);
      continue;
    }
    const std::string head(roster_head(*column));
    auto& place = header.at[static_cast<std::size_t>(*column)];
    if (place) return Error{Code::kRosterBad, "the column " + head + " is there twice"};
    place = i;
    if (upper_ascii(row.cells[i]) != head) report.renamed_columns.push_back(shown_head(row.cells[i]) + " = " + head);
  }
  const auto keeps = [&](std::string_view head) {
    return std::ranges::any_of(header.kept, [&](const auto& column) { return column.second == head; });
  };
  if (keeps("照片文件") && keeps("学校代码")) return Code::kRosterExported;  // core/export/manifest.cpp writes them
  std::string missing;
  for (std::size_t i = 0; i < kRosterRequired; ++i) {
    if (!header.at[i]) missing += (missing.empty() ? "" : ",") + std::string(roster_head(static_cast<Column>(i)));
  }
  if (!missing.empty()) return Error{Code::kRosterBad, "the header lacks " + missing};
  return header;
}

std::string cell(const Header& header, const TableRow& row, Column column) {
  const auto& at = header.at[static_cast<std::size_t>(column)];
  return at && *at < row.cells.size() ? row.cells[*at] : std::string{};
}

/// A mark is set by any of the words that people write for yes; nullopt when the file has no such column.
std::optional<bool> mark(const Header& header, const TableRow& row, Column column) {
  if (!header.at[static_cast<std::size_t>(column)]) return std::nullopt;
  const std::string text = upper_ascii(cell(header, row, column));
  constexpr std::array<std::string_view, 9> kYes{"是", "1", "Y", "YES", "TRUE", "√", "✓", "免拍", "重拍"};
  return std::find(kYes.begin(), kYes.end(), text) != kYes.end();
}

bool number_allowed(std::string_view number) {
  if (number.empty() || number.size() > kNumberMax) return false;
  return std::all_of(number.begin(), number.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  });
}

bool text_allowed(std::string_view text, std::size_t max) { return text.size() <= max && is_plain_text(text); }

/// A phone or mail address by which a message would arrive: present, and no part of it masked.
bool reachable(std::string_view contact) { return !contact.empty() && contact.find_first_of("*xX") == std::string_view::npos; }
bool reachable_mail(std::string_view mail) {
  return mail.find('@') != std::string_view::npos && mail.find('*') == std::string_view::npos;
}

RosterRow to_row(const Header& header, const TableRow& source) {
  RosterRow row;
  row.line = source.line;
  row.student_number = cell(header, source, Column::number);
  if (row.student_number.ends_with('*')) {
    row.student_number.pop_back();
    row.last_term = true;
  }
  row.name = cell(header, source, Column::name);
  row.id_number = upper_ascii(cell(header, source, Column::id_number));
  row.enrolled_on = cell(header, source, Column::enrolled_on);
  row.level = cell(header, source, Column::level);
  row.site_name = cell(header, source, Column::site);
  row.class_name = cell(header, source, Column::class_name);
  row.major = cell(header, source, Column::major);
  row.phone = cell(header, source, Column::phone);
  row.mail = cell(header, source, Column::mail);
  row.remark = cell(header, source, Column::remark);
  row.exempt = mark(header, source, Column::exempt);
  row.must_retake = mark(header, source, Column::must_retake);
  for (const auto& [place, name] : header.kept) {
    if (place < source.cells.size() && !source.cells[place].empty()) row.extra.push_back({name, source.cells[place]});
  }
  return row;
}

/// A date in another form is read, and said to be.
void settle_date(RosterRow& row, RosterReport& report) {
  if (valid_date(row.enrolled_on)) return;
  if (auto read = read_date(row.enrolled_on)) {
    row.enrolled_on = *std::move(read);
    report.notes.push_back({row.line, "R-ROW-DATE-READ", 0});
  }
}

/// Every rule that a row breaks by itself.
std::vector<std::string_view> faults(const RosterRow& row, const RosterContext& context) {
  std::vector<std::string_view> out;
  if (!number_allowed(row.student_number)) out.push_back("R-ROW-NUMBER");
  if (row.name.empty() || !text_allowed(row.name, kNameMax)) out.push_back("R-ROW-NAME");
  if (!valid_id_number(row.id_number)) out.push_back("R-ROW-ID");
  if (!valid_date(row.enrolled_on)) out.push_back("R-ROW-DATE");
  if (row.level.empty() || !text_allowed(row.level, kFieldMax)) out.push_back("R-ROW-LEVEL");
  if (!context.sites.contains(row.site_name)) out.push_back("R-ROW-SITE");
  const bool texts =
      text_allowed(row.class_name, kFieldMax) && text_allowed(row.major, kFieldMax) && text_allowed(row.phone, kFieldMax) &&
      text_allowed(row.mail, kFieldMax) && text_allowed(row.remark, kRemarkMax) &&
      std::all_of(row.extra.begin(), row.extra.end(), [](const ExtraField& one) { return text_allowed(one.value, kFieldMax); });
  if (!texts) out.push_back("R-ROW-TEXT");
  return out;
}

/// Settles the last term and remarks where file and rule disagree. The `*` of the file is the school's word and is followed; so
/// is the rule where the file is silent, because a student who is wrongly first in the queue loses nothing.
void settle_last_term(RosterRow& row, const RosterContext& context, RosterReport& report) {
  if (validity_over(row.level, row.enrolled_on, context.reference_date, context.study).value_or(false)) {
    report.notes.push_back({row.line, "R-ROW-VALIDITY-OVER", 0});
    return;
  }
  const auto derived = derive_last_term(row.level, row.enrolled_on, context.reference_date, context.study);
  if (!derived || *derived == row.last_term) return;
  report.notes.push_back({row.line, row.last_term ? "R-ROW-TERM-MARKED" : "R-ROW-TERM-DERIVED", 0});
  row.last_term = true;
}

void refuse(RosterReport& report, const RosterRow& row, std::string_view code, std::uint32_t other_line = 0) {
  report.refused.push_back({row.line, code, other_line});
  if (number_allowed(row.student_number)) {
    report.refused_numbers.insert(row.student_number);
  } else {
    report.refused_without_number = true;
  }
}

/// Takes out all rows that share a number: which of them is right only a person can say. `taken` is in file order.
std::vector<RosterRow> without_duplicates(std::vector<RosterRow> taken,
                                          const std::map<std::string, std::vector<std::uint32_t>>& lines, RosterReport& report) {
  std::vector<RosterRow> out;
  for (RosterRow& row : taken) {
    const auto& same = lines.at(row.student_number);
    if (same.size() == 1) {
      out.push_back(std::move(row));
    } else {
      refuse(report, row, "R-ROW-DUPLICATE", same.front() == row.line ? same[1] : same.front());
    }
  }
  return out;
}

void remark(std::vector<RosterRow>& rows, const RosterContext& context, RosterReport& report) {
  std::map<std::string_view, std::uint32_t> first_with_id;
  for (RosterRow& row : rows) {
    settle_last_term(row, context, report);
    if (!reachable(row.phone) && !reachable_mail(row.mail)) {
      report.notes.push_back({row.line, "R-ROW-UNREACHABLE", 0});
      ++report.unreachable;
    }
    if (row.exempt.value_or(false) && row.must_retake.value_or(false)) report.notes.push_back({row.line, "R-ROW-BOTH-MARKS", 0});
    const auto [place, fresh] = first_with_id.try_emplace(row.id_number, row.line);
    if (!fresh) report.notes.push_back({row.line, "R-ROW-SAME-ID", place->second});
  }
}

}  // namespace

Result<RosterReport> read_roster(ByteView file, const RosterContext& context) {
  SATCHEL_TRY_ASSIGN(const Table table, read_table(file, kRosterRowsMax + 1));
  const std::vector<TableRow>& rows = table.rows;
  if (rows.empty()) return Error{Code::kRosterBad, "there is no header"};
  RosterReport report;
  report.form = table.form;
  report.encoding = table.encoding;
  SATCHEL_TRY_ASSIGN(const Header header, read_header(rows.front(), report));
  std::vector<RosterRow> taken;
  std::map<std::string, std::vector<std::uint32_t>> lines;  // of every readable number, also of rows refused for something else
  for (std::size_t i = 1; i < rows.size(); ++i) {
    RosterRow row = to_row(header, rows[i]);
    if (rows[i].cells.size() != header.width) {
      // A row that slipped sideways has its number anywhere, or nowhere.
      report.refused.push_back({row.line, "R-ROW-COLUMNS", 0});
      report.refused_without_number = true;
      continue;
    }
    if (number_allowed(row.student_number)) lines[row.student_number].push_back(row.line);
    settle_date(row, report);
    const std::vector<std::string_view> wrong = faults(row, context);
    for (const std::string_view code : wrong) refuse(report, row, code);
    if (!wrong.empty()) continue;
    row.site = context.sites.find(row.site_name)->second;
    taken.push_back(std::move(row));
  }
  if (taken.empty() && report.refused.empty()) return Error{Code::kRosterBad, "there is a header, and no row below it"};
  report.rows = without_duplicates(std::move(taken), lines, report);
  remark(report.rows, context, report);

  const auto by_line = [](const RowNote& a, const RowNote& b) { return a.line < b.line; };
  std::stable_sort(report.refused.begin(), report.refused.end(), by_line);
  std::stable_sort(report.notes.begin(), report.notes.end(), by_line);
  std::sort(report.rows.begin(), report.rows.end(),
            [](const RosterRow& a, const RosterRow& b) { return natural_compare(a.student_number, b.student_number) < 0; });
  return report;
}

RosterFact to_fact(const RosterRow& row, StudentRef student, std::uint64_t version, const HubMarks& marks) {
  RosterFact fact;
  fact.student = student;
  fact.version = version;
  fact.must_retake = row.must_retake.value_or(marks.must_retake);
  // Who must be taken again is not spared, whatever was said before.
  fact.exempt = row.exempt.value_or(marks.exempt) && !fact.must_retake;
  fact.last_term = row.last_term;
  fact.site = row.site;
  fact.student_number = row.student_number;
  fact.name = row.name;
  fact.id_number = row.id_number;
  fact.enrolled_on = row.enrolled_on;
  fact.level = row.level;
  fact.site_name = row.site_name;
  fact.class_name = row.class_name;
  fact.major = row.major;
  fact.phone = row.phone;
  fact.mail = row.mail;
  fact.remark = row.remark;
  fact.extra = row.extra;
  return fact;
}

std::vector<std::string> changed_columns(const RosterFact& before, const RosterFact& after) {
  std::vector<std::string> out;
  const auto compare = [&](bool same, Column column) {
    if (!same) out.emplace_back(roster_head(column));
  };
  compare(before.student_number == after.student_number && before.last_term == after.last_term, Column::number);
  compare(before.name == after.name, Column::name);
  compare(before.id_number == after.id_number, Column::id_number);
  compare(before.enrolled_on == after.enrolled_on, Column::enrolled_on);
  compare(before.level == after.level, Column::level);
  compare(before.site == after.site && before.site_name == after.site_name, Column::site);
  compare(before.class_name == after.class_name, Column::class_name);
  compare(before.major == after.major, Column::major);
  compare(before.phone == after.phone, Column::phone);
  compare(before.mail == after.mail, Column::mail);
  compare(before.remark == after.remark, Column::remark);
  compare(before.exempt == after.exempt, Column::exempt);
  compare(before.must_retake == after.must_retake, Column::must_retake);
  if (before.extra != after.extra) out.emplace_back("…");
  if (before.delisted != after.delisted) out.emplace_back("名册");
  return out;
}

RosterChanges reconcile(const RosterReport& report, std::span<const RosterFact> previous) {
  std::map<std::string_view, std::size_t> there;
  for (std::size_t i = 0; i < previous.size(); ++i) there.emplace(previous[i].student_number, i);

  RosterChanges changes;
  for (std::size_t i = 0; i < report.rows.size(); ++i) {
    const auto found = there.find(report.rows[i].student_number);
    if (found == there.end()) {
      changes.added.push_back(i);
      continue;
    }
    const RosterFact& old = previous[found->second];
    const bool same = to_fact(report.rows[i], old.student, old.version, marks_of(old)) == old;
    (same ? changes.unchanged : changes.changed).push_back(i);
    there.erase(found);
  }
  changes.gone_withheld = report.refused_without_number;
  if (changes.gone_withheld) return changes;
  for (std::size_t i = 0; i < previous.size(); ++i) {
    const bool absent =
        there.contains(previous[i].student_number) && !report.refused_numbers.contains(previous[i].student_number);
    if (absent && !previous[i].delisted) changes.gone.push_back(i);
  }
  return changes;
}

}  // namespace satchel::core
