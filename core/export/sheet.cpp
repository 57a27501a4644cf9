#include "core/export/sheet.h"

#include "core/export/excel_csv.h"

namespace satchel::core {

std::string Sheet::csv() const {
  std::vector<std::string_view> heads;
  for (const Column& column : columns) heads.emplace_back(column.head);
  return excel_csv(heads, rows);
}

}  // namespace satchel::core
