#pragma once

#include <string>
#include <vector>

#include "cli/paint.h"

namespace satchel::cli {

/// Rows in columns that stand under each other, whatever mixture of Chinese and Latin is in them. Cells are made plain (text.h).
class Table {
 public:
  enum class Align { left, right };
  struct Column {
    std::string head;  ///< all empty: no line of heads
    Align align = Align::left;
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// Missing cells are empty, surplus ones are dropped.
  void row(std::vector<std::string> cells);
  bool empty() const noexcept { return rows_.empty(); }
  /// Lines that begin with `indent` spaces and have none at their end; columns are two spaces apart.
  std::string text(const Paint& paint, std::size_t indent = 0) const;

 private:
  std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths, std::size_t indent) const;
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace satchel::cli
