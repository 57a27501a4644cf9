#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/campaign/text_encoding.h"

namespace satchel::core {

inline constexpr std::size_t kTableCellsMax = 256;  ///< of a row; ours, a roster has eleven columns

/// A row of a table: where it begins in its file, and its cells without surrounding blanks, in UTF-8.
struct TableRow {
  std::uint32_t line = 0;  ///< from 1
  std::vector<std::string> cells;
};

enum class TableForm : std::uint8_t { csv = 0, tsv = 1, xlsx = 2 };
/// "CSV", "TSV", "XLSX".
std::string_view table_form_name(TableForm form) noexcept;

struct Table {
  TableForm form = TableForm::csv;
  TextEncoding encoding = TextEncoding::utf8;  ///< of a text file
  std::vector<TableRow> rows;
};

/// Reads a table as schools hand it in: CSV or TSV in any encoding that decode_text() takes (a first line with a tab and no comma
/// is TSV), or the first sheet of an XLSX workbook (ECMA-376). Empty rows are left out. kFileEmpty; kRosterBad, with the line,
/// for what cannot be read or is over `rows_max` rows or kTableCellsMax cells.
Result<Table> read_table(ByteView file, std::size_t rows_max);

}  // namespace satchel::core
