// The papers that are pictures: contact sheet, prints with crop marks, and the errata form.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/campaign/after_approval.h"
#include "core/export/paper_page.h"
#include "core/export/papers.h"

namespace satchel::core {
namespace {

constexpr double kRatio = 0.75;      ///< width of a portrait by its height [notices: 480×640]
constexpr double kPrintMost = 40.6;  ///< mm: 480 pixels at 300 dpi
constexpr double kSheetEdge = 5;     ///< mm that a photo printer may not reach, and where the crop marks stand
constexpr double kGap = 3;           ///< mm between prints
constexpr double kMark = 2.4;        ///< mm, length of a crop mark
constexpr double kMarkOff = 0.4;     ///< mm between a mark and the print that it belongs to
constexpr double kCaption = 5;       ///< mm below the prints

std::string head_line(const PaperHead& head) {
  return head.school + "（" + head.school_code + "） · " + head.campaign + " · " + head.date;
}

/// Two short lines at each corner, outside the print.
void crop_marks(PaperPage& page, double x, double y, double width, double height) {
  constexpr double kThick = 0.1;
  for (const double edge : {x, x + width}) {
    page.lines.push_back({edge, y - kMarkOff - kMark, edge, y - kMarkOff, kThick});
    page.lines.push_back({edge, y + height + kMarkOff, edge, y + height + kMarkOff + kMark, kThick});
  }
  for (const double edge : {y, y + height}) {
    page.lines.push_back({x - kMarkOff - kMark, edge, x - kMarkOff, edge, kThick});
    page.lines.push_back({x + width + kMarkOff, edge, x + width + kMarkOff + kMark, edge, kThick});
  }
}

std::string known_value(const RosterFact& row, std::string_view field) {
  if (field == "name") return row.name;
  if (field == "student_number") return row.student_number;
  if (field == "id_number") return row.id_number;
  if (field == "enrolled_on") return row.enrolled_on;
  if (field == "level") return row.level;
  if (field == "major") return row.major;
  if (field == "class") return row.class_name;
  if (field == "site") return row.site_name;
  return {};
}

void errata_page(PageWriter& page, const PaperHead& head, const PaperStudent& one, std::optional<std::size_t> image) {
  constexpr double kX = PageWriter::kMargin;
  page.begin("毕业生电子注册图像及信息勘误表");
  const double top = page.y();
  page.box(kX + 150, top, 30, 40);
  if (image) page.picture(kX + 150, top, 30, 40, *image);
  for (const std::string& line :
       {"学校名称：" + head.school, "学校代码：" + head.school_code, "采集批次：" + head.campaign, "填表日期：" + head.date}) {
    page.skip(8);
    page.text(kX, 145, 11, line);
  }
  page.skip(top + 46 - page.y());
  const std::array columns{PaperColumn{"项目", 26, TextAlign::centre}, PaperColumn{"现登记内容", 64},
                           PaperColumn{"校对", 26, TextAlign::centre}, PaperColumn{"更正为", 64}};
  std::vector<std::vector<std::string>> rows;
  for (const ProofField& field : proof_fields()) {
    const bool wrong = std::find(one.wrong.begin(), one.wrong.end(), field.name) != one.wrong.end();
    const std::string shown = field.name == "picture" ? "见右上" : known_value(one.row, field.name);
    rows.push_back({std::string(field.zh), shown, wrong ? "√ 错误" : "正确", ""});
  }
  page.table(columns, rows, 11);
  page.skip(8);
  page.text(kX, PageWriter::kWidth, 10, "更正依据（附材料）：" + one.note);
  page.skip(6);
  page.line(kX, page.y(), kX + PageWriter::kWidth, page.y());
  page.skip(9);
  page.line(kX, page.y(), kX + PageWriter::kWidth, page.y());
  page.skip(12);
  page.text(kX, PageWriter::kWidth, 10, "本人确认以上更正内容属实。    学生签名：________________    日期：________________");
  page.skip(12);
  page.text(kX, PageWriter::kWidth, 10,
            "站点经办人：________________    学校审核人（盖章）：________________    日期：________________");
  page.number_pages();
}

}  // namespace

Paper contact_sheet(const PaperHead& head, std::span<const PaperStudent> students) {
  constexpr int kColumns = 6;
  constexpr double kCellWidth = PageWriter::kWidth / kColumns;
  constexpr double kCellHeight = 41;
  constexpr double kWidth = 22.5;
  Paper out;
  out.title = "毕业生图像照片一览";
  PageWriter page(out, head_line(head));
  for (const auto members : by_class(students)) {
    const std::string& name = members.front().row.class_name;
    page.begin("照片一览 · " + (name.empty() ? std::string("未分班") : name) + "（" + std::to_string(members.size()) + " 人）");
    for (std::size_t i = 0; i < members.size(); ++i) {
      const PaperStudent& one = members[i];
      const std::size_t column = i % kColumns;
      if (column == 0) page.need(kCellHeight);
      const double x = PageWriter::kMargin + kCellWidth * static_cast<double>(column);
      const double y = page.y();
      const double left = x + (kCellWidth - kWidth) / 2;
      if (one.image) {
        page.picture(left, y, kWidth, kWidth / kRatio, out.images.size());
        out.images.push_back(*one.image);
      } else {
        page.box(left, y, kWidth, kWidth / kRatio);
      }
      page.skip(kWidth / kRatio + 2.5);
      page.text(x, kCellWidth, 7, one.row.student_number, TextAlign::centre);
      page.skip(3.5);
      page.text(x, kCellWidth, 8, one.row.name, TextAlign::centre);
      page.skip(y - page.y());
      if (column + 1 == kColumns || i + 1 == members.size()) page.skip(kCellHeight);
    }
    page.number_pages();
  }
  return out;
}

std::optional<PrintSheet> print_sheet(std::string_view layout) {
  if (layout == "6-inch") return PrintSheet{152, 102};
  return std::nullopt;
}

PrintGrid print_grid(const PrintSheet& sheet, int count) {
  PrintGrid best;
  for (int columns = 1; columns <= count; ++columns) {
    const int rows = (count + columns - 1) / columns;
    const double wide = (sheet.width_mm - 2 * kSheetEdge - (columns - 1) * kGap) / columns;
    const double high = (sheet.height_mm - 2 * kSheetEdge - kCaption - (rows - 1) * kGap) / rows;
    const double width = std::min({wide, high * kRatio, kPrintMost});
    if (width > best.width_mm) best = {columns, rows, width, width / kRatio};
  }
  return best;
}

Paper print_layout(const PaperHead& head, std::span<const PaperStudent> students, const PrintSheet& sheet, int count) {
  const PrintGrid grid = print_grid(sheet, count);
  const double used_width = grid.columns * grid.width_mm + (grid.columns - 1) * kGap;
  const double used_height = grid.rows * grid.height_mm + (grid.rows - 1) * kGap;
  const double left = (sheet.width_mm - used_width) / 2;
  const double top = std::max(kSheetEdge, (sheet.height_mm - kCaption - used_height) / 2);
  Paper out;
  out.title = "照片排版";
  for (const PaperStudent& one : students) {
    if (!one.image) continue;
    PaperPage page{sheet.width_mm, sheet.height_mm, {}, {}, {}};
    for (int i = 0; i < count; ++i) {
      const double x = left + (i % grid.columns) * (grid.width_mm + kGap);
      const double y = top + (i / grid.columns) * (grid.height_mm + kGap);
      page.pictures.push_back({x, y, grid.width_mm, grid.height_mm, out.images.size()});
      crop_marks(page, x, y, grid.width_mm, grid.height_mm);
    }
    page.texts.push_back({kSheetEdge, sheet.height_mm - kSheetEdge, sheet.width_mm - 2 * kSheetEdge, 8, TextAlign::centre, false,
                          head.school + "  " + one.row.class_name + "  " + one.row.student_number + "  " + one.row.name});
    out.images.push_back(*one.image);
    out.pages.push_back(std::move(page));
  }
  return out;
}

Paper errata_forms(const PaperHead& head, std::span<const PaperStudent> students) {
  Paper out;
  out.title = "勘误表";
  PageWriter page(out, head_line(head));
  for (const PaperStudent& one : students) {
    std::optional<std::size_t> image;
    if (one.image) {
      image = out.images.size();
      out.images.push_back(*one.image);
    }
    errata_page(page, head, one, image);
  }
  return out;
}

}  // namespace satchel::core
