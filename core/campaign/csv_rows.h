#pragma once

#include <string_view>
#include <vector>

#include "core/campaign/table_rows.h"

namespace satchel::core {

/// Splits a text with `separator` between its cells (RFC 4180, strict about quotation marks; any line ends are taken; blank lines
/// are passed over). `text` is UTF-8 without zero bytes (decode_text()). kRosterBad, with the line, for broken quoting, over
/// `rows_max` rows, or a row of over kTableCellsMax cells. Why strict: a stray quotation mark would else swallow the students up
/// to the next one.
Result<std::vector<TableRow>> read_separated(std::string_view text, char separator, std::size_t rows_max);

}  // namespace satchel::core
