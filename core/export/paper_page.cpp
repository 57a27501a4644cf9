#include "core/export/paper_page.h"

namespace satchel::core {
namespace {

constexpr double kPageHeight = 297;
constexpr double kFoot = 18;  ///< room for the page number
constexpr double kCellPad = 1.2;

}  // namespace

void PageWriter::new_page(bool goes_on) {
  paper_.pages.emplace_back();
  y_ = kMargin;
  text(kMargin, kWidth, 8, head_, TextAlign::centre);
  y_ += 8;
  text(kMargin, kWidth, 15, goes_on ? title_ + "（续）" : title_, TextAlign::centre, true);
  y_ += 8;
}

void PageWriter::begin(const std::string& title) {
  title_ = title;
  new_page(false);
}

void PageWriter::need(double mm) {
  if (y_ + mm > kPageHeight - kFoot) new_page(true);
}

void PageWriter::text(double x_mm, double width_mm, double size_pt, const std::string& words, TextAlign align, bool bold) {
  if (!words.empty()) page().texts.push_back({x_mm, y_, width_mm, size_pt, align, bold, words});
}

void PageWriter::line(double x1, double y1, double x2, double y2, double thick) {
  page().lines.push_back({x1, y1, x2, y2, thick});
}

void PageWriter::box(double x, double y, double width, double height, double thick) {
  line(x, y, x + width, y, thick);
  line(x + width, y, x + width, y + height, thick);
  line(x + width, y + height, x, y + height, thick);
  line(x, y + height, x, y, thick);
}

void PageWriter::picture(double x, double y, double width, double height, std::size_t image) {
  page().pictures.push_back({x, y, width, height, image});
}

void PageWriter::row(std::span<const PaperColumn> columns, const std::vector<std::string>& cells, double row_mm, bool bold) {
  double x = kMargin;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const double width = columns[i].width_mm;
    box(x, y_, width, row_mm);
    y_ += row_mm / 2;
    text(x + kCellPad, width - 2 * kCellPad, 9.5, cells[i], bold ? TextAlign::centre : columns[i].align, bold);
    y_ -= row_mm / 2;
    x += width;
  }
  y_ += row_mm;
}

void PageWriter::table(std::span<const PaperColumn> columns, std::span<const std::vector<std::string>> rows, double row_mm) {
  std::vector<std::string> heads;
  for (const PaperColumn& column : columns) heads.push_back(column.head);
  need(2 * row_mm);
  row(columns, heads, row_mm, true);
  for (const auto& cells : rows) {
    const std::size_t before = paper_.pages.size();
    need(row_mm);
    if (paper_.pages.size() != before) row(columns, heads, row_mm, true);
    row(columns, cells, row_mm, false);
  }
}

void PageWriter::number_pages() {
  const std::size_t all = paper_.pages.size() - numbered_;
  for (std::size_t i = 0; i < all; ++i) {
    const std::string words = "第 " + std::to_string(i + 1) + " 页，共 " + std::to_string(all) + " 页";
    paper_.pages[numbered_ + i].texts.push_back({kMargin, kPageHeight - 10, kWidth, 8, TextAlign::centre, false, words});
  }
  numbered_ = paper_.pages.size();
}

}  // namespace satchel::core
