#include <array>

#include "core/campaign/people.h"

namespace satchel::core {
namespace {

constexpr std::array kMessages{
    // refusals
    RowMessage{"R-ROW-COLUMNS", "这一行的列数与表头不同。", "The row has another number of columns than the header.",
               "检查是否多了或少了逗号，含逗号的内容请加双引号。",
               "Look for a missing or extra comma; put a text with commas in quotation marks."},
    RowMessage{"R-ROW-NUMBER", "缺少学号，或学号太长或含有不允许的字符。",
               "学号 is missing, too long, or has characters that it must not have.",
               "补上学号；只能用字母、数字、短横线，末尾可加 *。",
               "Fill it in: letters, digits and dashes, with a * at the end for the last term."},
    RowMessage{"R-ROW-DUPLICATE", "学号与另一行相同，两行都没有导入。", "学号 is the same as in another row; neither was taken.",
               "核对两行，只保留正确的一行。", "Compare the two rows and keep the right one."},
    RowMessage{"R-ROW-NAME", "缺少姓名，或姓名太长或含有控制字符。", "姓名 is missing, too long, or has control characters.",
               "补上或改正姓名。", "Fill in or correct the name."},
    RowMessage{"R-ROW-ID", "身份证号校验不通过。", "身份证号 does not pass its check (GB 11643).",
               "对照证件核对 18 位号码；Excel 中请把该列设为文本。",
               "Compare its 18 characters with the card; in Excel set the column to text."},
    RowMessage{"R-ROW-DATE", "入学日期不是有效日期。", "入学日期 is no real date.", "按 YYYYMMDD 填写，例如 20210301。",
               "Write it as YYYYMMDD, for example 20210301."},
    RowMessage{"R-ROW-LEVEL", "缺少学历层次，或内容太长。", "学历层次 is missing or too long.", "填写专升本、高起本等学历层次。",
               "Fill in the level, such as 专升本 or 高起本."},
    RowMessage{"R-ROW-SITE", "没有叫这个名字的站点。", "There is no site with the name in 站点.",
               "改成已注册站点的名称，或先注册该站点。", "Write the name of an enrolled site, or enrol that site first."},
    RowMessage{"R-ROW-TEXT", "有一项内容太长或含有控制字符。", "A field is too long or has control characters.",
               "缩短该内容，去掉换行等控制字符。", "Shorten it, and take out line breaks and other control characters."},
    // remarks on rows that were taken
    RowMessage{"R-ROW-TERM-MARKED", "学号带 *，但按入学日期推算不是最后一学期；按 * 处理。",
               "学号 has a *, but by 入学日期 this is not the last term; the * was followed.", "请核对入学日期和学历层次。",
               "Check 入学日期 and 学历层次."},
    RowMessage{"R-ROW-TERM-DERIVED", "学号没有 *，但按入学日期推算是最后一学期；按最后一学期处理。",
               "学号 has no *, but by 入学日期 this is the last term; taken as the last term.",
               "请核对入学日期，或在学号后加 *。", "Check 入学日期, or put a * behind 学号."},
    RowMessage{"R-ROW-VALIDITY-OVER", "按入学日期推算，学籍有效期已过。", "By 入学日期 the study validity is over.",
               "请核对入学日期和学历层次；确已过期的请与学籍部门联系。",
               "Check 入学日期 and 学历层次; if it is over, ask the registry."},
    RowMessage{"R-ROW-DATE-READ", "入学日期不是 YYYYMMDD 格式，已换算。",
               "入学日期 is not written as YYYYMMDD; it was converted.", "请核对换算结果，下次请写 YYYYMMDD。",
               "Check it, and write YYYYMMDD next time."},
    RowMessage{"R-ROW-BOTH-MARKS", "同时标了免拍和重拍；按重拍处理。",
               "Marked both exempt and to be taken again; the latter was followed.", "请只保留一个标记。",
               "Keep one of the two marks."},
    RowMessage{"R-ROW-UNREACHABLE", "手机和邮箱被遮盖或没有填写，无法直接通知该学生。",
               "Phone and mail are masked or missing: the student cannot be told directly.", "需要通知时请站点转告。",
               "Let the site pass messages on."},
    RowMessage{"R-ROW-SAME-ID", "身份证号与另一行相同（可能是同一人的两个学籍）。",
               "身份证号 is the same as in another row (perhaps two study records of one person).",
               "如不是两个学籍，请更正；导出时两人的文件名会冲突。",
               "If these are not two study records, correct it; their exported files would have one name."},
};

}  // namespace

std::span<const RowMessage> all_row_messages() noexcept { return kMessages; }

const RowMessage* row_message(std::string_view code) noexcept {
  for (const RowMessage& message : kMessages) {
    if (message.code == code) return &message;
  }
  return nullptr;
}

}  // namespace satchel::core
