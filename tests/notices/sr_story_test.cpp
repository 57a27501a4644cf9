// SR: on campus by timetable: 96 classes, three rooms, two days, and noise in the table.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/notices/story.h"

using namespace satchel::tests;

namespace {

constexpr int kClasses = 96;
constexpr int kRooms = 3;
constexpr int kSlotsADay = 16;
constexpr int kFullClass = 4;  // 19史（5）: as many as a slot is made for
constexpr int kSlotStudents = 45;

std::string class_name(int index) {
  constexpr std::array<const char*, 8> kSubjects{"史", "文", "外", "数", "物", "化", "护", "会"};
  return "19" + std::string(kSubjects.at(static_cast<std::size_t>(index / 12))) + "（" + std::to_string(1 + index % 12) + "）";
}
std::string room_name(int index) { return numeral(index + 1) + "号教室"; }
int students_of(int index) { return index == kFullClass ? kSlotStudents : 1; }

Casting cast() {
  Casting out{"sr", {}, {}, "2026-06-01 09:00"};
  for (int i = 0; i < kRooms; ++i) out.sites.push_back(room_name(i));
  RosterWriter roster;
  int number = 0;
  for (int i = 0; i < kClasses; ++i) {
    for (int k = 0; k < students_of(i); ++k) {
      RosterWriter::Row row;
      row.number = "201999" + std::to_string(300000 + number++);
      row.enrolled = "20190901";
      row.level = "本科";
      row.site = room_name(i % kRooms);
      row.class_name = class_name(i);
      roster.add(row);
    }
  }
  out.roster = roster.text();
  return out;
}

std::string two(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

/// As such tables come: the date once a day, brackets of both widths, one time with a colon too many.
std::string timetable() {
  std::string out = "毕业生图像采集时间表,,,,\r\n日期,时间";
  for (int room = 0; room < kRooms; ++room) out += "," + room_name(room);
  out += "\r\n";
  int index = 0;
  for (int day = 0; day < 2; ++day) {
    for (int slot = 0; slot < kSlotsADay; ++slot) {
      // Eight in the morning from eight, eight in the afternoon from a quarter past two.
      const int begin = slot < 8 ? 8 * 60 + slot * 15 : 14 * 60 + 15 + (slot - 8) * 15;
      const std::string from = two(begin / 60) + ":" + two(begin % 60);
      const std::string until = two((begin + 15) / 60) + ":" + two((begin + 15) % 60);
      const bool noisy = day == 0 && from == "15:45";
      out += (slot == 0 ? "6月" + std::to_string(10 + day) + "日（周" + (day == 0 ? "三" : "四") + "）" : std::string()) + "," +
             (noisy ? "15:46:-16:00" : from + "-" + until);
      for (int room = 0; room < kRooms; ++room) out += "," + class_name(index++);
      out += "\r\n";
    }
  }
  return out + ",16:15-16:30,机动,,\r\n";
}

/// The evening before, the students of one room send their codes: one a picture without any, one nothing. The office prints the
/// large class's codes on sheets for those who come without.
void check_codes(Story& story) {
  story.clock.set("2026-06-09 20:00");
  const NodeHome& room = story.site(room_name(1));
  const auto people = story.coming(room.name());
  REQUIRE(people.size() > 2);
  const auto folder = story.scratch / "sent";
  std::filesystem::create_directories(folder);
  for (std::size_t i = 0; i + 1 < people.size(); ++i) {
    std::filesystem::copy_file(i == 0 ? portrait(0) : story.code(people[i]), folder / (std::to_string(i) + ".png"));
  }
  const auto checked = room.ask({"code", "check", folder.string(), "--csv", (story.scratch / "sent.csv").string()}, 4);
  CHECK(number_at(checked, "students") == static_cast<std::int64_t>(people.size()));
  CHECK(list_at(checked, "usable").size() == people.size() - 2);
  REQUIRE(list_at(checked, "unusable").size() == 1);
  CHECK_FALSE(text_at(list_at(checked, "unusable")[0].as_object(), "cure_zh").empty());
  const auto missing = texts_of(list_at(checked, "missing"), "student");
  CHECK(std::set<std::string>(missing.begin(), missing.end()) ==
        std::set<std::string>{story.reference(people.front()), story.reference(people.back())});
  const std::string table = read_file(story.scratch / "sent.csv");
  for (const Person& person : people) CHECK(table.find(person.id_number) == std::string::npos);
  // Both bring it after all.
  for (const Person& person : {people.front(), people.back()}) {
    std::filesystem::copy_file(story.code(person), folder / (person.number + ".png"));
  }
  CHECK(list_at(room.ask({"code", "check", folder.string()}, 4), "missing").empty());

  const auto sheets =
      story.hub.ask({"papers", "codes", "--class", class_name(kFullClass), "--out", (story.scratch / "sheets").string()});
  CHECK(number_at(sheets, "students") == kSlotStudents);
  const std::string printed = pdf_text(text_at(sheets, "file"));
  std::size_t on_sheets = 0;
  for (const Person& person : people) {
    on_sheets += times(printed, person.number);
    CHECK(printed.find(person.id_number) == std::string::npos);
  }
  CHECK(on_sheets == kSlotStudents);
}

}  // namespace

TEST_CASE("SR: ninety-six classes pass through three rooms in two days, each in its quarter of an hour") {
  Story story(cast());
  // The table is read through its noise, and what was mended is told.
  write_file(story.scratch / "timetable.csv", timetable());
  const auto table = story.hub.ask({"timetable", "import", (story.scratch / "timetable.csv").string()});
  // The open slot is one cell over all rooms, as a table that was merged gives it.
  CHECK(number_at(table, "slots") == kRooms * (2 * kSlotsADay + 1));
  CHECK(number_at(table, "classes") == kClasses);
  CHECK(list_at(table, "refused").empty());
  CHECK(list_at(table, "unknown_classes").empty());
  CHECK(list_at(table, "classes_without_slot").empty());
  const auto& repairs = list_at(table, "repairs");
  const bool told = std::any_of(repairs.begin(), repairs.end(), [](const auto& one) {
    return text_at(one.as_object(), "code") == "T-TIME-MARKS" && text_at(one.as_object(), "shown") == "15:46-16:00";
  });
  CHECK(told);
  story.hand_out();

  check_codes(story);

  // Classes stand in the order in which people count.
  const auto classes = texts_of(list_at(story.hub.ask({"report", "coverage"}), "classes"), "class");
  CHECK(classes.size() == kClasses);
  const auto fifth = std::find(classes.begin(), classes.end(), "19史（5）");
  const auto tenth = std::find(classes.begin(), classes.end(), "19史（10）");
  CHECK(fifth < tenth);

  // Whose turn it is: 19史（5） is in the second room, in the second quarter of the first hour.
  story.clock.set("2026-06-10 08:20");
  const NodeHome& second = story.site(room_name(1));
  const auto queue = second.ask({"queue", "--room", room_name(1), "--limit", "45"});
  CHECK(list_at(queue, "present_classes").size() == 1);
  CHECK(texts_of(list_at(queue, "queue"), "class") == std::vector<std::string>(kSlotStudents, "19史（5）"));
  // Nobody shows an ID card: the code gives name and number masked, the last four digits at most.
  const Person first = story.coming(room_name(1)).front();
  const auto scanned = second.ask_lines({"code", "scan", story.code(first).string()}).front();
  CHECK(text_at(scanned, "id_number") == std::string(14, '*') + first.id_number.substr(14));
  CHECK(text_at(scanned, "name").find('*') != std::string::npos);
  CHECK(text_at(scanned, "timing") == "open");

  // Two days: the photographer of each room delivers a folder for each, by number.
  std::size_t came = 0;
  for (int day = 0; day < 2; ++day) {
    story.clock.set(day == 0 ? "2026-06-10 16:20" : "2026-06-11 16:20");
    for (int room = 0; room < kRooms; ++room) {
      const NodeHome& site = story.site(room_name(room));
      const auto all = story.coming(site.name());
      const auto half = static_cast<std::ptrdiff_t>(all.size() / 2);
      const std::vector<Person> today(day == 0 ? all.begin() : all.begin() + half, day == 0 ? all.begin() + half : all.end());
      const auto folder = story.photograph("sr-" + std::to_string(day) + "-" + std::to_string(room), today);
      const auto taken = site.ask({"capture", "--folder", folder.string(), "--submit"});
      CHECK(number_at(taken, "submitted") == static_cast<std::int64_t>(today.size()));
      CHECK(number_at(taken, "files") == static_cast<std::int64_t>(today.size()));
      came += today.size();
    }
  }
  auto tellings = story.split("2026-06-17 12:00");
  for (Telling& telling : tellings) {
    telling.bring_in();
    story.clock.set("2026-06-20 09:00");
    const auto total = object_at(telling.hub.ask({"report", "coverage"}), "total");
    if (kPhotographed == 1) CHECK(number_at(total, "missing") == 0);
    CHECK(telling.approve_all().size() == came);
    telling.bring_out();
    CHECK(number_at(telling.hub.ask({"export", "--out", (telling.folder / "export").string()}), "exported") ==
          static_cast<std::int64_t>(came));
    // An envelope for each of the ninety-six, and who pays fifteen yuan.
    const auto envelopes = telling.hub.ask({"papers", "envelopes", "--out", telling.handed().string()});
    CHECK(number_at(envelopes, "classes") == kClasses);
    CHECK(number_at(envelopes, "students") == static_cast<std::int64_t>(came));
    CHECK(telling.paper("fees", came).find("15") != std::string::npos);
    telling.bring_out();
  }
  Story::require_same(tellings, "export");
  Story::require_same(tellings, "handed");
  story.report(tellings[1], "SR 上饶：96 个班，3 间教室，2 天，每个时段 15 分钟",
               {"96 个班各有时段，另有 1 个机动时段；时间表修正 1 处（15:46:-16:00）；最大的班 45 人在一个时段内。",
                "前一晚查码：1 个教室 76 名学生中 1 张不可用、1 名未交，当晚补齐；45 人的班另印采集码；96 个班各一个照片袋。"});
}
