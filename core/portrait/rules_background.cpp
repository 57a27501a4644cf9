// The ground behind the person. Sources: the notices' plain light blue, white or light grey; ISO/IEC 29794-5 background
// uniformity; residuals and limits measured with OpenCV on grounds with and without folds.
#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>
#include <span>

#include "core/portrait/background.h"
#include "core/portrait/rules.h"

namespace satchel::core::portrait {
namespace {

using Rgb = std::array<std::uint8_t, 3>;

constexpr std::array<Rgb, 3> kNotices{{{100, 197, 255}, {255, 255, 255}, {240, 240, 240}}};

cv::Vec3d lab_of(const Rgb& rgb) {
  const cv::Mat pixel(1, 1, CV_32FC3, cv::Scalar(rgb[2] / 255.0, rgb[1] / 255.0, rgb[0] / 255.0));
  cv::Mat lab;
  cv::cvtColor(pixel, lab, cv::COLOR_BGR2Lab);
  return cv::Vec3d(lab.at<cv::Vec3f>(0, 0));
}

bool too_dark(const Scene& scene) { return scene.bright_luminance < scene.limits->dark_picture_luminance / 2; }

}  // namespace

/// ΔE, 95th percentile, of the ground from a plane through its colours: folds, shadows, things behind.
Finding rule_ground_plain(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{-kOpen, limits.ground_residual_pass};
  if (!scene.ground.seen) return cannot_tell("Q-BACKGROUND", "ground_residual_delta_e", pass, Blind::no_ground);
  if (too_dark(scene)) return cannot_tell("Q-BACKGROUND", "ground_residual_delta_e", pass, Blind::too_dark);
  return judge("Q-BACKGROUND", "ground_residual_delta_e", scene.ground.residual, pass, {-kOpen, limits.ground_residual_fail});
}

/// L* of the left side less that of the right: positive when the right one is darker.
Finding rule_ground_light(const Scene& scene) {
  const Range pass = Range::around(0, scene.limits->ground_slope_pass);
  if (!scene.ground.seen) return cannot_tell("Q-BACKGROUND-LIGHT", "ground_left_less_right_l", pass, Blind::no_ground);
  if (!scene.ground.plain && scene.ground.residual > scene.limits->ground_residual_fail) {
    return cannot_tell("Q-BACKGROUND-LIGHT", "ground_left_less_right_l", pass, Blind::mixed_ground);
  }
  return advise("Q-BACKGROUND-LIGHT", "ground_left_less_right_l", -scene.ground.slope, pass);
}

/// ΔE to the nearest ground that the campaign takes, lightness counting half.
Finding rule_ground_colour(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{-kOpen, limits.ground_delta_pass};
  if (!scene.ground.seen) {
    return cannot_tell("Q-BACKGROUND-COLOUR", "ground_colour_delta_e", pass, Blind::no_ground);
  }
  if (too_dark(scene)) return cannot_tell("Q-BACKGROUND-COLOUR", "ground_colour_delta_e", pass, Blind::too_dark);
  if (!scene.ground.plain) return cannot_tell("Q-BACKGROUND-COLOUR", "ground_colour_delta_e", pass, Blind::mixed_ground);
  double least = kOpen;
  const std::span<const Rgb> accepted = limits.grounds.empty() ? std::span<const Rgb>(kNotices) : limits.grounds;
  for (const Rgb& one : accepted) least = std::min(least, ground_delta(scene.ground.lab, lab_of(one)));
  return judge("Q-BACKGROUND-COLOUR", "ground_colour_delta_e", least, pass, {-kOpen, limits.ground_delta_fail});
}

}  // namespace satchel::core::portrait
