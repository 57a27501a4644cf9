#include "core/campaign/roster_heads.h"

#include <string>
#include <utility>

namespace satchel::core {
namespace {

using Column = RosterColumn;

/// Own names first. The others are what rosters of schools call these columns.
constexpr std::array kHeads{
    std::pair<std::string_view, Column>{"学号", Column::number},
    std::pair<std::string_view, Column>{"姓名", Column::name},
    std::pair<std::string_view, Column>{"身份证号", Column::id_number},
    std::pair<std::string_view, Column>{"入学日期", Column::enrolled_on},
    std::pair<std::string_view, Column>{"学历层次", Column::level},
    std::pair<std::string_view, Column>{"站点", Column::site},
    std::pair<std::string_view, Column>{"班级", Column::class_name},
    std::pair<std::string_view, Column>{"专业", Column::major},
    std::pair<std::string_view, Column>{"手机", Column::phone},
    std::pair<std::string_view, Column>{"EMAIL", Column::mail},
    std::pair<std::string_view, Column>{"备注", Column::remark},
    std::pair<std::string_view, Column>{"免拍", Column::exempt},
    std::pair<std::string_view, Column>{"重拍", Column::must_retake},
    std::pair<std::string_view, Column>{"学生学号", Column::number},
    std::pair<std::string_view, Column>{"学籍号", Column::number},
    std::pair<std::string_view, Column>{"学生姓名", Column::name},
    std::pair<std::string_view, Column>{"身份证号码", Column::id_number},
    std::pair<std::string_view, Column>{"身份证", Column::id_number},
    std::pair<std::string_view, Column>{"证件号码", Column::id_number},
    std::pair<std::string_view, Column>{"证件号", Column::id_number},
    std::pair<std::string_view, Column>{"入学时间", Column::enrolled_on},
    std::pair<std::string_view, Column>{"入学年月日", Column::enrolled_on},
    std::pair<std::string_view, Column>{"层次", Column::level},
    std::pair<std::string_view, Column>{"培养层次", Column::level},
    std::pair<std::string_view, Column>{"站点名称", Column::site},
    std::pair<std::string_view, Column>{"教学点", Column::site},
    std::pair<std::string_view, Column>{"教学站点", Column::site},
    std::pair<std::string_view, Column>{"校外教学点", Column::site},
    std::pair<std::string_view, Column>{"函授站", Column::site},
    std::pair<std::string_view, Column>{"函授站点", Column::site},
    std::pair<std::string_view, Column>{"学习中心", Column::site},
    std::pair<std::string_view, Column>{"班级名称", Column::class_name},
    std::pair<std::string_view, Column>{"所在班级", Column::class_name},
    std::pair<std::string_view, Column>{"行政班", Column::class_name},
    std::pair<std::string_view, Column>{"专业名称", Column::major},
    std::pair<std::string_view, Column>{"手机号", Column::phone},
    std::pair<std::string_view, Column>{"手机号码", Column::phone},
    std::pair<std::string_view, Column>{"联系电话", Column::phone},
    std::pair<std::string_view, Column>{"电话", Column::phone},
    std::pair<std::string_view, Column>{"邮箱", Column::mail},
    std::pair<std::string_view, Column>{"电子邮箱", Column::mail},
    std::pair<std::string_view, Column>{"电子邮件", Column::mail},
    std::pair<std::string_view, Column>{"E-MAIL", Column::mail},
    std::pair<std::string_view, Column>{"说明", Column::remark},
    std::pair<std::string_view, Column>{"是否免拍", Column::exempt},
    std::pair<std::string_view, Column>{"已采集", Column::exempt},
    std::pair<std::string_view, Column>{"须重拍", Column::must_retake},
    std::pair<std::string_view, Column>{"是否重拍", Column::must_retake},
};

/// What names the column: without blanks (also the full-width one), brackets and what is in them, and a mark for "required".
std::string bare(std::string_view head) {
  std::string out;
  for (const std::string_view open : {"(", "（", "[", "【"}) head = head.substr(0, head.find(open));
  while (!head.empty()) {
    constexpr std::string_view kWideBlank = "\xE3\x80\x80";
    if (head.starts_with(kWideBlank)) {
      head.remove_prefix(kWideBlank.size());
      continue;
    }
    const char c = head.front();
    head.remove_prefix(1);
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '*') continue;
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

}  // namespace

std::string_view roster_head(RosterColumn column) noexcept { return kHeads[static_cast<std::size_t>(column)].first; }

std::optional<RosterColumn> roster_column(std::string_view head) {
  const std::string name = bare(head);
  for (const auto& [known, column] : kHeads) {
    if (known == name) return column;
  }
  return std::nullopt;
}

}  // namespace satchel::core
