#include "core/export/papers.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/export/manifest.h"

using namespace satchel::core;

namespace {

const PaperHead kHead{"毕业生图像采集", "示例学院", "01234", "2026-06-16"};

PaperStudent student(std::string number, std::string name, std::string class_name, bool with_image = true) {
  PaperStudent out;
  out.row.student = StudentRef{std::stoull(number)};
  out.row.student_number = std::move(number);
  out.row.name = std::move(name);
  out.row.id_number = "99999919990101001X";
  out.row.class_name = std::move(class_name);
  out.row.site_name = "东村教学点";
  out.masked_name = "测*";
  out.masked_id_number = "**************001X";
  if (with_image) out.image = PaperImage{{0xFF, 0xD8}, 480, 640};
  return out;
}

std::vector<std::string> words(const PaperPage& page) {
  std::vector<std::string> out;
  for (const PaperText& text : page.texts) out.push_back(text.text);
  return out;
}

bool says(const PaperPage& page, const std::string& text) {
  return std::ranges::any_of(page.texts, [&](const PaperText& one) { return one.text.find(text) != std::string::npos; });
}

std::size_t place(const PaperPage& page, const std::string& text) {
  const auto all = words(page);
  return static_cast<std::size_t>(std::ranges::find(all, text) - all.begin());
}

void require_inside(const PaperPage& page) {
  for (const PaperText& text : page.texts) {
    CHECK(text.x_mm >= 0);
    CHECK(text.x_mm + text.width_mm <= page.width_mm);
    CHECK(text.middle_mm > 0);
    CHECK(text.middle_mm < page.height_mm);
  }
  for (const PaperLine& line : page.lines) {
    CHECK(std::min({line.x1_mm, line.x2_mm, line.y1_mm, line.y2_mm}) >= 0);
    CHECK(std::max(line.x1_mm, line.x2_mm) <= page.width_mm);
    CHECK(std::max(line.y1_mm, line.y2_mm) <= page.height_mm);
  }
  for (const PaperPicture& picture : page.pictures) {
    CHECK(picture.x_mm >= 0);
    CHECK(picture.y_mm >= 0);
    CHECK(picture.x_mm + picture.width_mm <= page.width_mm);
    CHECK(picture.y_mm + picture.height_mm <= page.height_mm);
  }
}

std::vector<PaperStudent> two_classes() {
  std::vector<PaperStudent> out{student("10", "测试甲", "19史（10）"), student("9", "测试乙", "19史（5）"),
                                student("100", "测试丙", "19史（5）"), student("20", "测试丁", "19史（5）")};
  sort_for_papers(out);
  return out;
}

}  // namespace

TEST_CASE("codes stand twelve a page, each class on pages of its own, and name nobody in full") {
  std::vector<PaperStudent> students;
  for (int i = 0; i < 14; ++i) students.push_back(student(std::to_string(202600000001LL + i), "测试人", "19史（5）"));
  students.push_back(student("202600000100", "测试人", "19史（10）"));
  sort_for_papers(students);
  const Paper paper = code_sheets(kHead, students);
  REQUIRE(paper.pages.size() == 3);
  CHECK(paper.pages[0].pictures.size() == 12);
  CHECK(paper.pages[1].pictures.size() == 2);
  CHECK(paper.pages[2].pictures.size() == 1);
  CHECK(paper.images.size() == 15);
  CHECK(says(paper.pages[0], "长按二维码保存"));
  CHECK(says(paper.pages[2], "19史（10）"));
  for (const PaperPage& page : paper.pages) {
    require_inside(page);
    CHECK(says(page, "测*"));
    CHECK_FALSE(says(page, "测试人"));
  }
}

TEST_CASE("papers go by class and by number as a teacher sorts") {
  const auto all = two_classes();
  const auto classes = by_class(all);
  REQUIRE(classes.size() == 2);
  CHECK(classes[0].front().row.class_name == "19史（5）");
  CHECK(classes[0][0].row.student_number == "9");
  CHECK(classes[0][1].row.student_number == "20");
  CHECK(classes[0][2].row.student_number == "100");
}

TEST_CASE("each class has an envelope of its own, with its label and its students in order, and no ID number in full") {
  const Paper paper = envelopes(kHead, two_classes(), 5);
  REQUIRE(paper.pages.size() == 2);
  const PaperPage& first = paper.pages[0];
  CHECK(says(first, "19史（5）"));
  CHECK(says(first, "共 3 人 · 每人 5 张 · 合计 15 张"));
  CHECK(place(first, "9") < place(first, "20"));
  CHECK(place(first, "20") < place(first, "100"));
  CHECK(says(first, "测试乙"));
  for (const PaperPage& page : paper.pages) {
    CHECK_FALSE(says(page, "99999919990101001X"));
    require_inside(page);
  }
}

TEST_CASE("a class that needs more than a page has its table's heads on each, and a number at each foot") {
  std::vector<PaperStudent> many;
  for (int i = 0; i < 60; ++i) many.push_back(student(std::to_string(1000 + i), "测试", "一班"));
  const Paper paper = envelopes(kHead, many, 5);
  REQUIRE(paper.pages.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(says(paper.pages[i], "学生签收"));
    CHECK(says(paper.pages[i], "第 " + std::to_string(i + 1) + " 页，共 2 页"));
    require_inside(paper.pages[i]);
  }
  CHECK(says(paper.pages[1], "1059"));
}

TEST_CASE("a contact sheet shows each picture with number and name, and an empty frame where there is none") {
  auto all = two_classes();
  all[0].image.reset();
  const Paper paper = contact_sheet(kHead, all);
  REQUIRE(paper.pages.size() == 2);
  CHECK(paper.pages[0].pictures.size() == 2);
  CHECK(paper.images.size() == 3);
  CHECK(says(paper.pages[0], "测试乙"));
  for (const PaperPage& page : paper.pages) require_inside(page);
}

TEST_CASE("36 pictures fill a contact sheet, and the 37th begins another") {
  std::vector<PaperStudent> many;
  for (int i = 0; i < 37; ++i) many.push_back(student(std::to_string(1000 + i), "测试", "一班"));
  const Paper paper = contact_sheet(kHead, many);
  REQUIRE(paper.pages.size() == 2);
  CHECK(paper.pages[0].pictures.size() == 36);
  for (const PaperPage& page : paper.pages) require_inside(page);
}

TEST_CASE("prints stand on a 6-inch sheet without touching, in the ratio of the picture, each with eight crop marks") {
  const auto sheet = print_sheet("6-inch");
  REQUIRE(sheet);
  CHECK_FALSE(print_sheet("A3"));
  const int count = GENERATE(1, 4, 5, 8, 9);
  const std::vector<PaperStudent> all{student("1", "测试甲", "一班"), student("2", "测试乙", "一班", false)};
  const Paper paper = print_layout(kHead, all, *sheet, count);
  REQUIRE(paper.pages.size() == 1);
  const PaperPage& page = paper.pages[0];
  CHECK(page.width_mm == 152);
  CHECK(page.height_mm == 102);
  REQUIRE(page.pictures.size() == static_cast<std::size_t>(count));
  CHECK(page.lines.size() == 8 * static_cast<std::size_t>(count));
  require_inside(page);
  for (std::size_t i = 0; i < page.pictures.size(); ++i) {
    const PaperPicture& a = page.pictures[i];
    CHECK(a.width_mm / a.height_mm == Approx(0.75));
    CHECK(a.width_mm >= 20);
    CHECK(a.width_mm <= 40.6);
    for (std::size_t j = 0; j < i; ++j) {
      const PaperPicture& b = page.pictures[j];
      const bool apart = a.x_mm >= b.x_mm + b.width_mm || b.x_mm >= a.x_mm + a.width_mm || a.y_mm >= b.y_mm + b.height_mm ||
                         b.y_mm >= a.y_mm + a.height_mm;
      CHECK(apart);
    }
  }
}

TEST_CASE("an errata form has what is known, marks what is wrong, and leaves the correction blank") {
  PaperStudent one = student("1", "测试甲", "一班");
  one.wrong = {"name"};
  one.note = "身份证复印件";
  const Paper paper = errata_forms(kHead, std::vector<PaperStudent>{one});
  REQUIRE(paper.pages.size() == 1);
  const PaperPage& page = paper.pages[0];
  const auto all = words(page);
  CHECK(says(page, "99999919990101001X"));
  CHECK(std::ranges::count(all, "√ 错误") == 1);
  CHECK(std::ranges::count(all, "正确") == 8);
  CHECK(place(page, "√ 错误") == place(page, "测试甲") + 1);
  CHECK(says(page, "身份证复印件"));
  require_inside(page);
}

TEST_CASE("fees are summed for each class, and refunds over all") {
  const Paper fees = fee_sheets(kHead, two_classes(), 15);
  REQUIRE(fees.pages.size() == 2);
  CHECK(says(fees.pages[0], "45"));
  const Paper refunds = refund_list(kHead, two_classes(), 15.5);
  REQUIRE(refunds.pages.size() == 1);
  CHECK(says(refunds.pages[0], "62"));
  CHECK(yuan_text(15) == "15");
  CHECK(yuan_text(15.5) == "15.50");
}

TEST_CASE("a list for a chat names nobody in full") {
  const std::string text = chat_lists(two_classes());
  CHECK(text.starts_with("【19史（5）】共 3 人\n1. 测* **************001X"));
  CHECK(text.find("测试") == std::string::npos);
  CHECK(text.find("9999991999") == std::string::npos);
  CHECK(text.find("\n\n【19史（10）】共 1 人\n") != std::string::npos);
}

TEST_CASE("the list for the next office has the school's constants in each row and only texts") {
  Profile profile;
  profile.school = "示例学院";
  profile.school_code = "01234";
  profile.school_type = "成人高等教育";
  ManifestRow row = make_row(student("202199000001", "测试甲", "一班").row, profile);
  row.small_file = "99999919990101001X.jpg";
  const Sheet list = handover_list(std::vector<ManifestRow>{row});
  REQUIRE(list.rows.size() == 1);
  REQUIRE(list.columns.size() == list.rows[0].size());
  for (const Sheet::Column& column : list.columns) CHECK_FALSE(column.numbers);
  for (const char* wanted : {"示例学院", "01234", "成人高等教育", "202199000001", "99999919990101001X.jpg"}) {
    CHECK(std::ranges::find(list.rows[0], wanted) != list.rows[0].end());
  }
  CHECK(list.csv().starts_with("\xEF\xBB\xBF\"学号\",\"姓名\",\"身份证号\""));
}
