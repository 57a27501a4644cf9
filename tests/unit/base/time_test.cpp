#include "core/base/time.h"

#include <catch2/catch.hpp>

using namespace satchel::core;

TEST_CASE("a wall time is written as ISO 8601, also far from today") {
  CHECK(to_iso8601({0}) == "1970-01-01T00:00:00Z");
  CHECK(to_iso8601({1'781'596'805'999}) == "2026-06-16T08:00:05Z");
  CHECK(to_iso8601({951'782'400'000}) == "2000-02-29T00:00:00Z");
  CHECK(to_iso8601({-1}) == "1969-12-31T23:59:59Z");
  CHECK(to_iso8601({4'102'444'800'000}) == "2100-01-01T00:00:00Z");
}
