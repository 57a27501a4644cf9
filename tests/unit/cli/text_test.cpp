#include "cli/text.h"

#include <stdlib.h>
#include <time.h>

#include <catch2/catch.hpp>

#include "cli/duration.h"
#include "cli/suggest.h"
#include "cli/table.h"
#include "tests/unit/cli/support.h"

using namespace satchel::cli;

TEST_CASE("a Chinese character takes two columns, a Latin one takes one") {
  CHECK(display_width("张*三") == 5);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("19史（5）") == 9);
  CHECK(display_width("") == 0);
  CHECK(display_width("e\u0301") == 1);  // a combining accent
  CHECK(display_width("\u3000") == 2);   // the ideographic space
  CHECK(display_width("𠀀") == 2);       // beyond the basic plane
  CHECK(display_width("·“”") == 3);
}

TEST_CASE("columns stand under each other whatever is mixed in them") {
  Table table({{"姓名"}, {"n", Table::Align::right}, {"end"}});
  table.row({"欧阳**", "7", "x"});
  table.row({"Li", "123", "x"});
  const std::string text = table.text(Paint(false), 1);
  CHECK(text ==
        " 姓名      n  end\n"
        " 欧阳**    7  x\n"
        " Li      123  x\n");
}

TEST_CASE("a table without heads has no line for them, and a short row is filled up") {
  Table table({{""}, {""}, {""}});
  table.row({"a"});
  CHECK(table.text(Paint(false)) == "a\n");
}

TEST_CASE("text from elsewhere cannot steer the terminal") {
  CHECK(plain("a\x1b[31mb\nc") == "a?[31mb?c");
  CHECK(plain("\xff\xfe") == "??");
  CHECK(plain("\u202Eabc") == "?abc");  // right-to-left override
  CHECK(plain("\u009b31m") == "?31m");  // a control sequence in one character
  CHECK(plain("正常 text") == "正常 text");
}

TEST_CASE("sizes are told as file managers tell them") {
  CHECK(size_text(0) == "0 B");
  CHECK(size_text(999) == "999 B");
  CHECK(size_text(1024) == "1.0 KB");
  CHECK(size_text(1536) == "1.5 KB");
  CHECK(size_text(20 * 1024) == "20 KB");
  CHECK(size_text(1024 * 1024 - 1) == "1.0 MB");
  CHECK(size_text(5ULL << 40) == "5.0 TB");
}

TEST_CASE("a time is told in the machine's own zone, and what is no time is told as it stands") {
  ::setenv("TZ", "CST-8", 1);
  ::tzset();
  CHECK(local_time_text("2026-06-16T08:00:05Z") == "2026-06-16 16:00");
  CHECK(local_time_text("2026-06-16T23:30:00Z") == "2026-06-17 07:30");
  CHECK(local_time_text("yesterday") == "yesterday");
  CHECK(local_time_text("2026-06-16T08:00:05Z and more") == "2026-06-16T08:00:05Z and more");
  ::unsetenv("TZ");
  ::tzset();
}

TEST_CASE("a deadline is a whole number with its unit") {
  CHECK(parse_duration_s("90s") == 90);
  CHECK(parse_duration_s("20m") == 1200);
  CHECK(parse_duration_s("2h") == 7200);
  CHECK(parse_duration_s("168h") == 604800);
  for (const char* bad : {"", "s", "20", "0s", "-5m", "+5m", "1.5h", "20 m", "20d", "20M", "169h", "99999999999s", "m20"}) {
    INFO(bad);
    CHECK_FALSE(parse_duration_s(bad).has_value());
  }
}

TEST_CASE("the locale chooses the language, the strongest variable first") {
  using test::environment;
  CHECK(language_of(environment({{"LANG", "zh_CN.UTF-8"}})) == Language::zh);
  CHECK(language_of(environment({{"LANG", "en_GB.UTF-8"}})) == Language::en);
  CHECK(language_of(environment({{"LANG", "zh_CN.UTF-8"}, {"LC_ALL", "C"}})) == Language::en);
  CHECK(language_of(environment({{"LANG", "en_GB"}, {"LC_MESSAGES", "zh_TW"}})) == Language::zh);
  CHECK(language_of(environment({{"LANG", "zh_CN"}, {"LC_ALL", ""}})) == Language::zh);
  CHECK(language_of(environment({})) == Language::en);
}

TEST_CASE("the word that was probably meant is found, and far ones are not") {
  const std::vector<std::string> known{"status", "stick", "sync", "submit", "run"};
  CHECK(nearest("stauts", known) == "status");  // two neighbours swapped
  CHECK(nearest("statu", known) == "status");
  CHECK(nearest("sinc", known) == "sync");
  CHECK(nearest("ran", known) == "run");
  CHECK_FALSE(nearest("export", known).has_value());
  CHECK_FALSE(nearest("", known).has_value());
  CHECK_FALSE(nearest(std::string(1000, 's'), known).has_value());
}
