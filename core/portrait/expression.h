#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <vector>

namespace satchel::core::portrait {

/// A histogram of oriented gradients over 48×32 pixels: 5×3 blocks of 2×2 cells of 8×8 pixels, 9 directions each. Source: Dalal
/// and Triggs, "Histograms of oriented gradients for human detection", 2005.
inline constexpr int kPatchWidth = 48;
inline constexpr int kPatchHeight = 32;
inline constexpr std::size_t kPatchFeatures = 5 * 3 * 4 * 9;

/// A plane between two classes: what is written by examples/portraits/train_expressions.cpp from drawn people only.
struct ExpressionPlane {
  std::array<float, kPatchFeatures> weights;
  float bias;
};

extern const ExpressionPlane kEyeOpenPlane;      ///< above 0: the eye is open
extern const ExpressionPlane kMouthClosedPlane;  ///< above 0: the mouth is closed

/// Where a patch lies: its middle, and pixels per unit of the eyes' distance; `roll_deg` clockwise as seen.
struct PatchPlace {
  cv::Point2d middle;
  double unit = 1;
  double roll_deg = 0;
};

inline constexpr double kEyePatchUnits = 0.66;    ///< width of an eye's patch
inline constexpr double kMouthPatchUnits = 1.05;  ///< width of the mouth's
inline constexpr double kMouthBelowEyes = 1.17;   ///< where the model's points are not at hand

/// The features of the part of `bgr` (8 bits, 3 or 1 channels; only read) that is `width_units` wide around the place. Empty when
/// the place lies outside.
std::vector<float> patch_features(const cv::Mat& bgr, const PatchPlace& place, double width_units);

/// Signed distance of the features from the plane, in the plane's own units.
double margin(const ExpressionPlane& plane, const std::vector<float>& features);

}  // namespace satchel::core::portrait
