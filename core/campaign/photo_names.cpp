#include "core/campaign/photo_names.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "core/campaign/roster_heads.h"
#include "core/campaign/table_rows.h"

namespace satchel::core {
namespace {

constexpr std::size_t kRowsMax = 100'000;  // ours: more than a photographer takes in a campaign

std::string upper(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

/// A student's number as it is compared: without the mark of the last term, and with the X of an identity number as rosters keep
/// it.
std::string number_key(std::string_view text) {
  while (text.ends_with('*')) text.remove_suffix(1);
  return upper(text);
}

/// Split at marks, and where a number and Chinese text touch ("20219900001张三").
std::vector<std::string_view> parts_of(std::string_view stem) {
  constexpr std::array<std::string_view, 14> kMarks{" ", "_", "-", "+", ",", ".", "(", ")", "，", "（", "）", "、", "—", "　"};
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  const auto cut = [&](std::size_t end, std::size_t next) {
    if (end > begin) out.push_back(stem.substr(begin, end - begin));
    begin = next;
  };
  const auto is_ascii = [&](std::size_t at) { return static_cast<unsigned char>(stem[at]) < 0x80; };
  for (std::size_t at = 0; at < stem.size();) {
    const auto mark = std::ranges::find_if(kMarks, [&](std::string_view one) { return stem.substr(at).starts_with(one); });
    if (mark != kMarks.end()) {
      cut(at, at + mark->size());
      at += mark->size();
    } else {
      if (at > begin && is_ascii(at) != is_ascii(at - 1)) cut(at, at);
      ++at;
    }
  }
  cut(stem.size(), stem.size());
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void PhotoNames::add(const RosterFact& row) {
  if (!row.student_number.empty()) numbers_[number_key(row.student_number)].insert(row.student);
  if (!row.id_number.empty()) numbers_[number_key(row.id_number)].insert(row.student);
  if (!row.name.empty()) names_[row.name].insert(row.student);
}

PhotoNames::Match PhotoNames::find(std::string_view stem) const {
  std::vector<std::string_view> parts{stem};
  if (!numbers_.contains(number_key(stem)) && !names_.contains(stem)) parts = parts_of(stem);
  std::set<StudentRef> numbered;
  std::set<StudentRef> named;
  for (const std::string_view part : parts) {
    if (const auto found = numbers_.find(number_key(part)); found != numbers_.end()) {
      numbered.insert(found->second.begin(), found->second.end());
    }
    if (const auto found = names_.find(part); found != names_.end()) named.insert(found->second.begin(), found->second.end());
  }
  const std::set<StudentRef>& found = numbered.empty() ? named : numbered;
  if (found.empty()) return {};
  const bool contradicted = !numbered.empty() && !named.empty() && !named.contains(*numbered.begin());
  if (found.size() > 1 || contradicted) return {Kind::several, {}};
  return {Kind::one, *found.begin()};
}

Result<std::map<std::string, std::string, std::less<>>> read_photo_table(ByteView file) {
  constexpr std::array<std::string_view, 7> kFileHeads{"文件", "文件名", "照片", "照片文件", "图片", "FILE", "PHOTO"};
  SATCHEL_TRY_ASSIGN(const Table table, read_table(file, kRowsMax));
  if (table.rows.empty()) return Error{Code::kRosterBad, "there is no row"};
  std::optional<std::size_t> file_column;
  std::optional<std::size_t> student_column;
  const std::vector<std::string>& head = table.rows.front().cells;
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (std::ranges::find(kFileHeads, upper(head[i])) != kFileHeads.end()) file_column = i;
    const auto column = roster_column(head[i]);
    const bool tells = column == RosterColumn::number || column == RosterColumn::id_number || column == RosterColumn::name;
    // 学号 goes before the others where a table has several.
    if (tells && (!student_column || column == RosterColumn::number)) student_column = i;
  }
  const bool has_head = file_column || student_column;
  if (has_head && !file_column) return Error{Code::kRosterBad, "the column 文件 is missing"};
  if (has_head && !student_column) return Error{Code::kRosterBad, "the column 学号 is missing"};
  const std::size_t from = file_column.value_or(0);
  const std::size_t to = student_column.value_or(1);
  std::map<std::string, std::string, std::less<>> out;
  for (std::size_t i = has_head ? 1 : 0; i < table.rows.size(); ++i) {
    const std::vector<std::string>& cells = table.rows[i].cells;
    if (from >= cells.size() || to >= cells.size() || cells[from].empty()) continue;
    out[std::string(photo_stem(cells[from]))] = cells[to];
  }
  return out;
}

std::string_view photo_stem(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? path : path.substr(0, dot);
}

std::string veiled_file_name(std::string_view name) {
  constexpr std::size_t kLong = 8;
  constexpr std::size_t kLeft = 4;
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    std::size_t end = at;
    while (end < name.size() && is_digit(name[end])) ++end;
    if (end == at) {
      out += name[at++];
      continue;
    }
    if (end - at >= kLong && end < name.size() && (name[end] == 'X' || name[end] == 'x')) ++end;
    const std::size_t hidden = end - at >= kLong ? end - at - kLeft : 0;
    out += std::string(hidden, '*');
    out += name.substr(at + hidden, end - at - hidden);
    at = end;
  }
  return out;
}

}  // namespace satchel::core
