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

}  // namespace

Finding rule_sharpness(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{limits.laplacian_pass, kOpen};
  const Patch& patch = scene.patch;
  const cv::Rect2d face(patch.mid_eye.x - patch.unit, patch.mid_eye.y - 0.6 * patch.unit, 2 * patch.unit, 2 * patch.unit);
  const cv::Rect area = cv::Rect(face) & cv::Rect(0, 0, patch.bgr.cols, patch.bgr.rows);
  if (patch.scale > kEnlargedTooMuch || area.empty()) return cannot_tell("Q-BLUR", "laplacian_variance", pass);
  cv::Mat grey, smooth, edges;
  cv::cvtColor(patch.bgr(area), grey, cv::COLOR_BGR2GRAY);
  cv::GaussianBlur(grey, smooth, cv::Size(3, 3), 0);  // keeps sensor noise from looking sharp
  cv::Laplacian(smooth, edges, CV_32F);
  cv::Scalar mean, deviation;
  cv::meanStdDev(edges, mean, deviation);
  const double gain = std::clamp(kUsualGrey / std::max(1.0, cv::mean(grey)[0]), 1.0, kBrightenMost);
  const double variance = deviation[0] * deviation[0] * gain * gain;
  return judge("Q-BLUR", "laplacian_variance", variance, pass, {limits.laplacian_fail, kOpen});
}

}  // namespace satchel::core::portrait
