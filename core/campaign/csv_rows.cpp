#include "core/campaign/csv_rows.h"

#include <csv.h>

#include <memory>
#include <string_view>

namespace satchel::core {
namespace {

/// What libcsv's callbacks fill. They run inside C code: nothing may be thrown through it, and allocation failure ends the
/// program.
struct Collected {
  std::vector<TableRow> rows;
  TableRow row;
  bool too_wide = false;
};

void on_cell(void* text, std::size_t size, void* to) noexcept {
  auto& out = *static_cast<Collected*>(to);
  if (out.row.cells.size() >= kTableCellsMax) {
    out.too_wide = true;
    return;
  }
  out.row.cells.emplace_back(size == 0 ? "" : static_cast<const char*>(text), size);
}

void on_row(int, void* to) noexcept {
  auto& out = *static_cast<Collected*>(to);
  out.rows.push_back(std::move(out.row));
  out.row = {};
}

struct ParserEnd {
  void operator()(csv_parser* parser) const noexcept { csv_free(parser); }
};

std::string at_line(std::uint32_t line, std::string_view what) {
  return "line " + std::to_string(line) + ": " + std::string(what);
}

/// The first line of `text` with its end (LF, CRLF or CR).
std::string_view first_line(std::string_view text) {
  const std::size_t end = text.find_first_of("\r\n");
  if (end == std::string_view::npos) return text;
  const bool pair = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
  return text.substr(0, end + (pair ? 2 : 1));
}

bool blank(std::string_view line) { return line.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

Result<std::vector<TableRow>> read_separated(std::string_view text, char separator, std::size_t rows_max) {
  csv_parser state;
  SATCHEL_CHECK(csv_init(&state, CSV_STRICT | CSV_STRICT_FINI) == 0);
  csv_set_delim(&state, static_cast<unsigned char>(separator));
  const std::unique_ptr<csv_parser, ParserEnd> parser{&state};

  // Fed line by line, so that each row's first line is known; a row goes on over line ends inside quotation marks.
  Collected out;
  std::uint32_t line = 1;
  std::uint32_t row_line = 1;
  bool in_row = false;
  for (; !text.empty(); ++line) {
    const std::string_view now = first_line(text);
    if (!in_row) row_line = line;
    out.row.line = row_line;
    const std::size_t rows_before = out.rows.size();
    if (csv_parse(parser.get(), now.data(), now.size(), on_cell, on_row, &out) != now.size()) {
      return Error{Code::kRosterBad, at_line(line, "a quotation mark stands where it must not")};
    }
    if (out.too_wide) return Error{Code::kRosterBad, at_line(line, "over 256 cells in a row")};
    if (out.rows.size() > rows_max) return Error{Code::kRosterBad, at_line(line, "too many rows")};
    in_row = out.rows.size() == rows_before && (in_row || !blank(now));
    text.remove_prefix(now.size());
  }
  if (csv_fini(parser.get(), on_cell, on_row, &out) != 0) {
    return Error{Code::kRosterBad, at_line(row_line, "a quotation mark opens in this row and never closes")};
  }
  return std::move(out.rows);
}

std::string csv_line(std::span<const std::string> cells) {
  std::string out;
  bool first = true;
  for (const std::string& cell : cells) {
    const bool formula = !cell.empty() && std::string_view{"=+-@"}.find(cell.front()) != std::string_view::npos;
    const std::string text = formula ? "'" + cell : cell;
    if (!first) out += ',';
    first = false;
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
      out += text;
      continue;
    }
    std::string quoted(2 * text.size() + 2, '\0');
    const std::size_t size = csv_write2(quoted.data(), quoted.size(), text.data(), text.size(), CSV_QUOTE);
    out.append(quoted, 0, size);
  }
  return out + "\r\n";
}

}  // namespace satchel::core
