#pragma once

#include <set>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/campaign/profile.h"

namespace satchel::core {

/// Which days are worked in China: Monday to Friday, but for the holidays (休) and with the make-up days (班, 调休) of a list
/// that the state publishes each year. Days are China's (UTC+8, without summer time).
class WorkingDays {
 public:
  /// Without a list: Monday to Friday.
  WorkingDays() = default;
  /// By a profile's list.
  explicit WorkingDays(const DayList& days);
  /// Adds a table to what is here; where both name a day, the table counts. Reads a table (table_rows.h): a date in the first
  /// column, as read_date() takes it, and in the second 休, 放假 or holiday, or 班, 上班, 调休 or workday; a first row without a
  /// date is a header. kRosterBad with the line for anything else. Nothing is added by a table that is wrong.
  Result<void> add(ByteView file);

  bool works(WallMs at) const;
  /// The end of the `days`-th working day after the day of `from`; with 0 days the end of that day itself.
  WallMs due(WallMs from, int days) const;
  /// Working days that have begun after the day of `from`, up to the day of `until`; 0 when it is not later.
  int passed(WallMs from, WallMs until) const;

 private:
  bool works_day(std::int64_t day) const;
  std::set<std::int64_t> holidays_;  ///< days since 1970-01-01 in China
  std::set<std::int64_t> workdays_;
};

}  // namespace satchel::core
