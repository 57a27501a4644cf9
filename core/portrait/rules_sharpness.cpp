// Sharpness. Source: variance of the Laplacian (Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", 2000),
// which ISO/IEC 29794-5 uses too, here at a fixed distance between the eyes so that a picture's size does not decide.
#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "core/portrait/rules.h"

namespace satchel::core::portrait {
namespace {

constexpr double kUsualGrey = 130;   // of a well-lit face; its edges shrink with the light, so a darker face is brought up to it
constexpr double kBrightenMost = 4;  // beyond that, sensor noise would pass for detail
constexpr double kEnlargedTooMuch = 1.3;  // an enlarged face is soft whatever the lens did; Q-SIZE says what is wrong then

/// Crete, Dolmiere, Ladret and Nicolas, "The blur effect: perception and estimation with a new no-reference perceptual blur
/// metric", 2007: how little the steps between neighbours shrink when the picture is blurred again, along one direction.
double blur_effect(const cv::Mat& grey, bool along_x) {
  constexpr int kTaps = 9;
  cv::Mat again;
  cv::blur(grey, again, along_x ? cv::Size(kTaps, 1) : cv::Size(1, kTaps));
  const auto steps = [&](const cv::Mat& m) {
    cv::Mat out;
    const cv::Rect first(0, 0, m.cols - (along_x ? 1 : 0), m.rows - (along_x ? 0 : 1));
    const cv::Rect second = first + (along_x ? cv::Point(1, 0) : cv::Point(0, 1));
    cv::absdiff(m(second), m(first), out);
    return out;
  };
  const cv::Mat before = steps(grey), after = steps(again);
  cv::Mat lost;
  cv::subtract(before, after, lost);
  cv::max(lost, 0, lost);
  const double all = cv::sum(before)[0];
  return all > 0 ? (all - cv::sum(lost)[0]) / all : 1;
}

double laplacian_variance(const Patch& patch, const cv::Rect& area) {
  cv::Mat grey, smooth, edges;
  cv::cvtColor(patch.bgr(area), grey, cv::COLOR_BGR2GRAY);
  cv::GaussianBlur(grey, smooth, cv::Size(3, 3), 0);  // keeps sensor noise from looking sharp
  cv::Laplacian(smooth, edges, CV_32F);
  cv::Scalar mean, deviation;
  cv::meanStdDev(edges, mean, deviation);
  const double gain = std::clamp(kUsualGrey / std::max(1.0, cv::mean(grey)[0]), 1.0, kBrightenMost);
  return deviation[0] * deviation[0] * gain * gain;
}

/// Around both eyes, nose and mouth.
cv::Rect face_area(const Patch& patch) {
  const cv::Rect2d face(patch.mid_eye.x - patch.unit, patch.mid_eye.y - 0.6 * patch.unit, 2 * patch.unit, 2 * patch.unit);
  return cv::Rect(face) & cv::Rect(0, 0, patch.bgr.cols, patch.bgr.rows);
}

}  // namespace

Finding rule_sharpness(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{limits.laplacian_pass, kOpen};
  const Patch& patch = scene.patch;
  const cv::Rect area = face_area(patch);
  if (patch.scale > kEnlargedTooMuch || area.empty())
    return cannot_tell("Q-BLUR", "laplacian_variance", pass, Blind::too_few_pixels);
  return judge("Q-BLUR", "laplacian_variance", laplacian_variance(patch, area), pass, {limits.laplacian_fail, kOpen});
}

/// Re-blur: light and skin tone cancel out, so that it tells a dim sharp face from a soft one. The worse direction counts: a hand
/// that shakes blurs one of them.
Finding rule_reblur(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{-kOpen, limits.reblur_pass};
  const Patch& patch = scene.patch;
  const cv::Rect area = face_area(patch);
  if (patch.scale > kEnlargedTooMuch || area.width < 32 || area.height < 32) {
    return cannot_tell("Q-SOFT", "reblur_share", pass, Blind::too_few_pixels);
  }
  cv::Mat grey;
  cv::cvtColor(patch.bgr(area), grey, cv::COLOR_BGR2GRAY);
  cv::GaussianBlur(grey, grey, cv::Size(3, 3), 0);
  grey.convertTo(grey, CV_32F);
  const double share = std::max(blur_effect(grey, true), blur_effect(grey, false));
  // Smooth skin in flat light looks blurred to this measure alone: enough detail by the other one clears it. Too little of that
  // is Q-BLUR's to say, and once is enough.
  const double detail = laplacian_variance(patch, area);
  if (detail >= limits.reblur_trusts || detail < limits.laplacian_pass) return judge("Q-SOFT", "reblur_share", share, {}, {});
  return judge("Q-SOFT", "reblur_share", share, pass, {-kOpen, limits.reblur_fail});
}

}  // namespace satchel::core::portrait
