#include "core/campaign/timetable.h"

#include <catch2/catch.hpp>

using namespace satchel::core;

namespace {

TimetableReport read(const std::string& text, int year = 2026) {
  auto report = read_timetable(as_bytes(text), {year, 15});
  INFO((report ? "" : report.error().detail));
  REQUIRE(report.has_value());
  return *std::move(report);
}

std::string when(const TimetableSlot& slot) { return to_iso8601(slot.from) + "/" + to_iso8601(slot.until); }

}  // namespace

TEST_CASE("times are read through the noise of real tables") {
  const auto time = [](std::string_view text) {
    const auto read = read_slot_time(text);
    return read ? std::vector{read->from_min, read->until_min, read->mended ? 1 : 0} : std::vector<int>{};
  };
  CHECK(time("08:00-08:15") == std::vector{480, 495, 0});
  CHECK(time("8:00-8:15") == std::vector{480, 495, 0});
  CHECK(time("15:46:-16:00") == std::vector{946, 960, 1});
  CHECK(time("15：46—16：00") == std::vector{946, 960, 1});
  CHECK(time("15.46 ~ 16.00") == std::vector{946, 960, 1});
  CHECK(time("15时46分至16时00分") == std::vector{946, 960, 1});
  CHECK(time("１５:４６-１６:００") == std::vector{946, 960, 1});
  CHECK(time("15::46--16:00") == std::vector{946, 960, 1});
  CHECK(time("15:46") == std::vector{946, -1, 0});
  for (const char* bad : {"", "-", "25:00-26:00", "15:60-16:00", "15:46-x", "1546", "15:46-16:00-17:00", "::"}) {
    INFO(bad);
    CHECK(time(bad).empty());
  }
}

TEST_CASE("a grid of rooms is read, with dates that are left out, open slots and classes that share one") {
  const TimetableReport report = read(
      "毕业生图像采集时间表,,,\n"
      "日期,时间,二号教室,一号教室\n"
      "6月10日（周三）,8:00-8:15,19史（10）,19史（5）\n"
      ",8:15:-8:30,\"19文（1）、19文（2）\",机动\n"
      "6月11日,8:00,19外（1）,\n");
  CHECK(report.refused.empty());
  REQUIRE(report.slots.size() == 7);
  CHECK(report.slots[0].room == "一号教室");
  CHECK(report.slots[0].class_name == "19史（5）");
  CHECK(when(report.slots[0]) == "2026-06-10T00:00:00Z/2026-06-10T00:15:00Z");
  CHECK(report.slots[1].class_name.empty());
  CHECK(when(report.slots[2]) == "2026-06-11T00:00:00Z/2026-06-11T00:15:00Z");
  CHECK(report.slots[4].class_name == "19文（1）");
  CHECK(report.slots[5].class_name == "19文（2）");
  CHECK(report.repairs == std::vector<SlotNote>{{4, "T-TIME-MARKS", "08:15-08:30"}, {5, "T-END-MISSING", "08:00-08:15"}});
}

TEST_CASE("a list of slots is read, each mistake told, and one bad row keeps no other out") {
  const TimetableReport report = read(
      "序号,日期,时间,地点,班级,人数\n"
      "1,20260610,11:45-12:00,A101,甲班,40\n"
      "2,20260610,1:00-1:15,A101,乙班,40\n"
      "3,20260610,13:10-13:25,A101,甲班,40\n"
      "4,20260610,下午,A101,丙班,40\n"
      "5,someday,8:00-8:15,A101,丁班,40\n"
      "6,20260612,8:00-8:15,,戊班,40\n");
  REQUIRE(report.slots.size() == 3);
  CHECK(report.repairs ==
        std::vector<SlotNote>{{3, "T-AFTERNOON", "13:00-13:15"}, {4, "T-OVERLAP", "A101"}, {4, "T-CLASS-TWICE", "甲班"}});
  CHECK(report.refused == std::vector<SlotNote>{{5, "T-TIME", ""}, {6, "T-DATE", ""}, {7, "T-ROOM", ""}});
}

TEST_CASE("a class whose name is too long is not placed, and told") {
  const TimetableReport report =
      read("日期,时间,地点,班级\n20260610,8:00-8:15,A,甲\n20260610,8:15-8:30,A," + std::string(600, 'x') + "\n");
  CHECK(report.slots.size() == 1);
  CHECK(report.refused == std::vector<SlotNote>{{3, "T-CLASS", ""}});
}

TEST_CASE("dates without a year need one, and a table of another shape is refused") {
  CHECK(read("日期,时间,A\n6月10日,8:00-8:15,甲\n", 0).refused == std::vector<SlotNote>{{2, "T-DATE", ""}});
  CHECK(read_timetable(as_bytes("a,b\n1,2\n"), {2026, 15}).error().code == Code::kRosterBad);
  CHECK(read_timetable(as_bytes("日期,时间,A\n"), {2026, 15}).error().code == Code::kRosterBad);
}

TEST_CASE("ninety-six classes in three rooms and thirty-two slots are read as they stand") {
  std::string text = "日期,时间,1号,2号,3号\n";
  int class_number = 0;
  for (int slot = 0; slot < 32; ++slot) {
    const int from = 8 * 60 + slot % 16 * 15;
    const auto clock = [](int minutes) {
      return std::to_string(minutes / 60) + ":" + std::to_string(100 + minutes % 60).substr(1);
    };
    text += std::string(slot < 16 ? "2026-06-10" : "2026-06-11") + "," + clock(from) + "-" + clock(from + 15);
    for (int room = 0; room < 3; ++room) text += ",班" + std::to_string(++class_number);
    text += "\n";
  }
  const TimetableReport report = read(text);
  CHECK(report.slots.size() == 96);
  CHECK(report.refused.empty());
  CHECK(report.repairs.empty());
}

TEST_CASE("every word about a timetable is there in both languages with its cure") {
  for (const SlotMessage& message : all_slot_messages()) {
    INFO(message.code);
    CHECK((!message.zh.empty() && !message.en.empty() && !message.cure_zh.empty() && !message.cure_en.empty()));
    CHECK(slot_message(message.code) == &message);
  }
  CHECK(slot_message("T-NONE") == nullptr);
}
