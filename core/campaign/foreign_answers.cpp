#include "core/campaign/foreign_answers.h"

#include <algorithm>
#include <array>

#include "core/base/utf8.h"
#include "core/campaign/roster_heads.h"
#include "core/campaign/table_rows.h"

namespace satchel::core {
namespace {

bool heads_a_code(std::string_view head) {
  constexpr std::array<std::string_view, 9> kHeads{"码", "采集码", "外来码", "内容", "摘要", "code", "text", "digest", "CODE"};
  return std::find(kHeads.begin(), kHeads.end(), head) != kHeads.end();
}

std::string without_star(std::string number) {
  if (number.ends_with('*')) number.pop_back();
  return number;
}

}  // namespace

Result<std::vector<MappingRow>> read_mapping(ByteView file) {
  auto table = read_table(file, kMappingRowsMax);
  if (!table) {
    if (table.error().code != Code::kRosterBad) return table.error();
    return Error{Code::kMappingBad, table.error().detail};
  }
  if (table->rows.empty()) return Error{Code::kMappingBad, "there is no row"};
  std::size_t code_at = 0;
  std::size_t number_at = 1;
  bool code_head = false;
  bool number_head = false;
  const std::vector<std::string>& heads = table->rows.front().cells;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (!code_head && heads_a_code(heads[i])) {
      code_at = i;
      code_head = true;
    } else if (!number_head && roster_column(heads[i]) == RosterColumn::number) {
      number_at = i;
      number_head = true;
    }
  }
  if (code_head != number_head) return Error{Code::kMappingBad, "line 1: one of the two heads is missing"};
  std::vector<MappingRow> out;
  for (std::size_t i = code_head ? 1 : 0; i < table->rows.size(); ++i) {
    TableRow& row = table->rows[i];
    if (std::max(code_at, number_at) >= row.cells.size()) continue;
    MappingRow mapped{row.line, std::move(row.cells[code_at]), without_star(std::move(row.cells[number_at]))};
    if (!mapped.code.empty() && !mapped.student_number.empty()) out.push_back(std::move(mapped));
  }
  if (out.empty()) return Error{Code::kMappingBad, "no row has both columns"};
  return out;
}

Result<std::optional<std::string>> read_decoder_answer(ByteView out) {
  if (out.size() > kDecoderAnswerMax) return Error{Code::kDecoderFailed, "its answer is too long"};
  std::string line(as_text(out));
  if (line.ends_with('\n')) line.pop_back();
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return std::optional<std::string>{};
  if (!is_plain_text(line)) return Error{Code::kDecoderFailed, "its answer is no line of UTF-8"};
  return std::optional<std::string>{without_star(std::move(line))};
}

}  // namespace satchel::core
