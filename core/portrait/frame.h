#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "core/portrait/limits.h"

namespace satchel::core::portrait {

/// What decides where a crop lies, in picture pixels.
struct CropAnchor {
  cv::Point2d mid_eye;
  double face_width = 0;
};

/// True when width / height is the frame's ratio within the limit.
bool has_frame_ratio(double width, double height, const Limits& limits);

/// The part of a width × height picture, of the frame's ratio, that brings the eyes, the face's width and the middle nearest to
/// the aim (face width and eyes count for more than the middle's last pixels), never reaching over the picture's edge.
cv::Rect2d best_crop(double width, double height, const CropAnchor& anchor, const Limits& limits);

/// The largest part of the frame's ratio, in the middle: what is left when no face is known.
cv::Rect2d middle_crop(double width, double height, const Limits& limits);

}  // namespace satchel::core::portrait
