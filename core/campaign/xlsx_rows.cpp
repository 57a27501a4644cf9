#include "core/campaign/xlsx_rows.h"

#include <zip.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <pugixml.hpp>

#include "core/base/utf8.h"

namespace satchel::core {
namespace {

Error bad(const std::string& what) { return {Code::kRosterBad, "XLSX: " + what}; }

struct DiscardArchive {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
struct CloseFile {
  void operator()(zip_file_t* file) const noexcept { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, DiscardArchive>;

Result<Archive> open_archive(ByteView file) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const source = zip_source_buffer_create(file.data(), file.size(), 0, &error);
  zip_t* const archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive == nullptr && source != nullptr) zip_source_free(source);
  zip_error_fini(&error);
  if (archive == nullptr) return bad("the archive is damaged");
  return Archive{archive};
}

/// One part, unpacked; nullopt when it is not there. What the archive says of its size is not believed.
Result<std::optional<Bytes>> read_part(zip_t* archive, const std::string& name) {
  const zip_int64_t at = zip_name_locate(archive, name.c_str(), ZIP_FL_NOCASE);
  if (at < 0) return std::optional<Bytes>{};
  const std::unique_ptr<zip_file_t, CloseFile> file{zip_fopen_index(archive, static_cast<zip_uint64_t>(at), 0)};
  if (!file) return bad("a part cannot be opened (perhaps it has a password)");
  Bytes out;
  constexpr std::size_t kPiece = 64UL * 1024;
  for (;;) {
    const std::size_t before = out.size();
    out.resize(before + kPiece);
    const zip_int64_t got = zip_fread(file.get(), out.data() + before, kPiece);
    if (got < 0) return bad("a part is damaged");
    out.resize(before + static_cast<std::size_t>(got));
    if (got == 0) return std::optional<Bytes>{std::move(out)};
    if (out.size() > kXlsxPartMax) return bad("a part unpacks to over " + std::to_string(kXlsxPartMax) + " bytes");
  }
}

/// Parses in place: `bytes` must outlive the document. Entities that the file defines itself are not expanded by pugixml.
Result<void> parse(pugi::xml_document& document, Bytes& bytes) {
  const auto parsed =
      document.load_buffer_inplace(bytes.data(), bytes.size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
  if (!parsed) return bad("a part is no XML");
  return {};
}

/// "t" and "x:t" are the same name: writers choose the prefix.
std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_node& one : node.children()) {
    if (local_name(one) == name) return one;
  }
  return {};
}

/// The text of <si> or <is>: of its <t>, or of all runs <r>; phonetic helps are left out.
std::string rich_text(const pugi::xml_node& node) {
  std::string out;
  for (const pugi::xml_node& part : node.children()) {
    if (local_name(part) == "t") out += part.text().get();
    if (local_name(part) == "r") out += child(part, "t").text().get();
  }
  return out;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t from = text.find_first_not_of(kBlank);
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(kBlank) - from + 1));
}

/// "B12": column 1. nullopt for what names no cell.
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0;
  std::size_t letters = 0;
  while (letters < reference.size() && reference[letters] >= 'A' && reference[letters] <= 'Z') {
    if (letters >= 3) return std::nullopt;
    column = column * 26 + static_cast<std::size_t>(reference[letters] - 'A' + 1);
    ++letters;
  }
  if (letters == 0) return std::nullopt;
  return column - 1;
}

/// Digits of a number that is whole, as it stands or from its scientific form; anything else stays as written.
std::string number_digits(std::string_view text) {
  if (text.find_first_of(".eE") == std::string_view::npos) return std::string(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr double kExact = 9007199254740992.0;  // 2^53: above, a double is no longer every whole number
  if (error != std::errc{} || end != text.data() + text.size() || value != std::floor(value) || std::abs(value) > kExact) {
    return std::string(text);
  }
  return std::to_string(static_cast<long long>(value));
}

Result<std::vector<std::string>> read_shared(zip_t* archive) {
  SATCHEL_TRY_ASSIGN(auto bytes, read_part(archive, "xl/sharedStrings.xml"));
  std::vector<std::string> out;
  if (!bytes) return out;
  pugi::xml_document document;
  SATCHEL_TRY(parse(document, *bytes));
  for (const pugi::xml_node& item : document.document_element().children()) {
    if (local_name(item) == "si") out.push_back(rich_text(item));
  }
  return out;
}

std::string attribute_by_local_name(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_attribute& one : node.attributes()) {
    const std::string_view full = one.name();
    const std::size_t colon = full.find(':');
    if (colon != std::string_view::npos && full.substr(colon + 1) == name) return one.value();
  }
  return {};
}

/// The part that holds the first sheet in the workbook's order.
Result<std::string> first_sheet(zip_t* archive) {
  const std::string usual = "xl/worksheets/sheet1.xml";
  SATCHEL_TRY_ASSIGN(auto workbook, read_part(archive, "xl/workbook.xml"));
  SATCHEL_TRY_ASSIGN(auto relations, read_part(archive, "xl/_rels/workbook.xml.rels"));
  if (!workbook) return bad("this archive is no workbook; save it as XLSX");
  if (!relations) return usual;
  pugi::xml_document book;
  SATCHEL_TRY(parse(book, *workbook));
  const pugi::xml_node sheet = child(child(book.document_element(), "sheets"), "sheet");
  const std::string id = attribute_by_local_name(sheet, "id");
  pugi::xml_document rels;
  SATCHEL_TRY(parse(rels, *relations));
  for (const pugi::xml_node& one : rels.document_element().children()) {
    if (id.empty() || id != one.attribute("Id").value()) continue;
    const std::string target = one.attribute("Target").value();
    return target.starts_with('/') ? target.substr(1) : "xl/" + target;
  }
  return usual;
}

std::string cell_text(const pugi::xml_node& cell, const std::vector<std::string>& shared) {
  const std::string_view type = cell.attribute("t").value();
  if (type == "inlineStr") return trimmed(rich_text(child(cell, "is")));
  const std::string value = trimmed(child(cell, "v").text().get());
  if (type == "s") {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), index);
    const bool known = error == std::errc{} && end == value.data() + value.size() && index < shared.size();
    return known ? trimmed(shared[index]) : std::string{};
  }
  if (type.empty() || type == "n") return number_digits(value);
  return value;
}

Result<TableRow> read_row(const pugi::xml_node& row, std::uint32_t line, const std::vector<std::string>& shared) {
  TableRow out;
  out.line = line;
  for (const pugi::xml_node& cell : row.children()) {
    if (local_name(cell) != "c") continue;
    const auto named = column_of(cell.attribute("r").value());
    const std::size_t column = named.value_or(out.cells.size());
    if (column >= kTableCellsMax) {
      // Formats painted far to the right have no text; only a text there is too wide.
      if (cell_text(cell, shared).empty()) continue;
      return bad("line " + std::to_string(line) + ": over 256 cells in a row");
    }
    if (column >= out.cells.size()) out.cells.resize(column + 1);
    out.cells[column] = cell_text(cell, shared);
    if (!is_utf8(out.cells[column])) return bad("line " + std::to_string(line) + ": not UTF-8");
  }
  while (!out.cells.empty() && out.cells.back().empty()) out.cells.pop_back();
  return out;
}

}  // namespace

bool is_zip(ByteView file) noexcept { return as_text(file).starts_with("PK\x03\x04"); }

Result<std::vector<TableRow>> read_xlsx(ByteView file, std::size_t rows_max) {
  SATCHEL_TRY_ASSIGN(const Archive archive, open_archive(file));
  SATCHEL_TRY_ASSIGN(const std::string part, first_sheet(archive.get()));
  SATCHEL_TRY_ASSIGN(auto sheet, read_part(archive.get(), part));
  if (!sheet) return bad("the first sheet is missing");
  SATCHEL_TRY_ASSIGN(const std::vector<std::string> shared, read_shared(archive.get()));
  pugi::xml_document document;
  SATCHEL_TRY(parse(document, *sheet));
  std::vector<TableRow> out;
  std::uint32_t line = 0;
  for (const pugi::xml_node& row : child(document.document_element(), "sheetData").children()) {
    if (local_name(row) != "row") continue;
    line = std::max(line + 1, row.attribute("r").as_uint(line + 1));
    SATCHEL_TRY_ASSIGN(TableRow read, read_row(row, line, shared));
    if (read.cells.empty()) continue;
    if (out.size() >= rows_max) return bad("too many rows");
    // Spreadsheets leave out what is empty at a row's end; only the header says how wide the table is.
    if (!out.empty() && read.cells.size() < out.front().cells.size()) read.cells.resize(out.front().cells.size());
    out.push_back(std::move(read));
  }
  return out;
}

}  // namespace satchel::core
