#pragma once

#include <vector>

#include "core/campaign/table_rows.h"

namespace satchel::core {

/// True for a file that begins as a ZIP archive does (APPNOTE 6.3.10, 4.3.7): XLSX is one.
bool is_zip(ByteView file) noexcept;

/// The rows of the first sheet of an XLSX workbook (ECMA-376 part 1, SpreadsheetML), as their texts. A cell that holds a number
/// gives its digits ("202199000001", never "2.02E+11"); dates are numbers of days, as the file has them; formulas give the
/// value that was saved with them. Rows are as wide as the widest cell in them; the first one sets the least width.
///
/// Bounded, whatever the archive claims: at most kXlsxPartMax bytes are unpacked of any part. kRosterBad for what is no workbook,
/// over a bound, over `rows_max` rows or kTableCellsMax cells.
Result<std::vector<TableRow>> read_xlsx(ByteView file, std::size_t rows_max);

/// Unpacked bytes of one part: a sheet of 100,000 students with twelve columns has about 40 MB.
inline constexpr std::size_t kXlsxPartMax = 64UL * 1024 * 1024;

}  // namespace satchel::core
