#include "core/campaign/true_time.h"

#include <catch2/catch.hpp>

using namespace satchel::core;

namespace {

constexpr StudentRef kStudent{7};
constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kArrival = 1'781'600'000'000;  // by the hub's clock

RecordId id(std::uint8_t n) {
  RecordId out;
  out.value.fill(n);
  return out;
}

CaptureFact capture_at(const Moment& taken) {
  CaptureFact out;
  out.student = kStudent;
  out.taken = taken;
  return out;
}

}  // namespace

TEST_CASE("a picture was not taken later than what came of the same boot allows, whatever its wall clock says") {
  // The record came when the site's monotonic clock cannot have been before 10 hours.
  const std::int64_t anchor = kArrival - 10 * kHour;
  const StudentState state =
      fold(kStudent, std::vector<Record>{{id(1), {1}, capture_at({5, {2 * kHour}, {kArrival + 100 * kHour}})}});
  const TrueTime time = true_time(state, state.captures.front(), anchor);
  REQUIRE(time.not_after == WallMs{kArrival - 8 * kHour});
  REQUIRE_FALSE(time.not_before.has_value());
  REQUIRE(time.clock_wrong);
}

TEST_CASE("a clock that is right, or of whose boot nothing is known, is not called wrong") {
  const StudentState state =
      fold(kStudent, std::vector<Record>{{id(1), {1}, capture_at({5, {2 * kHour}, {kArrival - 8 * kHour}})}});
  REQUIRE_FALSE(true_time(state, state.captures.front(), kArrival - 10 * kHour).clock_wrong);
  REQUIRE_FALSE(true_time(state, state.captures.front(), std::nullopt).clock_wrong);
  const StudentState unknown =
      fold(kStudent, std::vector<Record>{{id(1), {1}, capture_at({0, {2 * kHour}, {kArrival + kHour}})}});
  REQUIRE_FALSE(true_time(unknown, unknown.captures.front(), 0).not_after.has_value());
}

TEST_CASE("a picture that a rejection made possible was not taken before the rejection") {
  VerdictFact rejection;
  rejection.student = kStudent;
  rejection.submission = id(2);
  rejection.reason = "R-BLUR";
  rejection.decided = {9, {1}, {kArrival}};
  const std::vector<Record> records{{id(1), {1}, capture_at({5, {1000}, {1}})},
                                    {id(2), {1}, SubmissionFact{kStudent, id(1), {5, {2000}, {2}}, 0, 0}},
                                    {id(3), kHubNumber, rejection},
                                    {id(4), {1}, capture_at({5, {3000}, {3}})}};
  const StudentState state = fold(kStudent, records);
  REQUIRE_FALSE(true_time(state, *find_capture(state, id(1)), std::nullopt).not_before.has_value());
  const TrueTime time = true_time(state, *find_capture(state, id(4)), std::nullopt);
  REQUIRE(time.not_before == WallMs{kArrival});
  REQUIRE(time.clock_wrong);
}
