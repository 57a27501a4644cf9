#pragma once

#include <cstdint>

#include "core/portrait/ground.h"
#include "core/portrait/picture.h"
#include "core/portrait/verdict.h"

// Drawn people before a ground of any colour, with the exact share of each pixel that is person.
namespace satchel::test {

struct Cutout {
  core::portrait::Picture picture;
  core::portrait::FaceGeometry face;  ///< where it was drawn
  std::vector<float> person;          ///< 0..1 a pixel
};

struct CutoutOptions {
  core::portrait::Ground ground{120, 190, 240};
  double side_light = 0;     ///< by which share the ground's right edge is brighter than its left one
  bool like_ground = false;  ///< clothes of nearly the ground's colour
  bool curtain = false;      ///< wide folds in the ground
};

/// 480×640. The truth comes from drawing the same person before two grounds: what does not change is person.
Cutout draw_cutout(std::uint64_t seed, const CutoutOptions& options = {});

/// Intersection over union of the pixels that are mostly person.
double overlap(const std::vector<std::uint8_t>& mask, const std::vector<float>& truth);

}  // namespace satchel::test
