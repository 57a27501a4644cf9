#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/record/facts.h"

namespace satchel::core {

/// What is told about a row of a timetable. `code` is stable ("T-TIME-MARKS") and has words in slot_message().
struct SlotNote {
  std::uint32_t line = 0;
  std::string_view code;
  std::string shown;  ///< how it was read: "15:46-16:00"; a room or class; nothing of a person
  bool operator==(const SlotNote&) const = default;
};

struct SlotMessage {
  std::string_view code;
  bool refusal = false;
  std::string_view zh;
  std::string_view en;
  std::string_view cure_zh;
  std::string_view cure_en;
};
std::span<const SlotMessage> all_slot_messages() noexcept;
/// nullptr when there is no such code.
const SlotMessage* slot_message(std::string_view code) noexcept;

struct TimetableReport {
  std::vector<TimetableSlot> slots;  ///< by room (naturally), then beginning, then class
  std::vector<SlotNote> refused;     ///< rows that could not be read; the others are in
  std::vector<SlotNote> repairs;     ///< what was mended or looks odd, by line
};

struct TimetableContext {
  int year = 0;       ///< of dates without one; 0: such dates are refused
  int slot_min = 15;  ///< length of a slot whose end is missing
};

/// Reads a timetable as schools write it (table_rows.h: CSV, TSV, XLSX), in one of two shapes:
///   long   a row a slot, with columns 日期, 时间, 教室 and 班级
///   grid   columns 日期 and 时间, then one for each room, with the class in the cell
/// A date that is left out is the one above. Several classes in one cell (、 , ; / or a line break) share the slot; an empty
/// cell, 机动, 空, 备用 and 补拍 mean a slot that is open to all. Times are read through the noise of real tables
/// ("15:46:-16:00", full-width marks, 至, ~, a dot for a colon); everything that was mended is told. Times are China's.
/// kRosterBad for what is no table or has none of the two shapes; at most 500 slots.
Result<TimetableReport> read_timetable(ByteView file, const TimetableContext& context);

/// "15:46:-16:00" as minutes since midnight; the end is -1 when there is none. `mended` when it was not written as 15:46-16:00.
struct SlotTime {
  int from_min = 0;
  int until_min = -1;
  bool mended = false;
};
std::optional<SlotTime> read_slot_time(std::string_view text);

}  // namespace satchel::core
