#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace satchel::core {

/// A row of a CSV file: where it begins, and its cells without surrounding blanks.
struct CsvRow {
  std::uint32_t line = 0;  ///< from 1
  std::vector<std::string> cells;
};

/// Splits UTF-8 CSV (RFC 4180, strict about quotation marks; a byte-order mark and any line ends are taken; blank lines are
/// passed over). kRosterBad, with the line, for text that is not UTF-8, broken quoting, over `rows_max` rows, or a row of over
/// 256 cells. Why strict: a stray quotation mark would else swallow the students up to the next one.
Result<std::vector<CsvRow>> read_csv(ByteView csv, std::size_t rows_max);

}  // namespace satchel::core
