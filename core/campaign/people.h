#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/campaign/profile.h"
#include "core/campaign/table_rows.h"
#include "core/record/facts.h"

namespace satchel::core {

/// What the rows of a roster are judged against.
struct RosterContext {
  StudyRules study;  ///< of the profile
  /// The names that 站点 may have, and whose they are.
  std::map<std::string, NodeNumber, std::less<>> sites;
  /// YYYYMMDD: the day for which the last term of study is derived. Empty: nothing is derived, the `*` of the file counts alone.
  std::string reference_date;
};

/// One row that may come in. All texts are UTF-8, trimmed.
struct RosterRow {
  std::uint32_t line = 0;      ///< of the file, from 1: where the row begins
  std::string student_number;  ///< 学号 without the trailing `*`
  bool last_term = false;      ///< the `*`, or derived (see derive_last_term)
  std::string name;
  std::string id_number;    ///< GB 11643, checked, X upper case
  std::string enrolled_on;  ///< YYYYMMDD, a real day
  std::string level;
  std::string site_name;
  NodeNumber site;
  std::string class_name;
  std::string major;
  std::string phone;  ///< possibly masked ("173016XX583")
  std::string mail;
  std::string remark;
  std::vector<ExtraField> extra;    ///< columns that are not ours
  std::optional<bool> exempt;       ///< 免拍, where the file has the column
  std::optional<bool> must_retake;  ///< 重拍, where the file has the column
};

/// What is told about a row. `code` is stable ("R-ROW-DATE") and has words in row_message(). Holds nothing of a person.
struct RowNote {
  std::uint32_t line = 0;
  std::string_view code;
  std::uint32_t other_line = 0;  ///< of the row that it collides with; 0 when none
  bool operator==(const RowNote&) const = default;
};

struct RowMessage {
  std::string_view code;
  std::string_view zh;
  std::string_view en;
  std::string_view cure_zh;
  std::string_view cure_en;
};
/// All codes of rows, refusals first, then remarks.
std::span<const RowMessage> all_row_messages() noexcept;
/// nullptr when there is no such code.
const RowMessage* row_message(std::string_view code) noexcept;

/// What a roster file holds, row by row: a bad row never keeps the others out.
struct RosterReport {
  std::vector<RosterRow> rows;   ///< accepted, in natural order of 学号
  std::vector<RowNote> refused;  ///< by line; one row may have several
  std::vector<RowNote> notes;    ///< remarks on accepted rows, by line
  TableForm form = TableForm::csv;
  TextEncoding encoding = TextEncoding::utf8;
  std::vector<std::string> kept_columns;     ///< header cells that are not ours, as written: kept with each row, at most 32
  std::vector<std::string> renamed_columns;  ///< header cells that were taken for one of ours: "身份证号码 = 身份证号"
  std::size_t unreachable = 0;               ///< accepted rows without a phone or mail that could be reached
  std::set<std::string> refused_numbers;     ///< 学号 of refused rows: present in the file, so not gone
  bool refused_without_number = false;       ///< a refused row could not be told whose it is
};

/// Reads a roster: a table (table_rows.h: CSV, TSV, XLSX) whose first row names the columns
/// 学号,姓名,身份证号,入学日期,学历层次,站点,班级,专业,手机,EMAIL,备注,免拍,重拍 in any order, or by one of their other names
/// (roster_heads.h). 学号, 姓名, 身份证号, 入学日期, 学历层次 and 站点 must be there. Other columns are kept as they are. Both of
/// two rows with one 学号 are refused. At most kRosterRowsMax rows. kFileEmpty; kRosterBad for what is no table, missing or
/// doubled columns, no row at all.
Result<RosterReport> read_roster(ByteView file, const RosterContext& context);
inline constexpr std::size_t kRosterRowsMax = 1'000'000;

/// How a roster differs from what is there. Indexes point into the report's rows and into `previous`.
struct RosterChanges {
  std::vector<std::size_t> added;
  std::vector<std::size_t> changed;  ///< also a delisted student who is back
  std::vector<std::size_t> unchanged;
  std::vector<std::size_t> gone;  ///< into `previous`: no longer in the file, not delisted yet
  /// True when a refused row could be anybody's: then `gone` is empty, because one of them might be in that row.
  bool gone_withheld = false;
};
/// `previous` holds the newest fact of each student. Matches by 学号.
RosterChanges reconcile(const RosterReport& report, std::span<const RosterFact> previous);

/// What the hub itself knows of a student and a file need not say.
struct HubMarks {
  bool exempt = false;
  bool must_retake = false;
};
/// The fact that states `row`; where the file has a column for a mark, the file counts.
RosterFact to_fact(const RosterRow& row, StudentRef student, std::uint64_t version, const HubMarks& marks);
inline HubMarks marks_of(const RosterFact& fact) { return {fact.exempt, fact.must_retake}; }
/// The names of the columns in which two rows differ ("姓名", "站点"): for people, without what stands in them.
std::vector<std::string> changed_columns(const RosterFact& before, const RosterFact& after);

// --- the rules of single fields

/// GB 11643: 17 digits and the check character (ISO 7064 MOD 11-2), with a real birthday inside. Lower-case x is taken.
bool valid_id_number(std::string_view id_number) noexcept;
/// The check character for the first 17 digits; '\0' unless there are 17.
char id_check_character(std::string_view first17) noexcept;
/// YYYYMMDD of a real day from 1900 on.
bool valid_date(std::string_view yyyymmdd) noexcept;

/// A date as schools write it (2021-3-1, 2021/03/01, 2021.3.1, 2021年3月1日, a spreadsheet's number of days since 1899-12-30) as
/// YYYYMMDD; nullopt for what is none.
std::optional<std::string> read_date(std::string_view text);

/// True when `on` lies in the last term of the study validity, counted from `enrolled_on` by the level: 专升本 5 years, 高起本 7.
/// nullopt for a level without a rule or an unreal date.
std::optional<bool> derive_last_term(std::string_view level, std::string_view enrolled_on, std::string_view on,
                                     const StudyRules& study = {});
/// True when the study validity has ended before `on`; nullopt as above.
std::optional<bool> validity_over(std::string_view level, std::string_view enrolled_on, std::string_view on,
                                  const StudyRules& study = {});

}  // namespace satchel::core
