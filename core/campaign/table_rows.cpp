#include "core/campaign/table_rows.h"

#include <algorithm>
#include <array>

#include "core/campaign/csv_rows.h"
#include "core/campaign/xlsx_rows.h"

namespace satchel::core {

std::string_view table_form_name(TableForm form) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"CSV", "TSV", "XLSX"};
  return kNames[static_cast<std::size_t>(form)];
}

Result<Table> read_table(ByteView file, std::size_t rows_max) {
  if (file.empty()) return Code::kFileEmpty;
  Table out;
  if (is_zip(file)) {
    out.form = TableForm::xlsx;
    SATCHEL_TRY_ASSIGN(out.rows, read_xlsx(file, rows_max));
  } else {
    SATCHEL_TRY_ASSIGN(const DecodedText decoded, decode_text(file));
    const std::string_view first = std::string_view{decoded.text}.substr(0, decoded.text.find_first_of("\r\n"));
    const bool tabs = first.find('\t') != std::string_view::npos && first.find(',') == std::string_view::npos;
    out.form = tabs ? TableForm::tsv : TableForm::csv;
    out.encoding = decoded.encoding;
    SATCHEL_TRY_ASSIGN(out.rows, read_separated(decoded.text, tabs ? '\t' : ',', rows_max));
  }
  std::erase_if(out.rows, [](const TableRow& row) {
    return std::all_of(row.cells.begin(), row.cells.end(), [](const std::string& cell) { return cell.empty(); });
  });
  return out;
}

}  // namespace satchel::core
