#include "core/export/manifest.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/campaign/table_rows.h"

using namespace satchel::core;

namespace {

ManifestRow row(std::string number, std::string name = "测试甲") {
  RosterFact fact;
  fact.student = StudentRef{5};
  fact.student_number = std::move(number);
  fact.name = std::move(name);
  fact.id_number = "99999919990101001X";
  fact.enrolled_on = "20230301";
  fact.class_name = "19史（5）";
  Profile profile;
  profile.school = "示例学院";
  profile.school_code = "01234";
  ManifestRow out = make_row(fact, profile);
  out.small_file = "99999919990101001X.jpg";
  out.small_size = 4321;
  return out;
}

std::string csv(const std::vector<ManifestRow>& rows) { return manifest_csv(rows); }

std::vector<TableRow> read_back(const std::string& text) {
  auto table = read_table(as_bytes(text), 100);
  REQUIRE(table.has_value());
  return std::move(table->rows);
}

}  // namespace

TEST_CASE("the manifest begins with the mark by which Excel knows UTF-8, and its lines end in CRLF") {
  const std::string text = csv({row("1")});
  CHECK(text.starts_with("\xEF\xBB\xBF\"学号\",\"姓名\",\"身份证号\""));
  CHECK(text.ends_with("\r\n"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

TEST_CASE("ids stay text in Excel: long numbers, leading zeros and dates become text formulas") {
  const auto rows = read_back(csv({row("202199000001")}));
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].cells[0] == "=\"202199000001\"");
  CHECK(rows[1].cells[1] == "测试甲");
  CHECK(rows[1].cells[2] == "=\"99999919990101001X\"");
  CHECK(rows[1].cells[4] == "=\"01234\"");
  CHECK(rows[1].cells[12] == "4321");
}

TEST_CASE("a cell that Excel would run as a formula is shown as text") {
  for (const std::string evil : {"=1+1", "+cmd", "-2", "@x", "=HYPERLINK(\"x\")"}) {
    std::string doubled;
    for (const char c : evil) doubled += c == '"' ? std::string{"\"\""} : std::string{c};
    CHECK(read_back(csv({row("1", evil)}))[1].cells[1] == "=\"" + doubled + "\"");
  }
}

TEST_CASE("what looks like a date or a power of ten is kept as it is written") {
  for (const std::string text : {"3-4", "1E5", "2026/1/2", "007", "1.50"}) {
    CHECK(read_back(csv({row("1", text)}))[1].cells[1] == "=\"" + text + "\"");
  }
  CHECK(read_back(csv({row("1", "42")}))[1].cells[1] == "42");
  CHECK(read_back(csv({row("1", "0")}))[1].cells[1] == "0");
}

TEST_CASE("commas, quotation marks and line ends in a field do not break the manifest") {
  const std::string text = "a,\"b\"\r\nc";
  CHECK(read_back(csv({row("1", text)}))[1].cells[1] == text);
}

TEST_CASE("rows are sorted by number as a teacher sorts, and each has a cell for each column") {
  std::vector<ManifestRow> rows{row("A10"), row("A9"), row("A100")};
  sort_rows(rows);
  CHECK(rows[0].student_number == "A9");
  CHECK(rows[1].student_number == "A10");
  CHECK(rows[2].student_number == "A100");
  for (const ManifestRow& each : rows) CHECK(manifest_cells(each).size() == manifest_columns().size());
}

TEST_CASE("hashes and times stand in the manifest, and what was not exported stays empty") {
  ManifestRow with = row("1");
  with.small_hash.value[0] = 0xAB;
  with.standard_file = "standard/x.jpg";
  with.standard_size = 30'000;
  with.approved.value = 1'781'596'805'999;
  const auto cells = manifest_cells(with);
  CHECK(cells[13].starts_with("ab00"));
  CHECK(cells[14] == "standard/x.jpg");
  CHECK(cells[15] == "30000");
  CHECK(cells[17].empty());
  CHECK(cells[18] == "2026-06-16T08:00:05Z");
  const auto without = manifest_cells(row("1"));
  CHECK(without[14].empty());
  CHECK(without[15].empty());
  CHECK(without[16].empty());
}
