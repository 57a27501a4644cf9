#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "core/portrait/scene.h"

namespace satchel::core::portrait {

/// The background's colour in CIE Lab: the middle of what stands at both sides of the head, near the frame's edges.
/// nullopt where most of that is not of one colour: a room, a curtain, light from one side.
std::optional<cv::Vec3d> ground_colour(const Scene& scene);

}  // namespace satchel::core::portrait
