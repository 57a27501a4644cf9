#include "core/export/manifest.h"

#include <csv.h>

#include <algorithm>
#include <array>

#include "core/campaign/natural_order.h"

namespace satchel::core {
namespace {

constexpr std::array<std::string_view, 19> kColumns{
    "学号",         "姓名",           "身份证号",     "学校名称",      "学校代码",     "学校类型",   "学历层次",
    "入学日期",     "站点",           "班级",         "专业",          "照片文件",     "照片字节数", "照片哈希",
    "标准照片文件", "标准照片字节数", "标准照片哈希", "拍摄时间(UTC)", "审核时间(UTC)"};

bool digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// What Excel would change on opening: it keeps 15 digits of a number, drops leading zeros, reads 1E5 and 3-4 as number and date,
/// and takes = + - @ for the begin of a formula.
bool needs_text_form(std::string_view text) {
  if (text.empty()) return false;
  if (std::string_view{"=+-@\t\r"}.find(text.front()) != std::string_view::npos) return true;
  const bool digit_first = text.front() >= '0' && text.front() <= '9';
  const bool short_number = digits(text) && text.size() < 11 && (text.size() == 1 || text.front() != '0');
  return digit_first && !short_number && text.find_first_not_of("0123456789-/.eExX") == std::string_view::npos;
}

std::string text_form(std::string_view text) {
  std::string out = "=\"";
  for (const char c : text) out += c == '"' ? std::string{"\"\""} : std::string{c};
  return out + "\"";
}

void write_cell(std::string& out, std::string_view text) {
  std::string quoted(2 * text.size() + 2, '\0');
  const std::size_t size = csv_write(quoted.data(), quoted.size(), text.data(), text.size());
  out.append(quoted, 0, size);
}

template <class Texts>
void write_row(std::string& out, const Texts& texts) {
  bool first = true;
  for (const auto& text : texts) {
    if (!first) out += ',';
    first = false;
    write_cell(out, needs_text_form(text) ? text_form(text) : std::string(text));
  }
  out += "\r\n";
}

std::string time_text(WallMs at) { return at.value == 0 ? std::string{} : to_iso8601(at); }

}  // namespace

ManifestRow make_row(const RosterFact& fact, const Profile& profile) {
  ManifestRow row;
  row.student = fact.student;
  row.school = profile.school;
  row.school_code = profile.school_code;
  row.school_type = profile.school_type;
  row.student_number = fact.student_number;
  row.name = fact.name;
  row.id_number = fact.id_number;
  row.enrolled_on = fact.enrolled_on;
  row.level = fact.level;
  row.site_name = fact.site_name;
  row.class_name = fact.class_name;
  row.major = fact.major;
  return row;
}

void sort_rows(std::vector<ManifestRow>& rows) {
  std::sort(rows.begin(), rows.end(), [](const ManifestRow& a, const ManifestRow& b) {
    const int order = natural_compare(a.student_number, b.student_number);
    return order != 0 ? order < 0 : a.student < b.student;
  });
}

std::span<const std::string_view> manifest_columns() noexcept { return kColumns; }

std::vector<std::string> manifest_cells(const ManifestRow& row) {
  const bool standard = !row.standard_file.empty();
  return {row.student_number,
          row.name,
          row.id_number,
          row.school,
          row.school_code,
          row.school_type,
          row.level,
          row.enrolled_on,
          row.site_name,
          row.class_name,
          row.major,
          row.small_file,
          std::to_string(row.small_size),
          row.small_hash.hex(),
          row.standard_file,
          standard ? std::to_string(row.standard_size) : "",
          standard ? row.standard_hash.hex() : "",
          time_text(row.taken),
          time_text(row.approved)};
}

std::string manifest_csv(std::span<const ManifestRow> rows) {
  std::string out = "\xEF\xBB\xBF";
  write_row(out, kColumns);
  for (const ManifestRow& row : rows) write_row(out, manifest_cells(row));
  return out;
}

}  // namespace satchel::core
