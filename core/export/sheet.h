#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace satchel::core {

/// A table for a spreadsheet program. Cells are texts unless the column says numbers, so that no digit of an ID is lost.
struct Sheet {
  struct Column {
    std::string head;
    double width = 12;  ///< in characters of the program's font
    bool numbers = false;
  };
  std::int64_t created_s = 0;  ///< since 1970, as the file says it; 0: not said
  std::string name;            ///< of the sheet: at most 31 characters, none of []:*?/\ in it
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  ///< a cell for each column

  /// As CSV for Excel (excel_csv.h).
  std::string csv() const;
};

}  // namespace satchel::core
