#include <xlsxwriter.h>

#include <cstdlib>

#include "node/papers/module.h"

namespace {

using satchel::core::Bytes;
using satchel::core::Sheet;

void write_rows(lxw_worksheet* page, const Sheet& sheet, lxw_format* head, lxw_format* text) {
  for (std::size_t i = 0; i < sheet.columns.size(); ++i) {
    const auto column = static_cast<lxw_col_t>(i);
    worksheet_set_column(page, column, column, sheet.columns[i].width, sheet.columns[i].numbers ? nullptr : text);
    worksheet_write_string(page, 0, column, sheet.columns[i].head.c_str(), head);
  }
  lxw_row_t row = 0;
  for (const auto& cells : sheet.rows) {
    ++row;
    for (std::size_t i = 0; i < cells.size() && i < sheet.columns.size(); ++i) {
      const auto column = static_cast<lxw_col_t>(i);
      if (sheet.columns[i].numbers && !cells[i].empty()) {
        worksheet_write_number(page, row, column, std::strtod(cells[i].c_str(), nullptr), nullptr);
      } else {
        worksheet_write_string(page, row, column, cells[i].c_str(), text);
      }
    }
  }
  worksheet_freeze_panes(page, 1, 0);
}

}  // namespace

int satchel_write_xlsx(const Sheet& sheet, Bytes& out) {
  const char* buffer = nullptr;
  std::size_t size = 0;
  lxw_workbook_options options{};
  options.output_buffer = &buffer;
  options.output_buffer_size = &size;
  lxw_workbook* const book = workbook_new_opt(nullptr, &options);
  if (book == nullptr) return 2;
  lxw_worksheet* const page = workbook_add_worksheet(book, sheet.name.c_str());
  lxw_format* const head = workbook_add_format(book);
  lxw_format* const text = workbook_add_format(book);
  // "@": Excel keeps the cell a text, also after somebody has edited it.
  if (page != nullptr && head != nullptr && text != nullptr) {
    format_set_bold(head);
    format_set_num_format(text, "@");
    write_rows(page, sheet, head, text);
  }
  const lxw_error closed = workbook_close(book);
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(buffer);  // NOLINT: the library's bytes are chars
  if (closed == LXW_NO_ERROR && buffer != nullptr) out.assign(bytes, bytes + size);
  std::free(const_cast<char*>(buffer));  // NOLINT: the library's contract
  return page != nullptr && closed == LXW_NO_ERROR && !out.empty() ? 0 : 2;
}
