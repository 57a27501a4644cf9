#include "core/campaign/working_days.h"

#include <algorithm>
#include <chrono>

#include "core/campaign/people.h"
#include "core/campaign/table_rows.h"

namespace satchel::core {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kChinaMs = 8 * 3'600'000;
constexpr std::size_t kRowsMax = 10'000;  // thirty years of every day
/// No clock of a campaign runs longer; a list that makes every day a holiday must end somewhere.
constexpr int kDaysMost = 3660;

std::int64_t day_of(WallMs at) {
  const std::int64_t local = at.value + kChinaMs;
  return local >= 0 ? local / kDayMs : -((-local + kDayMs - 1) / kDayMs);
}

WallMs end_of(std::int64_t day) { return {(day + 1) * kDayMs - kChinaMs}; }

std::int64_t day_from(const std::string& yyyymmdd) {
  const std::chrono::year_month_day date{std::chrono::year{std::stoi(yyyymmdd.substr(0, 4))},
                                         std::chrono::month{static_cast<unsigned>(std::stoul(yyyymmdd.substr(4, 2)))},
                                         std::chrono::day{static_cast<unsigned>(std::stoul(yyyymmdd.substr(6, 2)))}};
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

bool one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

WorkingDays::WorkingDays(const DayList& days) {
  for (const std::string& date : days.off) holidays_.insert(day_from(date));
  for (const std::string& date : days.work) workdays_.insert(day_from(date));
}

Result<void> WorkingDays::add(ByteView file) {
  SATCHEL_TRY_ASSIGN(const Table table, read_table(file, kRowsMax));
  WorkingDays out = *this;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const TableRow& row = table.rows[i];
    const auto date = row.cells.empty() ? std::nullopt : read_date(row.cells.front());
    if (!date && i == 0) continue;
    const std::string word = row.cells.size() < 2 ? "休" : row.cells[1];
    const bool holiday = one_of(word, {"休", "放假", "节假日", "holiday"});
    if (!date || !(holiday || one_of(word, {"班", "上班", "调休", "补班", "workday"}))) {
      return Error{Code::kRosterBad, "line " + std::to_string(row.line) + ": a date and 休 or 班 are wanted"};
    }
    const std::int64_t day = day_from(*date);
    (holiday ? out.workdays_ : out.holidays_).erase(day);
    (holiday ? out.holidays_ : out.workdays_).insert(day);
  }
  *this = std::move(out);
  return {};
}

bool WorkingDays::works_day(std::int64_t day) const {
  if (workdays_.contains(day)) return true;
  if (holidays_.contains(day)) return false;
  const std::int64_t weekday = ((day + 3) % 7 + 7) % 7;  // 0 is Monday: 1970-01-01 was a Thursday
  return weekday < 5;
}

bool WorkingDays::works(WallMs at) const { return works_day(day_of(at)); }

WallMs WorkingDays::due(WallMs from, int days) const {
  std::int64_t day = day_of(from);
  for (int walked = 0; days > 0 && walked < kDaysMost; ++walked) {
    if (works_day(++day)) --days;
  }
  return end_of(day);
}

int WorkingDays::passed(WallMs from, WallMs until) const {
  int out = 0;
  const std::int64_t last = std::min(day_of(until), day_of(from) + kDaysMost);
  for (std::int64_t day = day_of(from) + 1; day <= last; ++day) out += works_day(day) ? 1 : 0;
  return out;
}

}  // namespace satchel::core
