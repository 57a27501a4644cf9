// What the papers share, the lists for a chat, and the papers that are tables: envelopes, fees, refunds.
#include "core/export/papers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <set>

#include "core/campaign/natural_order.h"
#include "core/export/paper_page.h"

namespace satchel::core {
namespace {

std::string head_line(const PaperHead& head) {
  return head.school + "（" + head.school_code + "） · " + head.campaign + " · " + head.date;
}

std::string class_title(const RosterFact& row) { return row.class_name.empty() ? "未分班" : row.class_name; }

std::string number(std::size_t value) { return std::to_string(value); }

/// Where a class comes from, when it is more than one site.
std::string sites_of(std::span<const PaperStudent> members) {
  std::set<std::string, NaturalLess> names;
  for (const PaperStudent& one : members) names.insert(one.row.site_name);
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : "、") + name;
  return out;
}

void label(PageWriter& page, const PaperHead& head, std::span<const PaperStudent> members, int prints) {
  constexpr double kHeight = 52;
  const double top = page.y();
  const double x = PageWriter::kMargin;
  page.box(x, top, PageWriter::kWidth, kHeight, 0.6);
  page.skip(8);
  page.text(x + 4, 172, 11, head.school + "（" + head.school_code + "）", TextAlign::centre);
  page.skip(12);
  page.text(x + 4, 172, 26, class_title(members.front().row), TextAlign::centre, true);
  page.skip(12);
  std::string counts = "共 " + number(members.size()) + " 人";
  if (prints > 0) {
    const std::size_t all = members.size() * static_cast<std::size_t>(prints);
    counts += " · 每人 " + std::to_string(prints) + " 张 · 合计 " + number(all) + " 张";
  }
  page.text(x + 4, 172, 12, counts, TextAlign::centre);
  page.skip(8);
  page.text(x + 4, 172, 10, "站点：" + sites_of(members), TextAlign::centre);
  page.skip(7);
  page.text(x + 4, 172, 9, "装袋人：____________    装袋日期：____________    签收人：____________    签收日期：____________",
            TextAlign::centre);
  page.skip(top + kHeight + 5 - page.y());
}

}  // namespace

void sort_for_papers(std::vector<PaperStudent>& students) {
  std::sort(students.begin(), students.end(), [](const PaperStudent& a, const PaperStudent& b) {
    const int by_name = natural_compare(a.row.class_name, b.row.class_name);
    if (by_name != 0) return by_name < 0;
    const int by_number = natural_compare(a.row.student_number, b.row.student_number);
    return by_number != 0 ? by_number < 0 : a.row.student < b.row.student;
  });
}

std::vector<std::span<const PaperStudent>> by_class(std::span<const PaperStudent> students) {
  std::vector<std::span<const PaperStudent>> out;
  for (std::size_t from = 0; from < students.size();) {
    std::size_t to = from + 1;
    while (to < students.size() && students[to].row.class_name == students[from].row.class_name) ++to;
    out.push_back(students.subspan(from, to - from));
    from = to;
  }
  return out;
}

std::string yuan_text(double yuan) {
  std::array<char, 32> out{};
  const bool whole = std::floor(yuan) == yuan;
  std::snprintf(out.data(), out.size(), whole ? "%.0f" : "%.2f", yuan);
  return out.data();
}

Paper envelopes(const PaperHead& head, std::span<const PaperStudent> students, int prints) {
  Paper out;
  out.title = "照片袋标签与清单";
  PageWriter page(out, head_line(head));
  const std::array columns{PaperColumn{"序号", 12, TextAlign::centre},
                           PaperColumn{"学号", 36},
                           PaperColumn{"姓名", 28},
                           PaperColumn{"身份证号", 40},
                           PaperColumn{"张数", 12, TextAlign::centre},
                           PaperColumn{"已装袋", 16, TextAlign::centre},
                           PaperColumn{"学生签收", 36}};
  for (const auto members : by_class(students)) {
    page.begin("毕业生图像采集照片袋");
    label(page, head, members, prints);
    std::vector<std::vector<std::string>> rows;
    for (const PaperStudent& one : members) {
      rows.push_back({number(rows.size() + 1), one.row.student_number, one.row.name, one.masked_id_number,
                      prints > 0 ? std::to_string(prints) : "", "□", ""});
    }
    page.table(columns, rows);
    page.number_pages();
  }
  return out;
}

Paper fee_sheets(const PaperHead& head, std::span<const PaperStudent> students, double yuan) {
  Paper out;
  out.title = "图像采集缴费名单";
  PageWriter page(out, head_line(head));
  const std::array columns{
      PaperColumn{"序号", 12, TextAlign::centre},      PaperColumn{"学号", 38}, PaperColumn{"姓名", 30}, PaperColumn{"站点", 40},
      PaperColumn{"金额（元）", 22, TextAlign::right}, PaperColumn{"签名", 38}};
  for (const auto members : by_class(students)) {
    page.begin("图像采集缴费名单 · " + class_title(members.front().row));
    std::vector<std::vector<std::string>> rows;
    for (const PaperStudent& one : members) {
      rows.push_back({number(rows.size() + 1), one.row.student_number, one.row.name, one.row.site_name, yuan_text(yuan), ""});
    }
    const double sum = yuan * static_cast<double>(members.size());
    rows.push_back({"", "合计", number(members.size()) + " 人", "", yuan_text(sum), ""});
    page.table(columns, rows);
    page.skip(8);
    page.need(10);
    page.text(PageWriter::kMargin, PageWriter::kWidth, 9,
              "本表只作登记，不经本系统收款。    经办人：____________    日期：____________");
    page.number_pages();
  }
  return out;
}

Paper refund_list(const PaperHead& head, std::span<const PaperStudent> students, double yuan) {
  Paper out;
  out.title = "图像采集退费名单";
  PageWriter page(out, head_line(head));
  page.begin(out.title);
  const std::array columns{PaperColumn{"序号", 12, TextAlign::centre},
                           PaperColumn{"学号", 34},
                           PaperColumn{"姓名", 24},
                           PaperColumn{"班级", 32},
                           PaperColumn{"退回原因", 34},
                           PaperColumn{"退费（元）", 20, TextAlign::right},
                           PaperColumn{"签名", 24}};
  std::vector<std::vector<std::string>> rows;
  for (const PaperStudent& one : students) {
    rows.push_back(
        {number(rows.size() + 1), one.row.student_number, one.row.name, one.row.class_name, one.note, yuan_text(yuan), ""});
  }
  const double sum = yuan * static_cast<double>(students.size());
  rows.push_back({"", "合计", number(students.size()) + " 人", "", "", yuan_text(sum), ""});
  page.table(columns, rows);
  page.number_pages();
  return out;
}

std::string chat_lists(std::span<const PaperStudent> students) {
  std::string out;
  for (const auto members : by_class(students)) {
    if (!out.empty()) out += "\n";
    out += "【" + class_title(members.front().row) + "】共 " + number(members.size()) + " 人\n";
    std::size_t place = 0;
    for (const PaperStudent& one : members) {
      out += number(++place) + ". " + one.masked_name + " " + one.masked_id_number + " " + one.note + "\n";
    }
  }
  return out;
}

}  // namespace satchel::core
