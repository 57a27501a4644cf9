#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "core/portrait/scene.h"

namespace satchel::core::portrait {

/// The background's colour in CIE Lab: the middle of what stands at both sides of the head, near the frame's edges.
/// nullopt where most of that is not of one colour: a room, a curtain, light from one side.
std::optional<cv::Vec3d> ground_colour(const Scene& scene);

/// Needs the frame, the standard picture and the face of `scene`.
Ground measure_ground(const Scene& scene);

/// ΔE between colours in Lab with half the weight on lightness: lamps change how light a ground is, hardly its colour. The
/// proportion is that of CMC(2:1), BS 6923, for judging cloth.
double ground_delta(const cv::Vec3d& a, const cv::Vec3d& b);

}  // namespace satchel::core::portrait
