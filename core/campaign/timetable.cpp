#include "core/campaign/timetable.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <set>

#include "core/base/utf8.h"
#include "core/campaign/natural_order.h"
#include "core/campaign/people.h"
#include "core/campaign/table_rows.h"

namespace satchel::core {
namespace {

constexpr std::size_t kSlotsMax = 500;  // as many as a record takes (protocol/body)
constexpr std::size_t kNameMax = 200;
constexpr std::size_t kRowsMax = 5000;

constexpr std::array kMessages{
    SlotMessage{"T-TIME", true, "时间无法识别。", "The time cannot be read.", "请写成 08:00-08:15。", "Write it as 08:00-08:15."},
    SlotMessage{"T-DATE", true, "日期无法识别，或缺少年份。", "The date cannot be read, or lacks its year.", "请写成 20260610。",
                "Write it as 20260610."},
    SlotMessage{"T-ROOM", true, "缺少教室，或名称太长。", "The room is missing, or its name too long.", "补上教室名称。",
                "Fill in the room."},
    SlotMessage{"T-CLASS", true, "班级名称太长或含有控制字符。", "A class's name is too long or has control characters.",
                "请改正班级名称。", "Correct the class's name."},
    SlotMessage{"T-TIME-MARKS", false, "时间的写法有误，已按此识别。", "The time is written oddly; it was read like this.",
                "请核对。", "Check it."},
    SlotMessage{"T-END-MISSING", false, "缺少结束时间，已按时段长度补上。", "The end is missing; it was set by a slot's length.",
                "请核对。", "Check it."},
    SlotMessage{"T-AFTERNOON", false, "时间早于上一时段，已按下午识别。",
                "Earlier than the slot before; it was taken for the afternoon.", "请核对。", "Check it."},
    SlotMessage{"T-OVERLAP", false, "与同一教室的另一时段重叠。", "Overlaps with another slot of the same room.",
                "请核对这两个时段。", "Check both slots."},
    SlotMessage{"T-CLASS-TWICE", false, "该班级出现了不止一次。", "This class stands in more than one slot.",
                "如不是分批拍摄，请删去多余的一处。", "Unless it comes in parts, take one of them out."},
};

/// Marks that stand for "to" and for ":"; the usual one first.
constexpr std::array<std::string_view, 9> kTo{"-", "－", "–", "—", "~", "～", "至", "到", "−"};
constexpr std::array<std::string_view, 5> kColon{":", "：", ".", "．", "时"};

/// `text` with its marks made usual and its blanks taken out; digits of full width made narrow.
std::string usual_marks(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t length = 0;
    const auto take = [&](const auto& marks, char usual) {
      for (const std::string_view mark : marks) {
        if (length > 0 || !text.starts_with(mark)) continue;
        out += usual;
        length = mark.size();
      }
    };
    take(kTo, '-');
    take(kColon, ':');
    if (length == 0 && text.starts_with("分")) length = std::string_view{"分"}.size();
    if (length == 0) {
      std::size_t at = 0;
      const std::uint32_t point = next_code_point(text, at);
      constexpr std::uint32_t kWideZero = 0xFF10;
      if (point >= kWideZero && point <= kWideZero + 9) {
        out += static_cast<char>('0' + static_cast<int>(point - kWideZero));
      } else if (point != ' ' && point != '\t' && point != 0x3000) {
        out += text.substr(0, at);
      }
      length = at;
    }
    text.remove_prefix(length);
  }
  return out;
}

/// "15:46", with stray colons around it. nullopt for what is no time.
std::optional<int> clock_minutes(std::string_view text) {
  while (text.starts_with(':')) text.remove_prefix(1);
  while (text.ends_with(':')) text.remove_suffix(1);
  int parts[2] = {0, 0};
  int digits = 0;
  int part = 0;
  char before = '\0';
  for (const char c : text) {
    if (c == ':') {
      if (before == ':') continue;
      if (++part > 1) return std::nullopt;
      digits = 0;
    } else if (c >= '0' && c <= '9' && ++digits <= 2) {
      parts[part] = parts[part] * 10 + (c - '0');
    } else {
      return std::nullopt;
    }
    before = c;
  }
  if (part != 1 || parts[0] > 24 || parts[1] > 59) return std::nullopt;
  const int minutes = parts[0] * 60 + parts[1];
  return minutes <= 24 * 60 ? std::optional{minutes} : std::nullopt;
}

std::string clock_text(int minutes) {
  const auto two = [](int value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return two(minutes / 60) + ":" + two(minutes % 60);
}
std::string span_text(int from, int until) { return clock_text(from) + "-" + clock_text(until); }

/// The day, in days since 1970; with `year` for "6月10日" and "6/10".
std::optional<std::int64_t> read_day(std::string_view text, int year) {
  for (const std::string_view open : {"(", "（"}) text = text.substr(0, text.find(open));
  for (const std::string_view week : {"星期", "周"}) text = text.substr(0, text.find(week));
  while (text.ends_with(' ')) text.remove_suffix(1);
  auto date = read_date(text);
  if (!date && year > 0) date = read_date(std::to_string(year) + "-" + std::string(text));
  if (!date) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t n) {
    int out = 0;
    for (const char c : date->substr(at, n)) out = out * 10 + (c - '0');
    return out;
  };
  const std::chrono::sys_days day{std::chrono::year{number(0, 4)} / std::chrono::month{static_cast<unsigned>(number(4, 2))} /
                                  std::chrono::day{static_cast<unsigned>(number(6, 2))}};
  return day.time_since_epoch().count();
}

WallMs china(std::int64_t day, int minutes) { return {((day * 24 - 8) * 60 + minutes) * 60'000}; }

bool open_to_all(std::string_view name) {
  constexpr std::array<std::string_view, 6> kOpen{"", "机动", "空", "备用", "补拍", "-"};
  return std::find(kOpen.begin(), kOpen.end(), name) != kOpen.end();
}

std::vector<std::string> classes_of(std::string_view cell) {
  std::vector<std::string> out;
  std::string name;
  const auto end = [&] {
    while (name.ends_with(' ')) name.pop_back();
    if (!name.empty()) out.push_back(std::move(name));
    name.clear();
  };
  while (!cell.empty()) {
    std::size_t mark = 0;
    for (const std::string_view one : {"、", "，", "；", ",", ";", "/", "\n", "\r"}) {
      if (cell.starts_with(one)) mark = one.size();
    }
    if (mark > 0) {
      end();
      cell.remove_prefix(mark);
      continue;
    }
    if (!(name.empty() && cell.front() == ' ')) name += cell.front();
    cell.remove_prefix(1);
  }
  end();
  if (out.empty()) out.emplace_back();
  for (std::string& one : out) {
    if (open_to_all(one)) one.clear();
  }
  return out;
}

/// Which columns say what.
struct Shape {
  std::optional<std::size_t> date;
  std::optional<std::size_t> time;
  std::optional<std::size_t> room;
  std::optional<std::size_t> class_name;
  std::vector<std::pair<std::size_t, std::string>> rooms;  ///< of a grid
};

Result<Shape> read_shape(const TableRow& header) {
  Shape out;
  const auto one_of = [](std::string_view head, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), head) != names.end();
  };
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    const std::string& head = header.cells[i];
    if (one_of(head, {"日期", "拍摄日期", "采集日期"})) {
      out.date = i;
    } else if (one_of(head, {"时间", "时段", "时间段", "拍摄时间", "采集时间"})) {
      out.time = i;
    } else if (one_of(head, {"教室", "地点", "拍摄地点", "采集地点", "房间"})) {
      out.room = i;
    } else if (one_of(head, {"班级", "班级名称"})) {
      out.class_name = i;
    } else if (!head.empty() && !one_of(head, {"序号", "人数", "备注"})) {
      out.rooms.emplace_back(i, head);
    }
  }
  const bool long_shape = out.room && out.class_name;
  if (long_shape) out.rooms.clear();
  if (!out.date || !out.time || (!long_shape && out.rooms.empty())) {
    return Error{Code::kRosterBad, "a timetable has 日期, 时间, 教室, 班级; or 日期, 时间 and a column for each room"};
  }
  return out;
}

class Reader {
 public:
  Reader(const TimetableContext& context, TimetableReport& report) : context_(context), report_(report) {}

  void row(const Shape& shape, const TableRow& row) {
    const auto cell = [&](const std::optional<std::size_t>& at) {
      return at && *at < row.cells.size() ? std::string_view{row.cells[*at]} : std::string_view{};
    };
    if (const std::string_view text = cell(shape.date); !text.empty()) {
      const auto day = read_day(text, context_.year);
      if (day != day_) last_from_.clear();
      day_ = day;
    }
    if (!day_) return refuse(row.line, "T-DATE");
    const auto time = read_slot_time(cell(shape.time));
    if (!time) return refuse(row.line, "T-TIME");
    if (shape.rooms.empty()) return slot(row.line, *time, cell(shape.room), cell(shape.class_name));
    for (const auto& [at, room] : shape.rooms) slot(row.line, *time, room, cell(at));
  }

  /// What only the whole table shows.
  void finish() {
    std::sort(placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) {
      if (const int order = natural_compare(a.slot.room, b.slot.room); order != 0) return order < 0;
      if (a.slot.from != b.slot.from) return a.slot.from < b.slot.from;
      return natural_compare(a.slot.class_name, b.slot.class_name) < 0;
    });
    std::map<std::string, std::pair<WallMs, WallMs>, std::less<>> seen;
    for (std::size_t i = 0; i < placed_.size(); ++i) {
      const TimetableSlot& slot = placed_[i].slot;
      if (i > 0 && placed_[i - 1].slot.room == slot.room && placed_[i - 1].slot.from != slot.from &&
          placed_[i - 1].slot.until > slot.from) {
        report_.repairs.push_back({placed_[i].line, "T-OVERLAP", slot.room});
      }
      if (!slot.class_name.empty() && !seen.emplace(slot.class_name, std::pair{slot.from, slot.until}).second) {
        report_.repairs.push_back({placed_[i].line, "T-CLASS-TWICE", slot.class_name});
      }
      report_.slots.push_back(slot);
    }
    std::stable_sort(report_.repairs.begin(), report_.repairs.end(),
                     [](const SlotNote& a, const SlotNote& b) { return a.line < b.line; });
  }
  std::size_t count() const { return placed_.size(); }

 private:
  struct Placed {
    std::uint32_t line;
    TimetableSlot slot;
  };

  void refuse(std::uint32_t line, std::string_view code) { report_.refused.push_back({line, code, ""}); }
  void repair(std::uint32_t line, std::string_view code, std::string shown) {
    const SlotNote note{line, code, std::move(shown)};
    // Each room of a grid's row says the same.
    if (report_.repairs.empty() || !(report_.repairs.back() == note)) report_.repairs.push_back(note);
  }

  void slot(std::uint32_t line, SlotTime time, std::string_view room, std::string_view class_cell) {
    if (room.empty() || room.size() > kNameMax || !is_plain_text(room)) return refuse(line, "T-ROOM");
    const std::string room_name(room);
    const auto before = last_from_.find(room_name);
    constexpr int kNoon = 12 * 60;
    const bool end_missing = time.until_min < 0;
    if (end_missing) time.until_min = time.from_min + context_.slot_min;
    // "1:00-1:15" below "11:45-12:00".
    const bool back = before != last_from_.end() && time.from_min < before->second && time.from_min + kNoon > before->second;
    const bool afternoon = back && time.from_min < kNoon && time.until_min + kNoon <= 24 * 60;
    if (afternoon) {
      time.from_min += kNoon;
      time.until_min += kNoon;
    } else if (time.until_min <= time.from_min && time.until_min + kNoon > time.from_min && time.until_min < kNoon) {
      time.until_min += kNoon;  // "12:45-1:00"
      time.mended = true;
    }
    if (time.until_min <= time.from_min || time.until_min > 24 * 60) return refuse(line, "T-TIME");
    last_from_[room_name] = time.from_min;
    const std::string shown = span_text(time.from_min, time.until_min);
    if (end_missing) {
      repair(line, "T-END-MISSING", shown);
    } else if (afternoon) {
      repair(line, "T-AFTERNOON", shown);
    } else if (time.mended) {
      repair(line, "T-TIME-MARKS", shown);
    }
    for (std::string& name : classes_of(class_cell)) {
      if (name.size() > kNameMax || !is_plain_text(name)) return refuse(line, "T-CLASS");
      placed_.push_back({line, {room_name, china(*day_, time.from_min), china(*day_, time.until_min), std::move(name)}});
    }
  }

  const TimetableContext& context_;
  TimetableReport& report_;
  std::optional<std::int64_t> day_;
  std::map<std::string, int, std::less<>> last_from_;  ///< of this day, by room
  std::vector<Placed> placed_;
};

}  // namespace

std::span<const SlotMessage> all_slot_messages() noexcept { return kMessages; }

const SlotMessage* slot_message(std::string_view code) noexcept {
  for (const SlotMessage& message : kMessages) {
    if (message.code == code) return &message;
  }
  return nullptr;
}

std::optional<SlotTime> read_slot_time(std::string_view text) {
  if (text.size() > 100) return std::nullopt;
  const std::string usual = usual_marks(text);
  const std::size_t to = usual.find('-');
  SlotTime out;
  const auto from = clock_minutes(std::string_view{usual}.substr(0, to));
  if (!from) return std::nullopt;
  out.from_min = *from;
  std::string_view rest = to == std::string::npos ? std::string_view{} : std::string_view{usual}.substr(to);
  while (rest.starts_with('-')) rest.remove_prefix(1);
  if (!rest.empty()) {
    const auto until = clock_minutes(rest);
    if (!until) return std::nullopt;
    out.until_min = *until;
  }
  const std::string right = clock_text(out.from_min) + (out.until_min < 0 ? "" : "-" + clock_text(out.until_min));
  // 8:00 for 08:00 is no mistake.
  const std::string short_form = [&] {
    std::string shorter = right;
    if (const std::size_t dash = shorter.find('-'); dash != std::string::npos && shorter[dash + 1] == '0')
      shorter.erase(dash + 1, 1);
    if (shorter.front() == '0') shorter.erase(0, 1);
    return shorter;
  }();
  out.mended = text != right && text != short_form;
  return out;
}

Result<TimetableReport> read_timetable(ByteView file, const TimetableContext& context) {
  SATCHEL_TRY_ASSIGN(const Table table, read_table(file, kRowsMax));
  if (table.rows.empty()) return Error{Code::kRosterBad, "there is no header"};
  // Titles stand above the heads.
  std::size_t head = 0;
  Result<Shape> shape = read_shape(table.rows[0]);
  constexpr std::size_t kTitlesMax = 5;
  while (!shape && head + 1 < std::min(table.rows.size(), kTitlesMax)) shape = read_shape(table.rows[++head]);
  if (!shape) return shape.error();
  TimetableReport report;
  Reader reader{context, report};
  for (std::size_t i = head + 1; i < table.rows.size(); ++i) {
    reader.row(*shape, table.rows[i]);
    if (reader.count() > kSlotsMax) return Error{Code::kRosterBad, "over 500 slots"};
  }
  reader.finish();
  if (report.slots.empty() && report.refused.empty()) return Error{Code::kRosterBad, "there is a header, and no row below it"};
  return report;
}

}  // namespace satchel::core
