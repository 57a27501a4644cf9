// Light on the face, on linear luminance (sRGB undone), because light adds up there and a lamp's share is a ratio. Sources: the
// notices' reject reasons (too dark, over-exposed, half-dark face); ISO/IEC 29794-5 illumination uniformity, under- and
// over-exposure.
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/portrait/quantile.h"
#include "core/portrait/rules.h"
#include "core/portrait/zones.h"

namespace satchel::core::portrait {

/// Share of the face's skin that is nearly black. Says a word only when the whole picture lacks light: dark skin is no fault.
Finding rule_under_exposure(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{-kOpen, limits.under_share_pass};
  if (!scene.has_face()) {
    const Range bright{limits.dark_picture_luminance / 2, kOpen};
    if (bright.holds(scene.bright_luminance)) return cannot_tell("Q-DARK", "under_exposed_share", pass, Blind::no_eyes);
    return judge("Q-DARK", "bright_luminance", scene.bright_luminance, bright, bright);
  }
  const std::vector<float> skin = skin_luminance(scene.patch, whole(scene.patch));
  if (skin.empty()) return cannot_tell("Q-DARK", "under_exposed_share", pass, Blind::too_few_pixels);
  const auto dark =
      std::count_if(skin.begin(), skin.end(), [&](float v) { return static_cast<double>(v) <= limits.dark_luminance; });
  const double share = static_cast<double>(dark) / static_cast<double>(skin.size());
  const bool picture_dark = scene.bright_luminance < limits.dark_picture_luminance;
  if (!picture_dark) return judge("Q-DARK", "under_exposed_share", share, {}, {});
  return judge("Q-DARK", "under_exposed_share", share, pass, {-kOpen, limits.under_share_fail});
}

/// Share of the face's skin that is white with light.
Finding rule_over_exposure(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{-kOpen, limits.over_share_pass};
  const std::vector<float> skin = skin_luminance(scene.patch, whole(scene.patch));
  if (skin.empty()) return cannot_tell("Q-OVEREXPOSED", "over_exposed_share", pass, Blind::too_few_pixels);
  const auto burnt =
      std::count_if(skin.begin(), skin.end(), [&](float v) { return static_cast<double>(v) >= limits.bright_luminance; });
  const double share = static_cast<double>(burnt) / static_cast<double>(skin.size());
  return judge("Q-OVEREXPOSED", "over_exposed_share", share, pass, {-kOpen, limits.over_share_fail});
}

/// ln(left median / right median) of the face's luminance; negative when the left half, as seen, is the darker one.
Finding rule_half_dark(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass = Range::around(0, limits.half_dark_pass);
  const Patch& patch = scene.patch;
  const int middle = cvRound(patch.mid_eye.x), top = cvRound(patch.mid_eye.y + 0.1 * patch.unit);
  std::vector<float> left = skin_luminance(patch, {0, top, middle, patch.skin.rows - top});
  std::vector<float> right = skin_luminance(patch, {middle, top, patch.skin.cols - middle, patch.skin.rows - top});
  if (left.size() < 100 || right.size() < 100)
    return cannot_tell("Q-HALF-DARK", "log_left_over_right", pass, Blind::too_few_pixels);
  // One step of 8 bits keeps black from becoming infinitely darker than black.
  const double ratio = std::log((median(left) + 1) / (median(right) + 1));
  return judge("Q-HALF-DARK", "log_left_over_right", ratio, pass, Range::around(0, limits.half_dark_fail));
}

}  // namespace satchel::core::portrait
