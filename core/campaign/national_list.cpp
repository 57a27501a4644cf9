#include "core/campaign/national_list.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/campaign/people.h"
#include "core/campaign/roster_heads.h"
#include "core/campaign/table_rows.h"

namespace satchel::core {
namespace {

constexpr std::array<std::string_view, 8> kResultHeads{"结果",     "校验结果", "比对结果", "核验结果",
                                                       "审核结果", "验证结果", "状态",     "result"};
constexpr std::array<std::string_view, 6> kReasonHeads{"原因", "失败原因", "不通过原因", "未通过原因", "说明", "reason"};
constexpr std::array kWords{
    std::pair<std::string_view, NationalResult>{"通过", NationalResult::passed},
    std::pair<std::string_view, NationalResult>{"合格", NationalResult::passed},
    std::pair<std::string_view, NationalResult>{"一致", NationalResult::passed},
    std::pair<std::string_view, NationalResult>{"成功", NationalResult::passed},
    std::pair<std::string_view, NationalResult>{"pass", NationalResult::passed},
    std::pair<std::string_view, NationalResult>{"passed", NationalResult::passed},
    std::pair<std::string_view, NationalResult>{"不通过", NationalResult::failed},
    std::pair<std::string_view, NationalResult>{"未通过", NationalResult::failed},
    std::pair<std::string_view, NationalResult>{"不合格", NationalResult::failed},
    std::pair<std::string_view, NationalResult>{"不一致", NationalResult::failed},
    std::pair<std::string_view, NationalResult>{"失败", NationalResult::failed},
    std::pair<std::string_view, NationalResult>{"fail", NationalResult::failed},
    std::pair<std::string_view, NationalResult>{"failed", NationalResult::failed},
    std::pair<std::string_view, NationalResult>{"无法判断", NationalResult::undetermined},
    std::pair<std::string_view, NationalResult>{"不确定", NationalResult::undetermined},
    std::pair<std::string_view, NationalResult>{"待定", NationalResult::undetermined},
    std::pair<std::string_view, NationalResult>{"未知", NationalResult::undetermined},
    std::pair<std::string_view, NationalResult>{"undetermined", NationalResult::undetermined},
};

template <class Heads>
std::optional<std::size_t> column_of(const TableRow& header, const Heads& heads) {
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    if (std::ranges::find(heads, header.cells[i]) != heads.end()) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> column_of(const TableRow& header, RosterColumn wanted) {
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    if (roster_column(header.cells[i]) == wanted) return i;
  }
  return std::nullopt;
}

std::string cell(const TableRow& row, const std::optional<std::size_t>& column) {
  return column && *column < row.cells.size() ? row.cells[*column] : std::string();
}

}  // namespace

Result<NationalList> read_national_list(ByteView file) {
  SATCHEL_TRY_ASSIGN(const Table table, read_table(file, kRosterRowsMax));
  if (table.rows.empty()) return Error{Code::kRosterBad, "there is no row"};
  const TableRow& header = table.rows.front();
  const auto number = column_of(header, RosterColumn::number);
  const auto id_number = column_of(header, RosterColumn::id_number);
  const auto result = column_of(header, kResultHeads);
  const auto reason = column_of(header, kReasonHeads);
  if (!number && !id_number) return Error{Code::kRosterBad, "line 1: 学号 or 身份证号 is missing"};
  if (!result) return Error{Code::kRosterBad, "line 1: 结果 is missing"};
  NationalList out;
  for (std::size_t i = 1; i < table.rows.size(); ++i) {
    const TableRow& row = table.rows[i];
    NationalRow read{row.line, cell(row, number), cell(row, id_number), NationalResult::undetermined, cell(row, reason)};
    if (read.student_number.ends_with('*')) read.student_number.pop_back();
    const std::string word = cell(row, result);
    const auto known = std::ranges::find_if(kWords, [&](const auto& one) { return one.first == word; });
    if (known == kWords.end() || (read.student_number.empty() && read.id_number.empty())) {
      out.refused.push_back(row.line);
      continue;
    }
    read.result = known->second;
    out.rows.push_back(std::move(read));
  }
  return out;
}

}  // namespace satchel::core
