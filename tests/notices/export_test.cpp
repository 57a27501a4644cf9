// What each notice takes over from Satchel: names, folders, sizes, dots, the list, and no file under two names or two people's.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "core/campaign/table_rows.h"
#include "core/portrait/decode.h"
#include "tests/notices/story.h"

using namespace satchel::tests;
namespace core = satchel::core;
namespace fs = std::filesystem;

namespace {

/// What a notice says of the files that it takes.
struct Taken {
  const char* notice;
  const char* day;   ///< on which its sites collect
  const char* site;  ///< of its own naming
  const char* school_type;
  int width = 120;
  int height = 160;
  bool ground_replaced = false;  ///< HF makes it blue; NC and HH forbid to touch it
};
constexpr std::array kNotices{
    Taken{"sh", "2026-05-20 10:00", "一号教学点", "成人高等教育", 120, 160, false},
    Taken{"hf", "2026-06-16 10:00", "校本部", "成人高等教育", 120, 160, true},
    Taken{"sr", "2026-06-10 10:00", "一号教室", "普通高等教育", 120, 160, false},
    Taken{"nc", "2026-04-08 10:00", "一号函授站", "成人高等教育", 120, 160, false},
    Taken{"hh", "2026-05-12 10:00", "一号采集点", "成人高等教育", 120, 160, false},
};

/// All of them: JPEG of 480×640, 24 bit, 300 dots an inch, 20 to 40 KB.
constexpr std::uintmax_t kBytesMin = 20'000;
constexpr std::uintmax_t kBytesMax = 40'000;
constexpr int kDpi = 300;
constexpr std::size_t kStudents = 6;
/// Two study records of one person: their places in the roster.
constexpr std::size_t kFirstRecord = 2;
constexpr std::size_t kSecondRecord = 4;

const std::vector<std::string> kListColumns{"学号",     "姓名",     "身份证号", "学校名称", "学校代码", "学校类型",
                                            "学历层次", "入学日期", "站点",     "班级",     "专业",     "照片文件"};

/// Numbers that do not sort as text does, an identity number that ends in X, and one person who studies twice.
Casting cast(const Taken& notice) {
  Casting out{notice.notice, {notice.site}, {}, notice.day};
  RosterWriter roster;
  for (std::size_t i = 0; i < kStudents; ++i) {
    RosterWriter::Row row;
    row.number = "2024-" + std::to_string(12 - i);  // 12, 11, 10, 9, 8, 7: in the roster the other way round
    row.enrolled = "20240301";
    row.site = notice.site;
    row.class_name = i % 2 == 0 ? "24法（2）" : "24法（10）";
    row.check_x = i == 0;
    roster.add(row);
  }
  out.roster = roster.text();
  const auto id_number_of = [&](std::size_t place) {
    std::size_t at = 0;
    for (std::size_t i = 0; i <= place; ++i) at = out.roster.find("999999", at) + 1;
    return std::pair{at - 1, out.roster.substr(at - 1, 18)};
  };
  out.roster.replace(id_number_of(kSecondRecord).first, 18, id_number_of(kFirstRecord).second);
  return out;
}

core::portrait::Picture decoded(const fs::path& file) {
  const auto picture = core::portrait::decode(core::as_bytes(read_file(file)));
  INFO(file);
  REQUIRE(picture);
  return *picture;
}

/// Red, green and blue near the upper left corner, where the ground is.
std::array<int, 3> corner(const core::portrait::Picture& picture) {
  const std::size_t at = static_cast<std::size_t>(picture.width) * 3 * 8 + 8 * 3;
  return {picture.bgr.at(at + 2), picture.bgr.at(at + 1), picture.bgr.at(at)};
}

/// The worst of the three.
int distance(std::array<int, 3> a, std::array<int, 3> b) {
  return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
}

std::vector<std::vector<std::string>> rows_of(const fs::path& table) {
  const auto read = core::read_table(core::as_bytes(read_file(table)), 100);
  INFO(table);
  REQUIRE(read);
  std::vector<std::vector<std::string>> out;
  for (const core::TableRow& row : read->rows) out.push_back(row.cells);
  return out;
}

/// The folder holds these files and no other.
std::set<std::string> names_below(const fs::path& folder) {
  std::set<std::string> out;
  for (const fs::path& file : files_below(folder)) out.insert(file.lexically_relative(folder).string());
  return out;
}

/// Everybody is photographed, submitted and approved.
void approve_all(Story& story) {
  const NodeHome& site = story.sites.front();
  const auto folder = story.photograph("taken", story.people);
  const auto taken = site.ask({"capture", "--folder", folder.string(), "--submit"});
  REQUIRE(number_at(taken, "submitted") == static_cast<std::int64_t>(kStudents));
  const fs::path stick = story.scratch / "stick";
  fs::create_directories(stick);
  site.ask({"stick", "write", stick.string()});
  story.hub.ask({"stick", "read", stick.string()});
  Arguments approve{"review", "approve"};
  for (const Person& person : story.people) approve.push_back(story.reference(person));
  story.hub.ask(approve);
}

/// One student's two files: the one for the next office and the standard picture that it was made from.
void check_files(const Taken& notice, const Story& story, const fs::path& out, std::size_t place) {
  const std::string name = story.people[place].id_number + ".jpg";
  INFO(name);
  const JpegShape small = jpeg_shape(read_file(out / name));
  CHECK(small.width == notice.width);
  CHECK(small.height == notice.height);
  CHECK(small.components == 3);
  CHECK(small.dpi == kDpi);
  const fs::path standard = out / "standard" / name;
  const JpegShape large = jpeg_shape(read_file(standard));
  CHECK(large.width == 480);
  CHECK(large.height == 640);
  CHECK(large.components == 3);
  CHECK(large.dpi == kDpi);
  CHECK(fs::file_size(standard) >= kBytesMin);
  CHECK(fs::file_size(standard) <= kBytesMax);
  constexpr std::array<int, 3> kBlue{100, 197, 255};
  const auto ground = notice.ground_replaced ? kBlue : corner(decoded(portrait(static_cast<int>(place))));
  constexpr int kNear = 8;  // a JPEG's colours are off by a little
  CHECK(distance(corner(decoded(standard)), ground) <= kNear);
}

}  // namespace

TEST_CASE("each notice gets the names, sizes and lists that it asks for, and never one file for two people") {
  for (const Taken& notice : kNotices) {
    DYNAMIC_SECTION(notice.notice) {
      Story story(cast(notice));
      approve_all(story);
      const fs::path out = story.scratch / "export";
      const auto exported = story.hub.ask({"export", "--out", out.string()}, 4);
      CHECK(number_at(exported, "exported") == static_cast<std::int64_t>(kStudents) - 2);
      CHECK(fs::path(text_at(exported, "list")) == out / "list.xlsx");

      // Both study records are left out, each told by itself, and neither has a file.
      const std::set<std::string> both{story.reference(story.people[kFirstRecord]), story.reference(story.people[kSecondRecord])};
      REQUIRE(story.people[kFirstRecord].id_number == story.people[kSecondRecord].id_number);
      const auto left_out = texts_of(list_at(exported, "left_out"), "student");
      CHECK(std::set<std::string>(left_out.begin(), left_out.end()) == both);
      for (const auto& one : list_at(exported, "left_out")) {
        require_error(object_at(one.as_object(), "error"), "E-EXPORT-COLLISION");
      }

      std::set<std::string> expected{"list.csv", "list.xlsx", "manifest.csv", "manifest.json"};
      std::vector<std::string> in_order;  // by 学号, as people count
      for (std::size_t i = kStudents; i-- > 0;) {
        if (i == kFirstRecord || i == kSecondRecord) continue;
        const std::string name = story.people[i].id_number + ".jpg";
        expected.insert(name);
        expected.insert("standard/" + name);
        in_order.push_back(story.people[i].number);
        check_files(notice, story, out, i);
      }
      CHECK(names_below(out) == expected);
      CHECK(story.people[0].id_number.ends_with('X'));

      // The list opens with every number as text, in both forms alike, and the school stands on each row.
      const auto list = rows_of(out / "list.xlsx");
      REQUIRE(list.size() == 1 + in_order.size());
      CHECK(list.front() == kListColumns);
      for (std::size_t i = 0; i < in_order.size(); ++i) {
        const auto& row = list[i + 1];
        REQUIRE(row.size() == kListColumns.size());
        CHECK(row[0] == in_order[i]);
        CHECK(row[3] == "示例学院");
        CHECK(row[4] == "99999");
        CHECK(row[5] == notice.school_type);
        CHECK(row[8] == notice.site);
        CHECK(row[11] == row[2] + ".jpg");
      }
      const std::string csv = read_file(out / "list.csv");
      for (const auto& row : list) {
        for (const std::string& cell : row) CHECK(csv.find(cell) != std::string::npos);
      }
    }
  }
}
