// What must hold between the verdicts of two pictures of which one is made from the other.
#include <catch2/catch.hpp>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <set>
#include <string>

#include "core/portrait/check.h"
#include "core/portrait/encode.h"
#include "core/portrait/mat.h"
#include "examples/portraits/people.h"
#include "tests/unit/portrait/one_judge.h"

using namespace satchel::core;
using namespace satchel::core::portrait;
using namespace satchel::examples;
using satchel::test::judge;

namespace {

double value_of(const Verdict& verdict, std::string_view code) {
  for (const auto* list : {&verdict.findings, &verdict.passed}) {
    for (const Finding& f : *list) {
      if (f.code == code) return f.value;
    }
  }
  return std::nan("");
}

std::set<std::string> failed(const Verdict& verdict) {
  std::set<std::string> out;
  for (const Finding& f : verdict.findings) {
    if (f.level == Level::fail) out.insert(std::string(f.code));
  }
  return out;
}

Look with_mouth_open() {
  Look look;
  look.mouth_open = 0.8;
  return look;
}

}  // namespace

TEST_CASE("a mirrored picture mirrors the geometry and the sides, and keeps the rest") {
  Look look;
  look.side_dark = 0.6;
  const Picture picture = draw_look(31, look, 480, 640);
  cv::Mat turned;
  cv::flip(view(picture), turned, 1);
  const Verdict plain = judge().check(picture), mirrored = judge().check(to_picture(turned));
  REQUIRE(plain.face);
  REQUIRE(mirrored.face);
  REQUIRE(plain.face->left_eye);
  REQUIRE(mirrored.face->left_eye);
  CHECK(mirrored.face->left_eye->x == Approx(480 - plain.face->right_eye->x).margin(4));
  CHECK(mirrored.face->left_eye->y == Approx(plain.face->right_eye->y).margin(4));
  CHECK(value_of(mirrored, "Q-TILT") == Approx(-value_of(plain, "Q-TILT")).margin(0.8));
  CHECK(value_of(mirrored, "Q-CENTRE") == Approx(-value_of(plain, "Q-CENTRE")).margin(0.01));
  CHECK(value_of(mirrored, "Q-HALF-DARK") == Approx(-value_of(plain, "Q-HALF-DARK")).margin(0.05));
  CHECK(value_of(mirrored, "Q-BACKGROUND-LIGHT") == Approx(-value_of(plain, "Q-BACKGROUND-LIGHT")).margin(1));
  CHECK(value_of(mirrored, "Q-TOP-LIGHT") == Approx(value_of(plain, "Q-TOP-LIGHT")).margin(0.03));
  CHECK(failed(mirrored) == failed(plain));
}

TEST_CASE("scale, a JPEG's quality and slight noise change no verdict") {
  for (const Look& look : {Look{}, with_mouth_open()}) {
    const Picture picture = draw_look(32, look, 960, 1280);
    const std::set<std::string> expected = failed(judge().check(picture));
    CHECK(expected.contains("Q-MOUTH") == (look.mouth_open > 0));
    cv::Mat smaller;
    cv::resize(view(picture), smaller, cv::Size(720, 960), 0, 0, cv::INTER_AREA);
    CHECK(failed(judge().check(to_picture(smaller))) == expected);
    for (const int quality : {75, 95}) {
      const auto file = encode_jpeg(picture, {quality, 300, Subsampling::k420});
      REQUIRE(file);
      const auto verdict = judge().check_file(*file);
      REQUIRE(verdict);
      CHECK(failed(*verdict) == expected);
    }
    cv::Mat noisy = view(picture).clone();
    Dice dice(7);
    for (int y = 0; y < noisy.rows; ++y) {
      for (int x = 0; x < noisy.cols; ++x) {
        auto& p = noisy.at<cv::Vec3b>(y, x);
        const double d = 2 * dice.bell();
        for (int c = 0; c < 3; ++c) p[c] = cv::saturate_cast<std::uint8_t>(p[c] + d);
      }
    }
    CHECK(failed(judge().check(to_picture(noisy))) == expected);
  }
}

TEST_CASE("more ground around a person moves the frame, not the person's own numbers") {
  const Picture picture = draw_look(33, {}, 720, 960);
  cv::Mat wider;
  cv::copyMakeBorder(view(picture), wider, 0, 0, 150, 150, cv::BORDER_REPLICATE);
  const Verdict plain = judge().check(picture), more = judge().check(to_picture(wider));
  REQUIRE(more.face);
  REQUIRE(more.face->left_eye);
  CHECK(more.face->left_eye->x == Approx(plain.face->left_eye->x + 150).margin(6));
  CHECK(more.face->left_eye->y == Approx(plain.face->left_eye->y).margin(6));
  CHECK(value_of(more, "Q-TOP-LIGHT") == Approx(value_of(plain, "Q-TOP-LIGHT")).margin(0.04));
  CHECK(value_of(more, "Q-HALF-DARK") == Approx(value_of(plain, "Q-HALF-DARK")).margin(0.06));
  CHECK(failed(more) == failed(plain));
}

TEST_CASE("more light never looks darker, less never looks burnt") {
  double last_dark = 2, last_burnt = -1;
  for (const double exposure : {0.1, 0.3, 1.0, 3.0, 8.0}) {
    Look look;
    look.exposure = exposure;
    const Verdict verdict = judge().check(draw_look(34, look, 480, 640));
    CAPTURE(exposure);
    const double dark = value_of(verdict, "Q-DARK"), burnt = value_of(verdict, "Q-OVEREXPOSED");
    REQUIRE_FALSE(std::isnan(dark));
    REQUIRE_FALSE(std::isnan(burnt));
    CHECK(dark <= last_dark);
    CHECK(burnt >= last_burnt);
    last_dark = dark;
    last_burnt = burnt;
  }
  CHECK(last_burnt > 0.5);
}

TEST_CASE("more blur never looks sharper") {
  double last = 0, last_worse = 0;
  for (const double blur : {0.4, 0.8, 1.2, 1.6, 2.4, 3.5, 5.0}) {
    Look look;
    look.lens_blur_px = blur;
    const Verdict verdict = judge().check(draw_look(35, look, 480, 640));
    CAPTURE(blur);
    CHECK(value_of(verdict, "Q-BLUR") > last);
    CHECK(value_of(verdict, "Q-SOFT") > last_worse);
    last = value_of(verdict, "Q-BLUR");
    last_worse = value_of(verdict, "Q-SOFT");
  }
}
