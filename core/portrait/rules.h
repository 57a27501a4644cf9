#pragma once

#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "core/portrait/catalogue.h"
#include "core/portrait/scene.h"
#include "core/portrait/verdict.h"

namespace satchel::core::portrait {

inline constexpr double kOpen = std::numeric_limits<double>::infinity();

/// From low to high, both included.
struct Range {
  double low = -kOpen;
  double high = kOpen;
  bool holds(double value) const { return value >= low && value <= high; }
  static Range around(double middle, double reach) { return {middle - reach, middle + reach}; }
};

/// A finding: pass inside `pass`, advice inside `fail`, else fail; its words from the catalogue, for the side on which it misses.
Finding judge(std::string_view code, std::string_view measure, double value, Range pass, Range fail);
/// The same for a rule that never refuses.
Finding advise(std::string_view code, std::string_view measure, double value, Range pass);
/// The rule cannot see what it needs.
Finding cannot_tell(std::string_view code, std::string_view measure, Range pass, Blind why);
/// What one finding costs of the score.
double penalty(const Finding& finding);
/// The verdict by findings that are sorted, the worst first.
Level level_of(const std::vector<Finding>& findings);

struct Rule {
  enum class Needs { picture, face };
  Needs needs;
  Finding (*judge)(const Scene& scene);
};

/// Every rule, in the order in which a teacher should read them.
std::span<const Rule> all_rules() noexcept;

// --- rules_geometry.cpp
Finding rule_size(const Scene& scene);
Finding rule_ratio(const Scene& scene);
Finding rule_face(const Scene& scene);
Finding rule_one_face(const Scene& scene);
Finding rule_eyes(const Scene& scene);
Finding rule_roll(const Scene& scene);
Finding rule_eye_height(const Scene& scene);
Finding rule_face_width(const Scene& scene);
Finding rule_centre(const Scene& scene);
Finding rule_hairline(const Scene& scene);
// --- rules_pose.cpp
Finding rule_yaw(const Scene& scene);
Finding rule_pitch(const Scene& scene);
/// Whether the model sees the head turned so far that forehead, cheeks and chin are not where a straight face has them.
bool turned_away(const Scene& scene);
// --- rules_expression.cpp
Finding rule_eyes_open(const Scene& scene);
Finding rule_mouth_closed(const Scene& scene);
// --- rules_glasses.cpp
Finding rule_glasses(const Scene& scene);
Finding rule_glare(const Scene& scene);
Finding rule_tinted(const Scene& scene);
/// Whether a mirrored lamp lies before an eye: then nobody can say whether it is open.
bool lens_hides_eye(const Scene& scene);
// --- rules_colour.cpp
Finding rule_skin_colour(const Scene& scene);
Finding rule_red_eye(const Scene& scene);
// --- rules_background.cpp
Finding rule_ground_plain(const Scene& scene);
Finding rule_ground_light(const Scene& scene);
Finding rule_ground_colour(const Scene& scene);
// --- rules_origin.cpp
Finding rule_recapture(const Scene& scene);
Finding rule_beautified(const Scene& scene);
Finding rule_edited(const Scene& scene);
Finding rule_similarity(const Scene& scene);
// --- rules_sharpness.cpp
Finding rule_sharpness(const Scene& scene);
Finding rule_moved(const Scene& scene);
// --- rules_light.cpp
Finding rule_under_exposure(const Scene& scene);
Finding rule_over_exposure(const Scene& scene);
Finding rule_half_dark(const Scene& scene);
// --- rules_top_light.cpp
Finding rule_top_light(const Scene& scene);
Finding rule_highlight(const Scene& scene);
// --- rules_clothes.cpp
Finding rule_clothes(const Scene& scene);
Finding rule_stripes(const Scene& scene);
Finding rule_clothes_colour(const Scene& scene);

}  // namespace satchel::core::portrait
