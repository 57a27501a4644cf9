#include <catch2/catch.hpp>
#include <cstdlib>

#include "core/portrait/check.h"
#include "core/portrait/render.h"
#include "examples/portraits/people.h"
#include "tests/unit/portrait/files.h"

using namespace satchel::core;
using namespace satchel::core::portrait;
using namespace satchel::examples;

namespace {

/// Pixels of the panel (right of the picture) that are not paper.
int written(const Picture& overlay, int from_x) {
  int count = 0;
  for (int y = 0; y < overlay.height; ++y) {
    for (int x = from_x; x < overlay.width; ++x) {
      const std::size_t i =
          (static_cast<std::size_t>(y) * static_cast<std::size_t>(overlay.width) + static_cast<std::size_t>(x)) * 3;
      if (overlay.bgr[i] < 200 || overlay.bgr[i + 1] < 200 || overlay.bgr[i + 2] < 200) ++count;
    }
  }
  return count;
}

}  // namespace

TEST_CASE("an overlay fits a small screen and says more about a worse picture") {
  const auto judge = Judge::load();
  REQUIRE(judge);
  const Picture good = draw_person(1, Defect::none, 480, 640), bad = draw_person(1, Defect::two_faces, 480, 640);
  const auto calm = draw_overlay(good, (*judge)->check(good));
  const auto loud = draw_overlay(bad, (*judge)->check(bad));
  REQUIRE(calm);
  REQUIRE(loud);
  for (const auto* overlay : {&*calm, &*loud}) {
    CHECK(overlay->width <= 1366);
    CHECK(overlay->height <= 768);
  }
  const int panel = calm->width - 520;
  CHECK(written(*calm, panel) > 100);
  CHECK(written(*loud, panel) > 2 * written(*calm, panel));
}

TEST_CASE("an overlay tints what a finding speaks of, and shows a small person large") {
  const auto judge = Judge::load();
  REQUIRE(judge);
  const Picture half = draw_person(3, Defect::half_dark, 480, 640);
  Verdict verdict = (*judge)->check(half);
  const auto with = draw_overlay(half, verdict);
  Verdict silent = verdict;
  silent.findings.clear();
  const auto without = draw_overlay(half, silent);
  REQUIRE(with);
  REQUIRE(without);
  int changed_left = 0, changed_right = 0;
  const int middle = (with->width - 520) / 2;
  for (int y = 250; y < 450; ++y) {
    for (int x = 120; x < 2 * middle - 120; ++x) {
      const auto i = static_cast<std::size_t>((y * with->width + x) * 3);
      if (std::abs(with->bgr[i] - without->bgr[i]) > 8) ++(x < middle ? changed_left : changed_right);
    }
  }
  const bool left_dark = verdict.findings.front().value < 0;
  CHECK((left_dark ? changed_left : changed_right) > 5000);
  CHECK((left_dark ? changed_right : changed_left) < 2000);
  const Picture wide = draw_person(4, Defect::none, 2400, 800);
  const auto near = draw_overlay(wide, (*judge)->check(wide));
  REQUIRE(near);
  CHECK(near->width - 520 < 2 * near->height);  // not the whole of 3:1
}

TEST_CASE("an overlay of any shape of picture is drawn") {
  const auto judge = Judge::load();
  REQUIRE(judge);
  const std::pair<int, int> sizes[] = {{1, 1}, {3000, 10}, {10, 3000}, {640, 480}};
  for (const auto& [width, height] : sizes) {
    CAPTURE(width, height);
    const Picture picture = satchel::test::gradient(width, height);
    const auto overlay = draw_overlay(picture, (*judge)->check(picture));
    REQUIRE(overlay);
    CHECK(overlay->width <= 1366);
  }
  CHECK_FALSE(draw_overlay(Picture{}, Verdict{}));
}
