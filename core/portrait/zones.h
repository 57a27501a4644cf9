#pragma once

#include <optional>
#include <vector>

#include "core/portrait/scene.h"

// Parts of the face in units of the eyes' distance, from the middle of the eyes: x to the right, y down.
namespace satchel::core::portrait {

struct Zone {
  double left, top, right, bottom;
};

inline constexpr Zone kForehead{-0.38, -0.95, 0.38, -0.62};
inline constexpr Zone kLeftCheek{-0.72, 0.42, -0.34, 0.80};
inline constexpr Zone kRightCheek{0.34, 0.42, 0.72, 0.80};
inline constexpr Zone kChin{-0.22, 1.42, 0.22, 1.66};
inline constexpr Zone kNose{-0.20, 0.25, 0.20, 0.78};

/// In patch pixels, clipped; may be empty.
cv::Rect place(const Patch& patch, const Zone& zone);
cv::Rect whole(const Patch& patch);

/// Linear luminance of the skin inside a part of the patch, and of every pixel of a zone.
std::vector<float> skin_luminance(const Patch& patch, const cv::Rect& where);
std::vector<float> luminance_of(const Patch& patch, const Zone& zone);

/// CIE Lab of a zone's middle; nullopt outside the patch.
std::optional<cv::Vec3d> zone_lab(const Patch& patch, const Zone& zone);

/// Whether the forehead is skin: not a fringe, a hat or a shadow.
bool forehead_seen(const Patch& patch);

}  // namespace satchel::core::portrait
