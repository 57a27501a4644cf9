#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/portrait/picture.h"
#include "core/portrait/verdict.h"

namespace satchel::core::portrait {

/// One thing about the place where pictures are taken: a number with its limits, what is wrong, and which lamp or camera to move.
/// "Left" and "right" are those of the picture.
struct StationItem {
  std::string_view code;  ///< stable: "S-SIDE"
  Level level = Level::unknown;
  std::string_view measure;  ///< with its unit or kind at the end
  double value = 0;          ///< NaN when it could not be measured
  double limit_low = 0, limit_high = 0;
  std::string zh, en, cure_zh, cure_en;  ///< cures are empty when it passes
};

struct StationReport {
  Level level = Level::fail;  ///< the worst of the items
  std::vector<StationItem> items;
};

/// Grades a test shot before the class comes: somebody sits where the students will sit. `verdict` must be of this picture.
///   S-SIDE        ln(left cheek / right cheek) of linear luminance
///   S-TOP         ln(forehead / chin); unknown under a fringe
///   S-EXPOSURE    median linear luminance of the skin, 0..255
///   S-COLOUR      hue of the cheeks in CIE Lab, degrees: skin of any darkness lies near 55 in white light
///   S-SHARP       what the rule on blur says
///   S-GROUND      ΔE, 95th percentile, of the border against a plane in Lab: folds, patterns, shadows
///   S-GROUND-LIGHT  how much lighter, in L*, the ground's right edge is than its left one
/// How far to move a lamp follows from the inverse square of its distance. Without a face one item, S-NO-FACE, fails.
StationReport grade_station(const Picture& picture, const Verdict& verdict);

}  // namespace satchel::core::portrait
