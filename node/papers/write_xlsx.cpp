#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <cstdlib>
#include <string>

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

bool read_all(int file, Bytes& out) {
  struct stat about {};
  if (::fstat(file, &about) != 0 || about.st_size <= 0) return false;
  out.resize(static_cast<std::size_t>(about.st_size));
  std::size_t at = 0;
  while (at < out.size()) {
    const ssize_t n = ::pread(file, out.data() + at, out.size() - at, static_cast<off_t>(at));
    if (n <= 0) return false;
    at += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

int satchel_write_xlsx(const Sheet& sheet, Bytes& out) {
  // The library writes to a path only: a file in memory has one, and leaves nothing of a person on a disk.
  const int memory = ::memfd_create("list", MFD_CLOEXEC);
  if (memory < 0) return 2;
  const std::string path = "/proc/self/fd/" + std::to_string(memory);
  lxw_workbook* const book = workbook_new(path.c_str());
  lxw_worksheet* const page = book == nullptr ? nullptr : workbook_add_worksheet(book, sheet.name.c_str());
  lxw_format* const head = page == nullptr ? nullptr : workbook_add_format(book);
  lxw_format* const text = page == nullptr ? nullptr : workbook_add_format(book);
  if (head != nullptr && text != nullptr) {
    lxw_doc_properties about{};
    about.created = static_cast<time_t>(sheet.created_s);
    workbook_set_properties(book, &about);
    format_set_bold(head);
    format_set_num_format(text, "@");  // Excel keeps the cell a text, also after somebody has edited it
    write_rows(page, sheet, head, text);
  }
  const bool closed = book != nullptr && workbook_close(book) == LXW_NO_ERROR;
  const bool whole = closed && text != nullptr && read_all(memory, out);
  ::close(memory);
  return whole ? 0 : 2;
}
