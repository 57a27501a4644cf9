#include "core/portrait/station.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/portrait/check.h"
#include "core/portrait/mat.h"
#include "examples/portraits/people.h"
#include "tests/unit/portrait/files.h"
#include "tests/unit/portrait/one_judge.h"

using namespace satchel::core::portrait;
using namespace satchel::examples;
using satchel::test::judge;

namespace {

StationReport graded(const Picture& picture) { return grade_station(picture, judge().check(picture)); }

const StationItem& item(const StationReport& report, std::string_view code) {
  for (const StationItem& one : report.items) {
    if (one.code == code) return one;
  }
  FAIL("no " << code);
  return report.items.front();
}

/// A good picture whose light is multiplied by a gain that depends on the place; in linear light.
template <class Gain>
Picture relit(Picture picture, Gain gain) {
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const double g = std::pow(gain(static_cast<double>(x) / picture.width, static_cast<double>(y) / picture.height), 1 / 2.2);
      for (int c = 0; c < 3; ++c) {
        std::uint8_t& value = picture.bgr[static_cast<std::size_t>((y * picture.width + x) * 3 + c)];
        value = cv::saturate_cast<std::uint8_t>(value * g);
      }
    }
  }
  return picture;
}

Picture good() { return draw_person(12, Defect::none, 480, 640); }

}  // namespace

TEST_CASE("a good test shot passes, whoever sits there") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    const StationReport report = graded(draw_person(seed, Defect::none, 480, 640));
    for (const StationItem& one : report.items) {
      CAPTURE(one.code, one.value);
      CHECK(one.level != Level::fail);
      if (one.level == Level::pass) CHECK(one.cure_zh.empty());
    }
  }
}

TEST_CASE("light from one side names the lamp to move, and how far") {
  const StationReport left_dark = graded(relit(good(), [](double x, double) { return 0.6 + 0.55 * x; }));
  CHECK(item(left_dark, "S-SIDE").value < -0.12);
  CHECK(item(left_dark, "S-SIDE").cure_en.find("Move the lamp on the left of the picture nearer") == 0);
  CHECK(item(left_dark, "S-SIDE").cure_zh.find("1.") != std::string::npos);
  CHECK(item(left_dark, "S-GROUND-LIGHT").cure_en.find("on the left of the picture") != std::string::npos);
  const StationReport right_dark = graded(relit(good(), [](double x, double) { return 1.15 - 0.55 * x; }));
  CHECK(item(right_dark, "S-SIDE").value > 0.12);
  CHECK(item(right_dark, "S-SIDE").cure_zh.find("请把画面右侧的灯移近") == 0);
  // The steeper the light, the larger the number, on either side.
  double last = 0;
  for (const double slope : {0.0, 0.2, 0.4, 0.6}) {
    const double value = item(graded(relit(good(), [&](double x, double) { return 0.9 + slope * (x - 0.5); })), "S-SIDE").value;
    CHECK(value <= last + 0.02);
    last = value;
  }
}

TEST_CASE("too little and too much light, a strong top light and a wrong colour are told with their cures") {
  const StationReport dark = graded(relit(good(), [](double, double) { return 0.35; }));
  CHECK(item(dark, "S-EXPOSURE").cure_en.find("nearer") != std::string::npos);
  const StationReport top = graded(relit(good(), [](double, double y) { return y < 0.36 ? 1.15 : 0.5; }));
  if (item(top, "S-TOP").level != Level::unknown) CHECK(item(top, "S-TOP").cure_zh.find("头顶") != std::string::npos);
  Picture warm = good();
  for (std::size_t i = 0; i < warm.bgr.size(); i += 3) warm.bgr[i] = static_cast<std::uint8_t>(warm.bgr[i] / 2);
  CHECK(item(graded(warm), "S-COLOUR").level != Level::pass);
  Picture grey = good();
  for (std::size_t i = 0; i < grey.bgr.size(); i += 3) grey.bgr[i] = grey.bgr[i + 1] = grey.bgr[i + 2];
  CHECK(item(graded(grey), "S-COLOUR").level == Level::fail);
  CHECK(item(graded(draw_person(12, Defect::blurred, 480, 640)), "S-SHARP").level == Level::fail);
}

TEST_CASE("folds and things on the ground are told, with their cure") {
  const StationReport plain = graded(good());
  CHECK(item(plain, "S-GROUND").level == Level::pass);
  CHECK(item(plain, "S-GROUND").cure_zh.empty());
  for (const Ground ground : {Ground::curtain, Ground::shelf}) {
    Look look;
    look.ground = ground;
    const StationItem told = item(graded(draw_look(12, look, 480, 640)), "S-GROUND");
    CHECK(told.level != Level::pass);
    CHECK_FALSE(told.cure_zh.empty());
    CHECK_FALSE(told.cure_en.empty());
  }
}

TEST_CASE("a shot of nobody asks for somebody, and any picture gets a report") {
  const StationReport nobody = graded(draw_person(2, Defect::no_face, 480, 640));
  CHECK(nobody.level == Level::fail);
  CHECK(item(nobody, "S-NO-FACE").cure_en.find("teacher") != std::string::npos);
  for (const auto& [width, height] : {std::pair{1, 1}, std::pair{300, 2}, std::pair{640, 480}}) {
    CHECK(graded(satchel::test::gradient(width, height)).level == Level::fail);
  }
  CHECK(grade_station(Picture{}, Verdict{}).level == Level::fail);
}
