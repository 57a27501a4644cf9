// Whether a picture was taken in a window, by what can be known of the time and not by the site's clock.
#include "core/campaign/punctual.h"

#include <catch2/catch.hpp>

using namespace satchel::core;

namespace {

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kStart = 1'781'568'000'000;  // 2026-06-16 08:00 in China
const std::string kSite = "东村";

WallMs day(std::int64_t days, std::int64_t hours = 0) { return {kStart + days * kDay + hours * kHour}; }

/// Days 0 to 4 of collecting, the school's review, days 8 to 10 of collecting again; each day until 17:00.
Profile rules() {
  Profile out;
  const auto window = [](Step step, int from, int until) { return Window{"", step, day(from), day(until), 8 * 60, 17 * 60, ""}; };
  out.windows = {window(Step::collect, 0, 4), window(Step::school_review, 4, 8), window(Step::recollect, 8, 10)};
  return out;
}

TrueTime between(std::optional<WallMs> from, std::optional<WallMs> until, bool clock_wrong = false) {
  return {from, until, clock_wrong};
}

InWindow told(const TrueTime& taken) { return punctual(rules(), kSite, day(1), taken).told; }

}  // namespace

TEST_CASE("a picture whose whole interval lies in a window is in time, whatever the site's clock says") {
  CHECK(told(between({}, day(2))) == InWindow::in_time);
  CHECK(told(between(day(8), day(9))) == InWindow::in_time);
  const Punctual judged = punctual(rules(), kSite, day(-3000), between({}, day(2), true));
  CHECK(judged.told == InWindow::in_time);
  CHECK(judged.by_clock == Timing::early);
  CHECK(timing_sign(judged).empty());
}

TEST_CASE("a picture that was taken after the windows, or between them, for certain, is outside, and says so to a person") {
  CHECK(told(between(day(10), day(11))) == InWindow::outside);
  CHECK(told(between(day(10), {})) == InWindow::outside);
  CHECK(told(between(day(5), day(7))) == InWindow::outside);
  CHECK(told(between({}, day(-1))) == InWindow::outside);
  const Punctual judged = punctual(rules(), kSite, day(1), between(day(10), day(11), true));
  CHECK(timing_sign(judged) == "outside_window");
}

TEST_CASE(
    "where the interval reaches out of the windows it cannot be told, and the site's clock decides whether a person looks") {
  CHECK(told(between({}, {})) == InWindow::unclear);
  CHECK(told(between({}, day(12))) == InWindow::unclear);
  CHECK(told(between({}, day(9))) == InWindow::unclear);  // it may have been taken in the review's days
  CHECK(told(between(day(3), day(9))) == InWindow::unclear);
  CHECK(told(between(day(9), day(10))) == InWindow::unclear);  // a window ends before its last moment
  CHECK(told(between(day(9), day(8))) == InWindow::unclear);   // the hub's clock was set
  const auto sign = [](WallMs clock, bool wrong) {
    return timing_sign(punctual(rules(), kSite, clock, between({}, day(12), wrong)));
  };
  CHECK(sign(day(1), false).empty());
  CHECK(sign(day(1), true) == "window_unclear");
  CHECK(sign(day(11), false) == "window_unclear");
}

TEST_CASE("hours are known by the site's clock alone: a picture in the evening is shown, in time or not to be told") {
  const auto sign = [](const TrueTime& taken) { return timing_sign(punctual(rules(), kSite, day(1, 11), taken)); };
  CHECK(sign(between({}, day(2))) == "outside_hours");
  CHECK(sign(between({}, day(12))) == "outside_hours");
  CHECK(sign(between({}, day(2), true)).empty());
  CHECK(sign(between({}, day(12), true)) == "window_unclear");
}

TEST_CASE("a campaign without windows is always open, and of a student without a roster row nothing is said") {
  CHECK(punctual(Profile{}, kSite, day(99), between({}, {})) == Punctual{});
  StudentState state;
  CHECK(punctual(state, rules(), CaptureSeen{}, between({}, {})) == Punctual{});
}

TEST_CASE("the windows are those of the student's site, by its group") {
  Profile profile = rules();
  const std::string first = "a";
  profile.groups = {{first, {kSite}}, {"b", {}}};
  for (Window& window : profile.windows) window.group = first;
  profile.windows.push_back({"b", Step::collect, day(20), day(22), 0, 1440, ""});
  CHECK(punctual(profile, kSite, day(1), between({}, day(2))).told == InWindow::in_time);
  CHECK(punctual(profile, "西镇", day(1), between({}, day(2))).told == InWindow::outside);
  CHECK(punctual(profile, "西镇", day(21), between({}, day(21))).told == InWindow::in_time);
}
