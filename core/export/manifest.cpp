#include "core/export/manifest.h"

#include <algorithm>
#include <array>

#include "core/campaign/natural_order.h"
#include "core/export/excel_csv.h"

namespace satchel::core {
namespace {

constexpr std::array<std::string_view, 19> kColumns{
    "学号",         "姓名",           "身份证号",     "学校名称",      "学校代码",     "学校类型",   "学历层次",
    "入学日期",     "站点",           "班级",         "专业",          "照片文件",     "照片字节数", "照片哈希",
    "标准照片文件", "标准照片字节数", "标准照片哈希", "拍摄时间(UTC)", "审核时间(UTC)"};

/// The columns that another office's list has: all but sizes, hashes and times.
constexpr std::size_t kListColumns = 12;

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
  std::vector<std::vector<std::string>> cells;
  for (const ManifestRow& row : rows) cells.push_back(manifest_cells(row));
  return excel_csv(kColumns, cells);
}

Sheet handover_list(std::span<const ManifestRow> rows) {
  Sheet out;
  out.name = "名单";
  constexpr std::array<double, kListColumns> kWidths{18, 12, 22, 24, 10, 16, 12, 12, 20, 16, 20, 30};
  for (std::size_t i = 0; i < kListColumns; ++i) out.columns.push_back({std::string(kColumns[i]), kWidths[i], false});
  for (const ManifestRow& row : rows) {
    std::vector<std::string> cells = manifest_cells(row);
    cells.resize(kListColumns);
    out.rows.push_back(std::move(cells));
  }
  return out;
}

}  // namespace satchel::core
