#pragma once

#include <functional>
#include <opencv2/core.hpp>

#include "core/portrait/limits.h"
#include "core/portrait/verdict.h"

namespace satchel::core::portrait {

/// What is drawn on: the shown part of the picture, and where a source pixel lies on it.
struct Shown {
  cv::Mat pixels;  ///< 8-bit BGR, drawn on
  Point origin;    ///< of the shown part, in source pixels
  double scale = 1;

  cv::Point2d at(const Point& source) const { return {(source.x - origin.x) * scale, (source.y - origin.y) * scale}; }
};

/// Tints what a finding speaks of, in the colour of its level: burnt skin, the dark half of the face, eyes, mouth, forehead,
/// chest, and what is not plain in the ground. Findings without a place (blur, size) tint nothing.
void draw_regions(Shown& shown, const Verdict& verdict, const Limits& limits, const std::function<cv::Scalar(Level)>& colour_of);

}  // namespace satchel::core::portrait
