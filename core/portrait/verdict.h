#pragma once

#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace satchel::core::portrait {

/// What one rule answers, and what they say together (the worst; unknown counts as pass there, because a rule that cannot see
/// never refuses).
enum class Level { pass, advice, fail, unknown };

/// "pass", "advice", "fail", "unknown".
constexpr std::string_view name(Level level) noexcept {
  switch (level) {
    case Level::pass: return "pass";
    case Level::advice: return "advice";
    case Level::fail: return "fail";
    case Level::unknown: break;
  }
  return "unknown";
}

struct Point {
  double x = 0;
  double y = 0;
};

struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

/// One rule's answer. All texts live in static storage (catalogue.h).
struct Finding {
  std::string_view code;  ///< stable: "Q-BLUR"
  Level level = Level::unknown;
  std::string_view measure;  ///< what was measured, with its unit at the end: "roll_deg", "eye_height_px"
  double value = std::numeric_limits<double>::quiet_NaN();  ///< NaN when the rule could not see
  /// Where the rule passes; infinite where it is open (null in JSON).
  double limit_low = -std::numeric_limits<double>::infinity();
  double limit_high = std::numeric_limits<double>::infinity();
  std::string_view zh;
  std::string_view en;
  std::string_view cure_zh;
  std::string_view cure_en;
};

/// Where the face is: pixels of the source picture, upright, origin at the top left.
struct FaceGeometry {
  Box box;
  /// Both set, or neither. left_eye is the one at the smaller x.
  std::optional<Point> left_eye;
  std::optional<Point> right_eye;
  double roll_deg = 0;       ///< positive when right_eye is lower; 0 without eyes
  double face_width_px = 0;  ///< at the level of the nose
  std::optional<double> hairline_y;
};

/// The judge's answer to one picture.
struct Verdict {
  Level verdict = Level::fail;
  int width = 0;  ///< of the source picture, upright
  int height = 0;
  int faces = 0;
  std::optional<FaceGeometry> face;  ///< the largest one
  /// The part of the picture that was judged as a 480×640 frame: all of it when it is 3:4 already, otherwise the crop that
  /// make_standard() would take. Source pixels.
  Box frame;
  /// What is not a plain pass: fail first, then advice, then unknown, each group in the order of the rules.
  std::vector<Finding> findings;
  /// What passed, with its numbers, in the order of the rules.
  std::vector<Finding> passed;
  double score = 0;  ///< 0..100, higher is better: for choosing among drafts of one student, not a limit
};

}  // namespace satchel::core::portrait
