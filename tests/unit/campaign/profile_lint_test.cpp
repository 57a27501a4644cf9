// What lint says of profiles, and where a moment lies in the windows of one.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "core/campaign/profile.h"
#include "core/campaign/windows.h"

using namespace satchel::core;

namespace {

const std::string kHead = "name = \"c\"\nschool = \"s\"\nschool_code = \"10403\"\n";

Profile shipped(const std::string& name) {
  std::ifstream in{std::filesystem::path{SATCHEL_SOURCE_DIR} / "examples/profiles" / (name + ".toml"), std::ios::binary};
  REQUIRE(in.good());
  std::ostringstream read;
  read << in.rdbuf();
  const std::string text = read.str();
  ProfileLint lint = lint_profile(text);
  for (const ProfileFault& fault : lint.faults) FAIL_CHECK(name << ": " << fault_detail(fault));
  return std::move(lint.profile);
}

std::vector<std::string> details(const std::string& text) {
  std::vector<std::string> out;
  for (const ProfileFault& fault : lint_profile(text).faults) out.push_back(fault_detail(fault));
  return out;
}

WallMs at(std::string_view day, int hour, int minute) {
  // China has no summer time: UTC+8 all year.
  const auto toml = "from = " + std::string(day) + "T00:00:00\nuntil = " + std::string(day) + "T23:59:59\n";
  const Profile profile = lint_profile(kHead + "[[windows]]\n" + toml).profile;
  return {profile.windows.at(0).from.value + (hour * 60 + minute) * 60'000LL};
}

}  // namespace

TEST_CASE("lint tells all mistakes of a profile at once, each with its line and key") {
  const std::string text = kHead +
                           "[capture]\n"
                           "atempts_max = 3\n"
                           "draft_capacity = 0\n"
                           "lock_after = 2\n"
                           "[export]\n"
                           "name = \"x.jpg\"\n"
                           "table = \"xls\"\n"
                           "[[windows]]\n"
                           "from = 2026-06-16T08:00:00\n"
                           "until = 2026-06-15T08:00:00\n"
                           "daily_from = \"8 o'clock\"\n";
  REQUIRE(details(text) ==
          std::vector<std::string>{
              "line 5: capture.atempts_max is no key of a profile; perhaps attempts_max",
              "line 6: capture.draft_capacity must lie between 1 and 1000",
              "line 7: capture.lock_after locks after some failed checks, so lock_min must be set",
              "line 9: export.name needs {id_number}, {student_number} or {ref}, or all files would have one name",
              "line 10: export.table must be one of: xlsx, csv; perhaps xlsx",
              "line 13: windows.until must be later than from",
              "line 14: windows.daily_from must be a time of day, such as \"08:00\"",
          });
  REQUIRE(parse_profile(text).error().detail.find("(the first of 7)") != std::string::npos);
}

TEST_CASE("a day off that is no date is told with the date that was probably meant") {
  const auto told = [](const std::string& days) { return details(kHead + "[calendar]\ndays_off = [" + days + "]\n"); };
  const std::string near = "line 5: calendar.days_off has a date that is none; perhaps ";
  CHECK(told("\"2026-02-30\"") == std::vector{near + "2026-02-28"});
  CHECK(told("\"01.10.2026\"") == std::vector{near + "2026-10-01"});
  CHECK(told("\"20261301\"") == std::vector{near + "2026-01-13"});
  CHECK(told("\"10-01\"") == std::vector<std::string>{"line 5: calendar.days_off must hold dates, such as \"2026-10-01\""});
  CHECK(told("46296").size() == 1);
  CHECK(told("\"2026-10-01\", \"2026/10/1\"") ==
        std::vector<std::string>{"line 5: calendar.days_off names 2026/10/1, which stands in days_off already"});
  CHECK(details(kHead + "[calendar]\nday_off = []\n") ==
        std::vector<std::string>{"line 5: calendar.day_off is no key of a profile; perhaps days_off"});
}

TEST_CASE("every kind of mistake has a code and words in both languages") {
  std::set<std::string> texts;
  for (const ProfileFaultText& text : all_profile_faults()) {
    INFO(text.en);
    CHECK(text.code.starts_with("P-"));
    CHECK(!text.zh.empty());
    CHECK(!text.en.empty());
    CHECK(texts.insert(std::string(text.zh)).second);
    for (const char* place : {"{1}", "{2}"})
      CHECK((text.zh.find(place) == std::string_view::npos || text.en.find(place) != std::string_view::npos));
  }
}

TEST_CASE("a file of nothing but mistakes is told by its first ones, and a long one by its size") {
  std::string text = kHead;
  for (int i = 0; i < 1000; ++i) text += "k" + std::to_string(i) + " = 1\n";
  CHECK(lint_profile(text).faults.size() == ProfileFaults::kMost);
  CHECK(details(kHead + "# " + std::string(kProfileTextMax, 'x')).at(0).find("has over 61440 bytes") == 0);
}

TEST_CASE("groups of sites and their windows must fit together") {
  const std::string groups = kHead + "[[groups]]\nname = \"a\"\nsites = [\"x\", \"y\"]\n[[groups]]\nname = \"b\"\n";
  const std::string days = "from = 2026-06-16T08:00:00\nuntil = 2026-06-17T08:00:00\n";
  CHECK(details(groups).empty());
  CHECK(details(groups + "[[windows]]\n" + days).empty());
  CHECK(details(groups + "[[windows]]\ngroup = \"a\"\n" + days).at(0).find("has no window to collect in") != std::string::npos);
  CHECK(details(groups + "[[windows]]\ngroup = \"aa\"\n" + days).back().find("names no group; perhaps a") != std::string::npos);
  CHECK(details(groups + "[[groups]]\nname = \"b\"\nsites = [\"y\"]\n").size() == 2);
  CHECK(details(groups + "[[groups]]\nname = \"c\"\n").at(0).find("only one group") != std::string::npos);
  const std::string review = "[[windows]]\nstep = \"school_review\"\nfrom = 2026-06-10T08:00:00\nuntil = 2026-06-12T08:00:00\n";
  CHECK(details(kHead + "[[windows]]\n" + days + review).at(0).find("must not begin before the collect step") !=
        std::string::npos);
}

TEST_CASE("the five notices are shipped as profiles with their numbers") {
  const Profile sh = shipped("sh");
  CHECK(sh.clocks.review_max == 5);
  CHECK(sh.clocks.verify == 20);
  CHECK(sh.fee.refund_on_reject);
  CHECK(sh.study.years == StudyRules{}.years);

  const Profile hf = shipped("hf");
  CHECK(hf.attempts_max == 10);
  CHECK(hf.replace_background);
  CHECK(hf.clocks.review_max == 2);
  CHECK(windows_of(hf, "校本部").size() == 2);
  CHECK(timing(hf, "校本部", at("2026-06-17", 9, 0)) == Timing::open);
  CHECK(timing(hf, "东村教学点", at("2026-06-17", 9, 0)) == Timing::early);
  CHECK(timing(hf, "东村教学点", at("2026-06-24", 16, 59)) == Timing::open);
  CHECK(timing(hf, "东村教学点", at("2026-06-24", 17, 0)) == Timing::outside_hours);
  CHECK(timing(hf, "东村教学点", at("2026-06-30", 9, 0)) == Timing::between);
  CHECK(timing(hf, "东村教学点", at("2026-08-01", 9, 0)) == Timing::over);

  const Profile sr = shipped("sr");
  CHECK(sr.timetable.rooms == 3);
  CHECK(sr.timetable.slot_min == 15);
  CHECK(sr.timetable.slot_students == 45);
  CHECK(sr.clothes.collar);
  CHECK(sr.fee.yuan == 15);

  const Profile nc = shipped("nc");
  CHECK(nc.clocks.similarity_min == 80);
  CHECK(nc.export_name == "{id_number}.jpg");
  CHECK(nc.export_width == 120);
  CHECK(!nc.replace_background);

  const Profile hh = shipped("hh");
  CHECK(hh.draft_keep_h == 24);
  CHECK(hh.locks.cooldown_min > 0);
  CHECK(hh.locks.fails > 0);
  CHECK(hh.locks.day_fails > 0);
  CHECK(hh.reject_reasons.size() == 9);
  REQUIRE(hh.windows.size() == 3);
  CHECK(hh.windows[2].step == Step::recollect);
  CHECK(hh.windows[2].until.value - hh.windows[2].from.value <= 24 * 3600 * 1000LL);
  CHECK(next_window(hh, "任何站点", Step::recollect, at("2026-05-12", 9, 0))->from == hh.windows[2].from);
  CHECK(timing(hh, "任何站点", at("2026-05-25", 9, 0)) == Timing::between);
}

TEST_CASE("a lock until the next day opens at midnight in China") {
  CHECK(next_day(at("2026-06-16", 0, 0)) == at("2026-06-17", 0, 0));
  CHECK(next_day(at("2026-06-16", 23, 59)) == at("2026-06-17", 0, 0));
  CHECK(next_day({-1}) == WallMs{16 * 3600 * 1000LL});
}

TEST_CASE("two profiles are compared by what they set, not by their comments") {
  const std::string before = kHead + "[capture]\nattempts_max = 10 # why\n[[windows]]\nfrom = 2026-06-16T08:00:00\n";
  const std::string after =
      kHead + "\n\n[[windows]]\nfrom = 2026-06-16T08:00:00\n[fee]\nyuan = 15\n[capture]\nattempts_max = 3\n";
  CHECK(compare_profiles(before, before).empty());
  CHECK(compare_profiles(before, after) ==
        std::vector<ProfileChange>{{"capture.attempts_max", "10", "3"}, {"fee.yuan", "", "15"}});
  CHECK(compare_profiles("[[", "[[").empty());
}
