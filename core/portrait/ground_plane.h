#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <optional>

namespace satchel::core::portrait {

/// A plain ground under light from anywhere: each channel of CIE Lab is a + b·x + c·y, x and y from -1 to 1 over the picture.
struct GroundPlane {
  std::array<cv::Vec3d, 3> terms;  ///< a, b, c; each with L, a*, b*
  double residual = 0;             ///< ΔE (CIE76), 95th percentile of the border pixels that belong to the ground
  double share = 0;                ///< of the border that belongs to it

  /// ΔE of each pixel of an 8-bit BGR picture from the plane; float.
  cv::Mat distance(const cv::Mat& bgr) const;
  /// The plane's colours as float BGR, 0..255.
  cv::Mat colours(cv::Size size) const;
};

/// Fits it to the upper edge and to both sides down to the shoulders, leaving out what does not belong (hair, a shoulder, a
/// lamp); nullopt when less than 60 % of that belongs to one plane.
std::optional<GroundPlane> fit_ground(const cv::Mat& bgr);

}  // namespace satchel::core::portrait
