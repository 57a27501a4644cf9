// The forms in which rosters are handed in: encodings, separators, workbooks, other names of columns.
#include <zip.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>

#include "core/campaign/people.h"
#include "core/campaign/roster_heads.h"
#include "core/campaign/xlsx_rows.h"

using namespace satchel::core;

namespace {

RosterContext context() {
  RosterContext out;
  out.sites = {{"甲站", NodeNumber{1}}};
  out.reference_date = "20260601";
  return out;
}

std::string id_number(int serial) {
  const std::string first17 = "99999919990101" + std::to_string(1000 + serial).substr(1);
  return first17 + id_check_character(first17);
}

RosterReport read(const Bytes& file) {
  auto report = read_roster(file, context());
  INFO((report ? "" : report.error().detail));
  REQUIRE(report.has_value());
  return *std::move(report);
}
RosterReport read(const std::string& text) { return read(to_bytes(as_bytes(text))); }

using Parts = std::vector<std::pair<std::string, std::string>>;

/// A workbook of these parts.
Bytes workbook(const Parts& parts) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const target = zip_source_buffer_create(nullptr, 0, 0, &error);
  REQUIRE(target != nullptr);
  zip_source_keep(target);
  zip_t* const archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  REQUIRE(archive != nullptr);
  for (const auto& [name, text] : parts) {
    zip_source_t* const source = zip_source_buffer(archive, text.data(), text.size(), 0);
    REQUIRE(zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8) >= 0);
  }
  REQUIRE(zip_close(archive) == 0);
  REQUIRE(zip_source_open(target) == 0);
  Bytes out(1 << 20);
  const zip_int64_t size = zip_source_read(target, out.data(), out.size());
  REQUIRE(size > 0);
  out.resize(static_cast<std::size_t>(size));
  zip_source_close(target);
  zip_source_free(target);
  zip_error_fini(&error);
  return out;
}

const std::string kBook =
    R"(<workbook xmlns:r="r"><sheets><sheet name="名册" sheetId="5" r:id="rId7"/><sheet name="x" sheetId="1" r:id="rId1"/></sheets></workbook>)";
const std::string kRelations =
    R"(<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId7" Target="worksheets/sheet9.xml"/></Relationships>)";

Bytes sheet(const std::string& rows, const std::string& shared = "") {
  Parts parts{{"xl/workbook.xml", kBook},
              {"xl/_rels/workbook.xml.rels", kRelations},
              {"xl/worksheets/sheet9.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}};
  if (!shared.empty()) parts.emplace_back("xl/sharedStrings.xml", "<sst>" + shared + "</sst>");
  return workbook(parts);
}

std::string text_cell(const std::string& place, const std::string& text) {
  return "<c r=\"" + place + "\" t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
}

const std::string kHeadRow = "<row r=\"1\">" + text_cell("A1", "学号") + text_cell("B1", "姓名") + text_cell("C1", "身份证号码") +
                             text_cell("D1", "入学时间") + text_cell("E1", "层次") + text_cell("F1", "教学点") +
                             text_cell("G1", "宿舍") + "</row>";

}  // namespace

TEST_CASE("GB18030 as Chinese Excel writes it is read, and its rows are the same as in UTF-8") {
  // 学号,姓名,身份证号,入学日期,学历层次,站点 / 1,张三,…,甲站 in GB18030.
  const std::string head =
      "\xD1\xA7\xBA\xC5,\xD0\xD5\xC3\xFB,\xC9\xED\xB7\xDD\xD6\xA4\xBA\xC5,\xC8\xEB\xD1\xA7\xC8\xD5\xC6\xDA,"
      "\xD1\xA7\xC0\xFA\xB2\xE3\xB4\xCE,\xD5\xBE\xB5\xE3\r\n";
  const std::string row = "1,\xD5\xC5\xC8\xFD," + id_number(1) + ",20230301,\xD7\xA8\xC9\xFD\xB1\xBE,\xBC\xD7\xD5\xBE\r\n";
  const RosterReport report = read(head + row);
  CHECK(report.encoding == TextEncoding::gb18030);
  REQUIRE(report.rows.size() == 1);
  CHECK(report.rows[0].name == "张三");
  CHECK(report.rows[0].level == "专升本");
  CHECK(read_roster(as_bytes(head + "1,\xD5\xFF\xFF\n"), context()).error().detail.find("line 2") != std::string::npos);
}

TEST_CASE("UTF-16 with tabs, which Excel calls Unicode text, is read") {
  const std::u16string text = u"学号\t姓名\t身份证号\t入学日期\t学历层次\t站点\r\n1\t张三\t\t20230301\t专升本\t甲站\r\n";
  std::string bytes = "\xFF\xFE";
  for (const char16_t unit : text) {
    bytes += static_cast<char>(unit & 0xFF);
    bytes += static_cast<char>(unit >> 8);
  }
  const RosterReport report = read(bytes);
  CHECK(report.encoding == TextEncoding::utf16);
  CHECK(report.form == TableForm::tsv);
  REQUIRE(report.refused.size() == 1);
  CHECK(report.refused[0] == RowNote{2, "R-ROW-ID", 0});
}

TEST_CASE("a workbook is read from its first sheet: shared and rich texts, numbers, days, and cells that are left out") {
  const std::string shared = "<si><t>甲站</t></si><si><r><t>专</t></r><r><t>升本</t></r><rPh><t>x</t></rPh></si>";
  const std::string row = "<row r=\"3\"><c r=\"A3\"><v>2.02199000001E+11</v></c>" + text_cell("B3", " 张三 ") +
                          text_cell("C3", id_number(1)) + "<c r=\"D3\" s=\"4\"><v>44986</v></c>" +
                          "<c r=\"E3\" t=\"s\"><v>1</v></c><c r=\"F3\" t=\"s\"><v>0</v></c></row>";
  const RosterReport report = read(sheet(kHeadRow + row, shared));
  CHECK(report.form == TableForm::xlsx);
  CHECK(report.refused.empty());
  REQUIRE(report.rows.size() == 1);
  const RosterRow& read_row = report.rows[0];
  CHECK(read_row.line == 3);
  CHECK(read_row.student_number == "202199000001");
  CHECK(read_row.name == "张三");
  CHECK(read_row.enrolled_on == "20230301");
  CHECK(read_row.level == "专升本");
  CHECK(read_row.site == NodeNumber{1});
  CHECK(read_row.extra.empty());
  CHECK(report.kept_columns == std::vector<std::string>{"宿舍"});
  CHECK(report.renamed_columns ==
        std::vector<std::string>{"身份证号码 = 身份证号", "入学时间 = 入学日期", "层次 = 学历层次", "教学点 = 站点"});
}

TEST_CASE("an archive that is no workbook, is damaged, or unpacks without end is refused and not believed") {
  CHECK(read_roster(workbook({{"a.txt", "x"}}), context()).error().detail.find("no workbook") != std::string::npos);
  Bytes cut = sheet(kHeadRow);
  cut.resize(cut.size() / 2);
  CHECK(read_roster(cut, context()).error().code == Code::kRosterBad);
  const Bytes bomb = workbook({{"xl/workbook.xml", std::string(kXlsxPartMax + 2, ' ')}});
  CHECK(bomb.size() < 200'000);
  CHECK(read_roster(bomb, context()).error().detail.find("unpacks to over") != std::string::npos);
  CHECK(read_roster(sheet("<row><c r=\"ZZZ1\"><v>1</v></c></row>"), context()).error().detail.find("256 cells") !=
        std::string::npos);
  CHECK(read_roster(sheet("not xml <"), context()).error().code == Code::kRosterBad);
}

TEST_CASE("header cells are known by other names, with brackets, blanks and stars around them") {
  CHECK(roster_column("学号") == RosterColumn::number);
  CHECK(roster_column(" 姓 名 *") == RosterColumn::name);
  CHECK(roster_column("手机号码（必填）") == RosterColumn::phone);
  CHECK(roster_column("e-mail") == RosterColumn::mail);
  CHECK(!roster_column("考生号"));
  CHECK(!roster_column(""));
}

TEST_CASE("dates are read in the ways in which schools write them") {
  for (const char* text : {"20210301", "2021-3-1", "2021/03/01", "2021.3.1", "2021年3月1日", "2021-03-01 00:00:00", "44256"}) {
    INFO(text);
    CHECK(read_date(text) == "20210301");
  }
  for (const char* text :
       {"", "2021", "20210230", "2021-2-30", "3/1/2021", "2021-3", "-2021-3-1", "99999999", "2021-3-1-1", "a"}) {
    INFO(text);
    CHECK(!read_date(text));
  }
}

TEST_CASE("study validity follows the profile's years, and one that is over is told") {
  StudyRules rules;
  rules.years = {{"高起专", 5}, {"专升本", 3}};
  rules.last_term_months = 4;
  CHECK(derive_last_term("专升本", "20230301", "20251102", rules) == true);
  CHECK(derive_last_term("专升本", "20230301", "20251031", rules) == false);
  CHECK(!derive_last_term("高起本", "20230301", "20251031", rules));
  CHECK(validity_over("专升本", "20230301", "20260228", rules) == false);
  CHECK(validity_over("专升本", "20230301", "20260301", rules) == true);
}

TEST_CASE("marks of the file go before what the hub knew, and who must be taken again is not exempt") {
  const std::string csv = "学号,姓名,身份证号,入学日期,学历层次,站点,免拍,重拍\n1,甲," + id_number(1) +
                          ",20230301,专升本,甲站,是,\n2,乙," + id_number(2) + ",20230301,专升本,甲站,√,1\n3,丙," + id_number(3) +
                          ",20230301,专升本,甲站,,\n";
  const RosterReport report = read(csv);
  REQUIRE(report.rows.size() == 3);
  const HubMarks known{true, false};
  CHECK(to_fact(report.rows[0], {1}, 1, {}).exempt);
  CHECK(!to_fact(report.rows[1], {2}, 1, known).exempt);
  CHECK(to_fact(report.rows[1], {2}, 1, known).must_retake);
  CHECK(!to_fact(report.rows[2], {3}, 1, known).exempt);
  RosterRow without = report.rows[2];
  without.exempt.reset();
  CHECK(to_fact(without, {3}, 1, known).exempt);
  CHECK(changed_columns(to_fact(without, {3}, 1, {}), to_fact(without, {3}, 2, known)) == std::vector<std::string>{"免拍"});
}

TEST_CASE("what was mended or looks odd in an accepted row is told beside it") {
  const std::string head = "学号,姓名,身份证号,入学日期,学历层次,站点,免拍,重拍\n";
  const RosterReport report = read(head + "1,张三," + id_number(1) + ",2021/3/1,专升本,甲站,,\n" + "2,李四," + id_number(2) +
                                   ",20150301,专升本,甲站,,\n" + "3,王五," + id_number(3) + ",20240301,专升本,甲站,是,是\n");
  REQUIRE(report.rows.size() == 3);
  const auto told = [&](std::uint32_t line, std::string_view code) {
    return std::any_of(report.notes.begin(), report.notes.end(),
                       [&](const RowNote& note) { return note.line == line && note.code == code; });
  };
  CHECK(told(2, "R-ROW-DATE-READ"));
  CHECK(told(3, "R-ROW-VALIDITY-OVER"));
  CHECK(told(4, "R-ROW-BOTH-MARKS"));
}
