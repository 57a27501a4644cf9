#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace satchel::core {

/// A table as CSV that Excel in China opens by a double click: UTF-8 with BOM, CRLF, every cell quoted. Cells in which Excel
/// would eat digits or zeros, or see a formula, are written as a text formula (="110101…"): the one form in which Excel shows
/// exactly what stands there, without a stray tab or apostrophe in the value.
std::string excel_csv(std::span<const std::string_view> heads, std::span<const std::vector<std::string>> rows);

}  // namespace satchel::core
