#pragma once

#include <optional>

#include "core/portrait/scene.h"

namespace satchel::core::portrait {

/// The face's width at the level of the nose, in patch pixels, by walking outward over the cheeks until the skin ends on both
/// sides; nullopt when an edge is not plain (hair over the cheek, skin-coloured ground).
std::optional<double> scan_face_width(const Patch& patch);

/// The row, in patch pixels, where forehead turns to hair above the middle of the brows; nullopt for a bald head, a fringe, or
/// hair too near to skin colour. `ground` is the background's colour.
std::optional<double> scan_hairline(const Patch& patch, const std::optional<cv::Vec3d>& ground);

}  // namespace satchel::core::portrait
