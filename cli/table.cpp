#include "cli/table.h"

#include <algorithm>

#include "cli/text.h"

namespace satchel::cli {

void Table::row(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = plain(cell);
  rows_.push_back(std::move(cells));
}

std::string Table::line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths, std::size_t indent) const {
  std::string out(indent, ' ');
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += "  ";
    out += columns_[i].align == Align::right ? padded_left(cells[i], widths[i]) : padded(cells[i], widths[i]);
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string Table::text(const Paint& paint, std::size_t indent) const {
  std::vector<std::string> heads;
  for (const Column& column : columns_) heads.push_back(column.head);
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = display_width(heads[i]);
    for (const auto& cells : rows_) width = std::max(width, display_width(cells[i]));
    widths.push_back(width);
  }
  std::string out;
  if (std::any_of(heads.begin(), heads.end(), [](const std::string& head) { return !head.empty(); })) {
    out += paint.quiet(line(heads, widths, indent)) + "\n";
  }
  for (const auto& cells : rows_) out += line(cells, widths, indent) + "\n";
  return out;
}

}  // namespace satchel::cli
