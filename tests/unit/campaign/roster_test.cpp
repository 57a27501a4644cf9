#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "core/campaign/people.h"
#include "examples/roster/people_maker.h"

using namespace satchel;
using namespace satchel::core;

namespace {

const std::string kHeader = "学号,姓名,身份证号,入学日期,学历层次,站点,班级,专业,手机,EMAIL,备注\r\n";

RosterContext context(std::string reference = "") {
  RosterContext out;
  out.sites = {{"甲站", NodeNumber{1}}, {"乙,站", NodeNumber{2}}};
  out.reference_date = std::move(reference);
  return out;
}

std::string id_number(int serial) {
  const std::string first17 = "99999919990101" + std::to_string(1000 + serial).substr(1);
  return first17 + id_check_character(first17);
}

/// A row that is right, but for what a test changes.
struct Row {
  std::string number = "202199000001";
  std::string name = "测试甲";
  std::string id = id_number(1);
  std::string date = "20230301";
  std::string level = "专升本";
  std::string site = "甲站";
  std::string rest = "19史（5）,历史学,173016XX583,a@example.invalid,";
  std::string text() const {
    return number + "," + name + "," + id + "," + date + "," + level + "," + site + "," + rest + "\r\n";
  }
};

Result<RosterReport> read(const std::string& csv, const RosterContext& with = context()) {
  return read_roster(as_bytes(csv), with);
}

RosterReport taken(const std::string& csv, const RosterContext& with = context()) {
  auto report = read(csv, with);
  REQUIRE(report.has_value());
  return *report;
}

std::vector<RowNote> refused(const Row& row) { return taken(kHeader + row.text()).refused; }

bool has(const std::vector<RowNote>& notes, std::uint32_t line, std::string_view code) {
  return std::any_of(notes.begin(), notes.end(), [&](const RowNote& note) { return note.line == line && note.code == code; });
}

}  // namespace

TEST_CASE("a good row comes in with all its fields") {
  const RosterReport report = taken(kHeader + Row{}.text());
  REQUIRE(report.rows.size() == 1);
  CHECK(report.refused.empty());
  const RosterRow& row = report.rows[0];
  CHECK(row.line == 2);
  CHECK(row.student_number == "202199000001");
  CHECK(row.name == "测试甲");
  CHECK(row.id_number == id_number(1));
  CHECK(row.enrolled_on == "20230301");
  CHECK(row.site_name == "甲站");
  CHECK(row.site == NodeNumber{1});
  CHECK(row.class_name == "19史（5）");
  CHECK(row.major == "历史学");
  CHECK(row.phone == "173016XX583");
  CHECK(row.mail == "a@example.invalid");
  CHECK(!row.last_term);
}

TEST_CASE("each broken field is refused with the line and a code of its own") {
  const auto code_of = [](auto change) {
    Row row;
    change(row);
    const auto notes = refused(row);
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].line == 2);
    CHECK(row_message(notes[0].code) != nullptr);
    return std::string(notes[0].code);
  };
  CHECK(code_of([](Row& row) { row.number = ""; }) == "R-ROW-NUMBER");
  CHECK(code_of([](Row& row) { row.number = "*"; }) == "R-ROW-NUMBER");
  CHECK(code_of([](Row& row) { row.number = "2021/../1"; }) == "R-ROW-NUMBER");
  CHECK(code_of([](Row& row) { row.number = std::string(33, '1'); }) == "R-ROW-NUMBER");
  CHECK(code_of([](Row& row) { row.name = ""; }) == "R-ROW-NAME");
  CHECK(code_of([](Row& row) { row.name = "测\x01试"; }) == "R-ROW-NAME");
  CHECK(code_of([](Row& row) { row.id[17] = row.id[17] == '1' ? '2' : '1'; }) == "R-ROW-ID");
  CHECK(code_of([](Row& row) { row.date = "20230231"; }) == "R-ROW-DATE");
  CHECK(code_of([](Row& row) { row.level = ""; }) == "R-ROW-LEVEL");
  CHECK(code_of([](Row& row) { row.site = "丙站"; }) == "R-ROW-SITE");
  CHECK(code_of([](Row& row) { row.rest += std::string(700, 'x'); }) == "R-ROW-TEXT");
  CHECK(code_of([](Row& row) { row.rest = "too,few"; }) == "R-ROW-COLUMNS");
  CHECK(code_of([](Row& row) { row.rest += ",too,many"; }) == "R-ROW-COLUMNS");
}

TEST_CASE("a bad row does not keep the others out, and all its faults are told") {
  Row bad;
  bad.number = "202199000002";
  bad.id = "123";
  bad.date = "yesterday";
  Row other;
  other.number = "202199000003";
  other.id = id_number(3);
  const RosterReport report = taken(kHeader + Row{}.text() + bad.text() + other.text());
  CHECK(report.rows.size() == 2);
  CHECK(has(report.refused, 3, "R-ROW-ID"));
  CHECK(has(report.refused, 3, "R-ROW-DATE"));
  CHECK(report.refused.size() == 2);
  CHECK(report.refused_numbers == std::set<std::string>{"202199000002"});
  CHECK(!report.refused_without_number);
}

TEST_CASE("both rows with one number are refused, and each names the other's line") {
  Row second;
  second.id = id_number(2);
  second.number += "*";
  const RosterReport report = taken(kHeader + Row{}.text() + second.text());
  CHECK(report.rows.empty());
  REQUIRE(report.refused.size() == 2);
  CHECK(report.refused[0] == RowNote{2, "R-ROW-DUPLICATE", 3});
  CHECK(report.refused[1] == RowNote{3, "R-ROW-DUPLICATE", 2});
}

TEST_CASE("a row is refused as a duplicate also when its twin is refused for something else") {
  Row twin;
  twin.date = "2023";
  const RosterReport report = taken(kHeader + Row{}.text() + twin.text());
  CHECK(report.rows.empty());
  CHECK(has(report.refused, 2, "R-ROW-DUPLICATE"));
  CHECK(has(report.refused, 3, "R-ROW-DATE"));
}

TEST_CASE("the columns may stand in any order, and unknown ones are named and kept with their rows") {
  const std::string csv =
      "备注,身份证号,email,站点,入学日期,学历层次,颜色,姓名,学号\nx," + id_number(1) + ",,甲站,20230301,专升本,blue,测试甲,1\n";
  const RosterReport report = taken(csv);
  REQUIRE(report.rows.size() == 1);
  CHECK(report.rows[0].name == "测试甲");
  CHECK(report.rows[0].remark == "x");
  CHECK(report.kept_columns == std::vector<std::string>{"颜色"});
  CHECK(report.rows[0].extra == std::vector<ExtraField>{{"颜色", "blue"}});
}

TEST_CASE("a header without a required column names what is missing") {
  const auto report = read("学号,姓名,入学日期,学历层次\n1,测试甲,20230301,专升本\n");
  REQUIRE(!report.has_value());
  CHECK(report.error().code == Code::kRosterBad);
  CHECK(report.error().detail.find("身份证号,站点") != std::string::npos);
}

TEST_CASE("a doubled column is refused") {
  const auto report = read("学号," + kHeader + "1," + Row{}.text());
  REQUIRE(!report.has_value());
  CHECK(report.error().code == Code::kRosterBad);
}

TEST_CASE("an empty file, a lone mark and a header without rows are refused") {
  CHECK(read("").error().code == Code::kFileEmpty);
  CHECK(read("\xEF\xBB\xBF").error().code == Code::kRosterBad);
  CHECK(read("\n\n").error().code == Code::kRosterBad);
  CHECK(read(kHeader).error().code == Code::kRosterBad);
  CHECK(read(kHeader + ",,,,,,,,,,\r\n").error().code == Code::kRosterBad);
}

TEST_CASE("a byte-order mark, any line ends, blank lines and a missing last line end are taken") {
  const std::string crlf = kHeader + Row{}.text();
  std::string lf = crlf;
  std::erase(lf, '\r');
  std::string cr = crlf;
  std::erase(cr, '\n');
  CHECK(taken("\xEF\xBB\xBF" + crlf).rows.size() == 1);
  CHECK(taken(lf).rows.size() == 1);
  CHECK(taken(cr).rows.size() == 1);
  CHECK(taken(lf.substr(0, lf.size() - 1)).rows.size() == 1);
  CHECK(taken(kHeader + "\r\n\r\n" + Row{}.text() + "\r\n" + ",,,,,,,,,,\r\n").rows.size() == 1);
}

TEST_CASE("quoted cells may hold commas, quotation marks and line ends, and later lines keep their numbers") {
  Row quoted;
  quoted.site = "\"乙,站\"";
  quoted.rest = "\"a \"\"b\"\" c\",,,,";
  Row broken;
  broken.number = "202199000002";
  broken.rest = "c,m,p,e,\"two\r\nlines\"";
  Row bad;
  bad.number = "202199000003";
  bad.date = "";
  const RosterReport report = taken(kHeader + "\r\n" + quoted.text() + broken.text() + bad.text());
  REQUIRE(report.rows.size() == 1);
  CHECK(report.rows[0].line == 3);
  CHECK(report.rows[0].site == NodeNumber{2});
  CHECK(report.rows[0].class_name == "a \"b\" c");
  CHECK(has(report.refused, 4, "R-ROW-TEXT"));
  CHECK(has(report.refused, 6, "R-ROW-DATE"));
}

TEST_CASE("a quotation mark that is astray or never closes is refused with its line") {
  Row stray;
  stray.name = "测\"试";
  auto report = read(kHeader + Row{}.text() + stray.text());
  REQUIRE(!report.has_value());
  CHECK(report.error().code == Code::kRosterBad);
  CHECK(report.error().detail.find("line 3") != std::string::npos);

  Row open;
  open.name = "\"测试";
  report = read(kHeader + open.text() + Row{}.text());
  REQUIRE(!report.has_value());
  CHECK(report.error().code == Code::kRosterBad);
  CHECK(report.error().detail.find("测") == std::string::npos);
}

TEST_CASE("a megabyte of garbage is refused, whatever bytes it has") {
  const unsigned seed = GENERATE(1U, 2U, 3U);
  INFO("seed " << seed);
  std::mt19937 dice{seed};
  std::string garbage(1'000'000, '\0');
  for (char& c : garbage) c = static_cast<char>(dice());
  CHECK(!read(garbage).has_value());
  for (char& c : garbage) c = static_cast<char>(0x20 + static_cast<unsigned char>(c) % 0x5F);
  CHECK(!read(garbage).has_value());
  CHECK(!read(kHeader + garbage).has_value());
  CHECK(!read(std::string(1'000'000, ',')).has_value());
  CHECK(!read(std::string(1'000'000, '"')).has_value());
  CHECK(!read(std::string(1'000'000, '\0')).has_value());
}

TEST_CASE("a star marks the last term, and rows that disagree with the rule are remarked") {
  Row star;
  star.number += "*";
  Row old;
  old.number = "202199000002";
  old.id = id_number(2);
  old.date = "20210301";
  const RosterReport report = taken(kHeader + star.text() + old.text(), context("20260101"));
  REQUIRE(report.rows.size() == 2);
  CHECK(report.rows[0].student_number == "202199000001");
  CHECK(report.rows[0].last_term);
  CHECK(report.rows[1].last_term);
  CHECK(has(report.notes, 2, "R-ROW-TERM-MARKED"));
  CHECK(has(report.notes, 3, "R-ROW-TERM-DERIVED"));
  CHECK(taken(kHeader + star.text() + old.text()).rows[1].last_term == false);
}

TEST_CASE("masked contacts are taken and remarked, and so is one ID number in two rows") {
  Row masked;
  masked.rest = "c,m,173016XX583,a***@example.invalid,";
  Row same;
  same.number = "202199000002";
  const RosterReport report = taken(kHeader + masked.text() + same.text());
  CHECK(report.rows.size() == 2);
  CHECK(has(report.notes, 2, "R-ROW-UNREACHABLE"));
  CHECK(has(report.notes, 3, "R-ROW-SAME-ID"));
  CHECK(!has(report.notes, 3, "R-ROW-UNREACHABLE"));
}

TEST_CASE("accepted rows come in natural order of their numbers") {
  std::string csv = kHeader;
  for (const char* number : {"A10", "A9", "A100", "A1"}) {
    Row row;
    row.number = number;
    csv += row.text();
  }
  std::vector<std::string> numbers;
  for (const RosterRow& row : taken(csv).rows) numbers.push_back(row.student_number);
  CHECK(numbers == std::vector<std::string>{"A1", "A9", "A10", "A100"});
}

TEST_CASE("a roster read again changes nothing; new, changed, gone and returned students are told apart") {
  const examples::RosterWish wish{7, 5, {"甲站"}};
  const RosterReport first = taken(examples::make_roster(wish));
  REQUIRE(first.rows.size() == 5);
  std::vector<RosterFact> there;
  for (std::size_t i = 0; i < 5; ++i) there.push_back(to_fact(first.rows[i], StudentRef{i}, 1, HubMarks{i == 2, false}));
  const RosterChanges same = reconcile(first, there);
  CHECK(same.unchanged.size() == 5);
  CHECK(same.added.empty());
  CHECK(same.changed.empty());
  CHECK(same.gone.empty());

  RosterReport next = first;
  next.rows[1].major = "other";
  next.rows.erase(next.rows.begin());
  there.pop_back();
  there[3].delisted = true;
  const RosterChanges changes = reconcile(next, there);
  CHECK(changes.added == std::vector<std::size_t>{3});
  CHECK(changes.changed == std::vector<std::size_t>{0, 2});
  CHECK(changes.unchanged == std::vector<std::size_t>{1});
  CHECK(changes.gone == std::vector<std::size_t>{0});
}

TEST_CASE("a student whose row was refused is not gone, and an unreadable row withholds all that would be gone") {
  Row row;
  const RosterReport before = taken(kHeader + row.text());
  const std::vector<RosterFact> there{to_fact(before.rows[0], StudentRef{1}, 1, {})};
  row.date = "";
  Row other;
  other.number = "202199000009";
  CHECK(reconcile(taken(kHeader + row.text() + other.text()), there).gone.empty());
  CHECK(reconcile(taken(kHeader + other.text()), there).gone.size() == 1);
  Row nameless;
  nameless.number = "";
  const RosterChanges changes = reconcile(taken(kHeader + other.text() + nameless.text()), there);
  CHECK(changes.gone_withheld);
  CHECK(changes.gone.empty());
}

TEST_CASE("every row that the generator draws is accepted, and the same seed draws the same people") {
  const examples::RosterWish wish{42, 2000, {"甲站", "乙,站"}};
  const std::string csv = examples::make_roster(wish);
  CHECK(csv == examples::make_roster(wish));
  CHECK(csv != examples::make_roster({43, 2000, wish.sites}));
  const RosterReport report = taken(csv);
  CHECK(report.rows.size() == 2000);
  CHECK(report.refused.empty());
  CHECK(std::count_if(report.rows.begin(), report.rows.end(), [](const RosterRow& row) { return row.last_term; }) > 100);
}
