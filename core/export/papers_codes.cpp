// Collection codes to hand out: sheets to be cut, a class after the other.
#include "core/export/paper_page.h"
#include "core/export/papers.h"

namespace satchel::core {

Paper code_sheets(const PaperHead& head, std::span<const PaperStudent> students) {
  constexpr int kColumns = 3;
  constexpr double kCellWidth = PageWriter::kWidth / kColumns;
  constexpr double kCellHeight = 60;
  constexpr double kCode = 44;  // mm with its quiet zone: a module of some 0.7 mm, twice what a desk scanner wants
  constexpr double kTop = 2;    // mm above the code
  Paper out;
  out.title = "采集码";
  PageWriter page(out, head.school + "（" + head.school_code + "） · " + head.campaign + " · " + head.date);
  for (const auto members : by_class(students)) {
    const std::string& name = members.front().row.class_name;
    const std::string shown = name.empty() ? "未分班" : name;
    page.begin("采集码 · " + shown + "（" + std::to_string(members.size()) + " 人）");
    page.text(PageWriter::kMargin, PageWriter::kWidth, 9, "请勿把采集码给别人。截图方式保存可能无法识别读取，请长按二维码保存。");
    page.skip(5);
    for (std::size_t i = 0; i < members.size(); ++i) {
      const PaperStudent& one = members[i];
      const std::size_t column = i % kColumns;
      if (column == 0) page.need(kCellHeight);
      const double x = PageWriter::kMargin + kCellWidth * static_cast<double>(column);
      const double y = page.y();
      page.box(x, y, kCellWidth, kCellHeight, 0.1);  // where to cut
      const double left = x + (kCellWidth - kCode) / 2;
      if (one.image) {
        page.picture(left, y + kTop, kCode, kCode, out.images.size());
        out.images.push_back(*one.image);
      } else {
        page.box(left, y + kTop, kCode, kCode);
      }
      page.skip(kTop + kCode + 4);
      page.text(x, kCellWidth, 11, one.masked_name + "  " + one.row.student_number, TextAlign::centre, true);
      page.skip(6);
      page.text(x, kCellWidth, 8, shown, TextAlign::centre);
      page.skip(y - page.y());
      if (column + 1 == kColumns || i + 1 == members.size()) page.skip(kCellHeight);
    }
    page.number_pages();
  }
  return out;
}

}  // namespace satchel::core
