#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/campaign/table_rows.h"

namespace satchel::core {

/// Splits a text with `separator` between its cells (RFC 4180, strict about quotation marks; any line ends are taken; blank lines
/// are passed over). `text` is UTF-8 without zero bytes (decode_text()). kRosterBad, with the line, for broken quoting, over
/// `rows_max` rows, or a row of over kTableCellsMax cells. Why strict: a stray quotation mark would else swallow the students up
/// to the next one.
Result<std::vector<TableRow>> read_separated(std::string_view text, char separator, std::size_t rows_max);

/// One row of a CSV file that a spreadsheet opens, with its line end (RFC 4180): cells quoted where they must be; one that a
/// spreadsheet would take for a formula (= + - @) gets an apostrophe before it.
std::string csv_line(std::span<const std::string> cells);
/// What such a file begins with, so that Excel reads it as UTF-8.
inline constexpr std::string_view kCsvMark = "\xEF\xBB\xBF";

}  // namespace satchel::core
