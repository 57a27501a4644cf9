#pragma once

#include <limits>
#include <span>
#include <string_view>

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
Finding cannot_tell(std::string_view code, std::string_view measure, Range pass);

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
// --- rules_sharpness.cpp
Finding rule_sharpness(const Scene& scene);
// --- rules_light.cpp
Finding rule_under_exposure(const Scene& scene);
Finding rule_over_exposure(const Scene& scene);
Finding rule_half_dark(const Scene& scene);
// --- rules_clothes.cpp
Finding rule_clothes(const Scene& scene);

}  // namespace satchel::core::portrait
