#include "core/campaign/foreign_answers.h"

#include <catch2/catch.hpp>

#include "core/campaign/csv_rows.h"

using namespace satchel::core;

namespace {

Result<std::vector<MappingRow>> mapping(std::string_view text) { return read_mapping(as_bytes(text)); }
Result<std::optional<std::string>> answer(std::string_view text) { return read_decoder_answer(as_bytes(text)); }

}  // namespace

TEST_CASE("a mapping has its columns by head, in any order, or by place") {
  for (const char* text : {"采集码,学号\nabc,2026010001\n", "学号,备注,摘要\n2026010001*,x,abc\n", "abc,2026010001\n",
                           "学号\tcode\n2026010001\tabc\n"}) {
    INFO(text);
    const auto rows = mapping(text);
    REQUIRE(rows.has_value());
    REQUIRE(rows->size() == 1);
    CHECK(rows->front().code == "abc");
    CHECK(rows->front().student_number == "2026010001");
  }
}

TEST_CASE("rows of a mapping that lack a side are left out, and one without any is refused") {
  const auto rows = mapping("采集码,学号\n,1\nabc,\nabc,2\nabc\n");
  REQUIRE(rows.has_value());
  REQUIRE(rows->size() == 1);
  CHECK(rows->front().line == 4);
  CHECK(mapping("采集码,学号\n,1\n").error().code == Code::kMappingBad);
  CHECK(mapping("采集码,姓名\nabc,1\n").error().code == Code::kMappingBad);
  CHECK(mapping("\"open,1\n").error().code == Code::kMappingBad);
  CHECK(mapping("").error().code == Code::kFileEmpty);
}

TEST_CASE("a decoder answers with one line, or with nothing when it does not know") {
  CHECK(*answer("2026010001\n").value() == "2026010001");
  CHECK(*answer("2026010001*\r\n").value() == "2026010001");
  CHECK_FALSE(answer("").value().has_value());
  CHECK_FALSE(answer("\n").value().has_value());
  CHECK(answer("1\n2\n").error().code == Code::kDecoderFailed);
  CHECK(answer("\x1b[2J1\n").error().code == Code::kDecoderFailed);
  CHECK(answer("\xff\xfe\n").error().code == Code::kDecoderFailed);
  CHECK(answer(std::string(kDecoderAnswerMax + 1, '1')).error().code == Code::kDecoderFailed);
}

TEST_CASE("a line of a CSV file is read back as the cells that were written, and no spreadsheet takes a cell for a formula") {
  const std::vector<std::string> cells{"", "plain", "with, comma", "with \"quotes\"", "two\nlines", "=1+1", "学号"};
  const std::string line = csv_line(cells);
  const auto rows = read_separated(line, ',', 10);
  REQUIRE(rows.has_value());
  REQUIRE(rows->size() == 1);
  std::vector<std::string> expected = cells;
  expected[5] = "'=1+1";
  CHECK(rows->front().cells == expected);
}
