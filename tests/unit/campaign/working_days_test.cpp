#include "core/campaign/working_days.h"

#include <catch2/catch.hpp>

#include "core/campaign/national_list.h"
#include "core/campaign/proportion.h"

using namespace satchel::core;

namespace {

/// Noon in China of that day of September or October 2026; the first of September is a Tuesday.
WallMs september(int day) { return {1'788'235'200'000 + (day - 1) * 86'400'000LL}; }
WallMs october(int day) { return september(30 + day); }

Bytes bytes(std::string_view text) { return to_bytes(as_bytes(text)); }

WorkingDays with_holidays() {
  WorkingDays out;
  REQUIRE(out.add(bytes("日期,类型\n2026-10-01,休\n2026-10-02,休\n2026-10-05,休\n2026-10-06,休\n2026-10-07,休\n"
                        "2026-09-27,班\n2026/10/10,调休\n"))
              .has_value());
  return out;
}

}  // namespace

TEST_CASE("without a list Monday to Friday are worked") {
  const WorkingDays days;
  REQUIRE(days.works(september(1)));
  REQUIRE(days.works(september(4)));
  REQUIRE_FALSE(days.works(september(5)));
  REQUIRE_FALSE(days.works(september(6)));
  REQUIRE(to_iso8601(days.due(september(4), 1)) == "2026-09-07T16:00:00Z");  // the end of Monday in China
  REQUIRE(days.passed(september(4), september(8)) == 2);
}

TEST_CASE("a holiday is passed over, and a make-up day is worked") {
  const WorkingDays days = with_holidays();
  REQUIRE(days.works(september(27)));
  REQUIRE_FALSE(days.works(october(1)));
  REQUIRE(days.works(october(10)));
  REQUIRE(to_iso8601(days.due(september(30), 2)) == "2026-10-09T16:00:00Z");
  REQUIRE(to_iso8601(days.due(september(30), 3)) == "2026-10-10T16:00:00Z");
}

TEST_CASE("how many working days have passed is the inverse of what is due after so many") {
  const WorkingDays days = with_holidays();
  for (int day = 1; day <= 30; ++day) {
    for (int count = 1; count <= 25; ++count) {
      const WallMs due{days.due(september(day), count).value - 1};
      REQUIRE(days.passed(september(day), due) == count);
      REQUIRE(days.works(due));
    }
  }
}

TEST_CASE("a list of holidays with a line that is none names the line") {
  WorkingDays days;
  const auto read = days.add(bytes("2026-10-01,休\n2026-10-02,也许\n"));
  REQUIRE(read.error().code == Code::kRosterBad);
  REQUIRE(read.error().detail.find("line 2") != std::string::npos);
  REQUIRE(days.works(october(1)));
}

TEST_CASE("a profile's days off and make-up days are those of a list, and a list that is given beside it goes before it") {
  const ProfileLint lint = lint_profile(
      "name = \"c\"\nschool = \"s\"\nschool_code = \"10403\"\n[calendar]\n"
      "days_off = [\"2026-10-01\", 2026-10-02, \"2026年10月5日\", \"20261006\", \"2026/10/7\"]\n"
      "workdays = [\"2026-09-27\", \"2026-10-10\"]\n");
  REQUIRE(lint.faults.empty());
  WorkingDays days{lint.profile.days};
  const WorkingDays listed = with_holidays();
  for (int day = 1; day <= 70; ++day) {
    INFO(day);
    REQUIRE(days.works(september(day)) == listed.works(september(day)));
  }
  REQUIRE(days.add(bytes("2026-10-07,班\n2026-10-10,休\n2026-10-12,休\n")).has_value());
  REQUIRE(days.works(october(7)));
  REQUIRE_FALSE(days.works(october(10)));
  REQUIRE_FALSE(days.works(october(12)));
  REQUIRE_FALSE(days.works(october(6)));
}

TEST_CASE("the national check's list is read by its columns' names, and what has no known result is refused by line") {
  const auto list =
      read_national_list(bytes("姓名,身份证号码,比对结果,不通过原因\n甲,1,通过,\n乙,2,未通过,照片不符\n丙,3,也许,\n丁,,通过,\n"));
  REQUIRE(list->rows.size() == 2);
  REQUIRE(list->rows[0].result == NationalResult::passed);
  REQUIRE(list->rows[1].id_number == "2");
  REQUIRE(list->rows[1].result == NationalResult::failed);
  REQUIRE(list->rows[1].reason == "照片不符");
  REQUIRE(list->refused == std::vector<std::uint32_t>{4, 5});
  REQUIRE(read_national_list(bytes("学号,姓名\n1,甲\n")).error().code == Code::kRosterBad);
}

TEST_CASE("a share comes with the interval that its count allows") {
  REQUIRE(proportion(0, 0).high == 1);
  const Proportion few = proportion(1, 10);
  REQUIRE(few.low == Approx(0.0179).epsilon(0.01));  // Wilson's interval for 1 of 10
  REQUIRE(few.high == Approx(0.4042).epsilon(0.01));
  REQUIRE(proportion(100, 1000).high < few.high);
  REQUIRE(proportion(0, 50).low == Approx(0).margin(1e-9));
  REQUIRE(proportion(50, 50).high == Approx(1));
}
