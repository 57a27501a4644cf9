#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/export/paper.h"

namespace satchel::core {

/// A column of a table on paper.
struct PaperColumn {
  std::string head;
  double width_mm = 0;
  TextAlign align = TextAlign::left;
};

/// Fills A4 pages from above: begins a new one where the room ends, and repeats the title and a table's heads there.
class PageWriter {
 public:
  /// `paper` is borrowed; pages are added to it. `head` stands small above everything, on every page.
  PageWriter(Paper& paper, std::string head) : paper_(paper), head_(std::move(head)) {}

  static constexpr double kMargin = 15;
  static constexpr double kWidth = 180;  ///< between the margins

  /// Begins a page with a title; a page that this one grows into says so.
  void begin(const std::string& title);
  double y() const { return y_; }
  void skip(double mm) { y_ += mm; }
  /// A new page under the same title, when less than `mm` is left.
  void need(double mm);
  void text(double x_mm, double width_mm, double size_pt, const std::string& words, TextAlign align = TextAlign::left,
            bool bold = false);
  void line(double x1, double y1, double x2, double y2, double thick = 0.2);
  void box(double x, double y, double width, double height, double thick = 0.2);
  void picture(double x, double y, double width, double height, std::size_t image);
  /// `rows` have one cell for each column.
  void table(std::span<const PaperColumn> columns, std::span<const std::vector<std::string>> rows, double row_mm = 7);
  /// Page numbers at the foot of all pages since the last call.
  void number_pages();

 private:
  void new_page(bool goes_on);
  void row(std::span<const PaperColumn> columns, const std::vector<std::string>& cells, double row_mm, bool bold);
  PaperPage& page() { return paper_.pages.back(); }

  Paper& paper_;
  std::string head_;
  std::string title_;
  double y_ = 0;
  std::size_t numbered_ = 0;
};

}  // namespace satchel::core
