// Frames of glasses and widths of edges, on patches whose truth is known to the pixel, and on the people who are hardest to tell.
#include <catch2/catch.hpp>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/portrait/bridge.h"
#include "core/portrait/edge_blur.h"
#include "core/portrait/scene.h"
#include "examples/portraits/people.h"
#include "tests/unit/portrait/one_judge.h"

using namespace satchel::core::portrait;
using namespace satchel::examples;
using satchel::test::judge;

namespace {

const cv::Scalar kSkin(110, 140, 190);  // blue, green, red; grey 152

Patch patch_of(const cv::Mat& bgr) {
  Patch out;
  out.bgr = bgr;
  out.skin = cv::Mat(bgr.size(), CV_8UC1, cv::Scalar(255));
  out.unit = 114;
  out.scale = 1;
  out.mid_eye = cv::Point2d(bgr.cols / 2.0, bgr.rows / 2.0);
  return out;
}

cv::Mat skin() { return cv::Mat(400, 400, CV_8UC3, kSkin); }

/// A line across the whole patch, `drop` pixels lower at its right end than at its left.
cv::Mat with_line(const cv::Scalar& colour, int thick, int drop = 0) {
  cv::Mat out = skin();
  cv::line(out, {0, 195 - drop / 2}, {400, 195 + drop / 2}, colour, thick, cv::LINE_AA);
  cv::GaussianBlur(out, out, cv::Size(), 0.8);
  return out;
}

/// Squares of 25 pixels, dark and light, blurred by a known deviation.
cv::Mat squares(double blur) {
  cv::Mat out = skin();
  for (int y = 0; y < out.rows; ++y) {
    for (int x = 0; x < out.cols; ++x) {
      if ((x / 25 + y / 25) % 2 == 0) out.at<cv::Vec3b>(y, x) = {40, 50, 60};
    }
  }
  if (blur > 0) cv::GaussianBlur(out, out, cv::Size(), blur);
  return out;
}

double glasses_value(const Picture& picture) {
  const Verdict verdict = judge().check(picture);
  for (const auto* list : {&verdict.findings, &verdict.passed}) {
    for (const Finding& f : *list) {
      if (f.code == "Q-GLASSES") return f.value;
    }
  }
  return std::nan("");
}

}  // namespace

TEST_CASE("a line across the nose bridge is a frame, dark or light, thin or thick, level or aslant") {
  for (const cv::Scalar& colour : {cv::Scalar(20, 18, 18), cv::Scalar(225, 235, 240)}) {
    for (const int thick : {3, 5, 8}) {
      for (const int drop : {-60, 0, 60}) {  // 8.5 degrees
        CAPTURE(colour[0], thick, drop);
        CHECK(bridge_line(patch_of(with_line(colour, thick, drop))).value() > 0.1);
      }
    }
  }
}

TEST_CASE("a frame that is as bright as the skin is told by its colour") {
  CHECK(bridge_line(patch_of(with_line(cv::Scalar(152, 152, 152), 5))).value() > 0.1);
}

TEST_CASE("plain skin, one step and a line that ends half way are no frames") {
  CHECK(bridge_line(patch_of(skin())).value() == 0);
  cv::Mat step = skin();
  step.rowRange(195, 400) *= 0.7;
  CHECK(bridge_line(patch_of(step)).value() < 0.005);
  cv::Mat half = skin();
  cv::line(half, {0, 195}, {190, 195}, cv::Scalar(20, 18, 18), 5, cv::LINE_AA);
  CHECK(bridge_line(patch_of(half)).value() < 0.005);
}

TEST_CASE("where the picture ends between the eyes nobody says whether there are glasses") {
  Patch cut = patch_of(skin());
  cut.mid_eye.y = -20;
  CHECK_FALSE(bridge_line(cut).has_value());
}

TEST_CASE("frames that hardly differ from dark skin are told, and the same people without them are bare") {
  for (const int n : {5, 16, 66, 84}) {
    CAPTURE(n);
    Dice dice(static_cast<std::uint64_t>(n) * 77 + 5);
    Look look = harmless_lots(dice);
    const auto seed = 5000 + static_cast<std::uint64_t>(n);
    look.eyewear = Eyewear::clear;
    CHECK(glasses_value(draw_look(seed, look, 480, 640)) > 1.2 * Limits{}.glasses_edge);
    look.eyewear = Eyewear::none;
    CHECK(glasses_value(draw_look(seed, look, 480, 640)) < 0.5 * Limits{}.glasses_edge);
  }
}

TEST_CASE("the width of edges is the deviation of the blur, with that of the pixels themselves") {
  for (const double blur : {0.7, 1.0, 1.5, 2.0, 3.0}) {
    CAPTURE(blur);
    const auto measured = measure_edge_blur(patch_of(squares(blur)));
    REQUIRE(measured);
    const double expected = std::sqrt(blur * blur + 0.5);  // a slope over three pixels widens a sharp edge to 0.7
    CHECK(measured->all == Approx(expected).margin(0.25));
    CHECK(measured->worse_way == Approx(expected).margin(0.25));
  }
}

TEST_CASE("an enlarged face says nothing about the lens") {
  Patch enlarged = patch_of(squares(1));
  enlarged.scale = 1.5;
  CHECK_FALSE(measure_edge_blur(enlarged).has_value());
}
