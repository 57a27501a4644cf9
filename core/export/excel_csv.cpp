#include "core/export/excel_csv.h"

#include <csv.h>

#include <algorithm>

namespace satchel::core {
namespace {

bool digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// What Excel would change on opening: it keeps 15 digits of a number, drops leading zeros, reads 1E5 and 3-4 as number and date,
/// and takes = + - @ for the begin of a formula.
bool needs_text_form(std::string_view text) {
  if (text.empty()) return false;
  if (std::string_view{"=+-@\t\r"}.find(text.front()) != std::string_view::npos) return true;
  const bool digit_first = text.front() >= '0' && text.front() <= '9';
  const bool short_number = digits(text) && text.size() < 11 && (text.size() == 1 || text.front() != '0');
  return digit_first && !short_number && text.find_first_not_of("0123456789-/.eExX") == std::string_view::npos;
}

std::string text_form(std::string_view text) {
  std::string out = "=\"";
  for (const char c : text) out += c == '"' ? std::string{"\"\""} : std::string{c};
  return out + "\"";
}

void write_cell(std::string& out, std::string_view text) {
  std::string quoted(2 * text.size() + 2, '\0');
  const std::size_t size = csv_write(quoted.data(), quoted.size(), text.data(), text.size());
  out.append(quoted, 0, size);
}

template <class Texts>
void write_row(std::string& out, const Texts& texts) {
  bool first = true;
  for (const auto& text : texts) {
    if (!first) out += ',';
    first = false;
    write_cell(out, needs_text_form(text) ? text_form(text) : std::string(text));
  }
  out += "\r\n";
}

}  // namespace

std::string excel_csv(std::span<const std::string_view> heads, std::span<const std::vector<std::string>> rows) {
  std::string out = "\xEF\xBB\xBF";
  write_row(out, heads);
  for (const auto& cells : rows) write_row(out, cells);
  return out;
}

}  // namespace satchel::core
