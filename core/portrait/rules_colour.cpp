// Colour of the skin and of the pupils. Sources: ISO/IEC 29794-5 natural colour (a* and b* of both cheeks within 5..25
// and 5..35); red-eye as the share of red in the pupil (Gaubatz and Ulichney, "Automatic red-eye detection and correction",
// 2002).
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/portrait/quantile.h"
#include "core/portrait/rules.h"
#include "core/portrait/zones.h"

namespace satchel::core::portrait {

/// b* of the cheeks, or a* when only that lies outside its range.
Finding rule_skin_colour(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range b_pass{limits.skin_b_low, limits.skin_b_high}, a_pass{limits.skin_a_low, limits.skin_a_high};
  const auto wide = [&](const Range& r) { return Range{r.low - limits.skin_slack, r.high + limits.skin_slack}; };
  const auto left = zone_lab(scene.patch, kLeftCheek), right = zone_lab(scene.patch, kRightCheek);
  if (!left || !right) return cannot_tell("Q-COLOUR", "cheek_b", b_pass, Blind::no_eyes);
  const cv::Vec3d skin = (*left + *right) * 0.5;
  if (skin[0] > 95) return cannot_tell("Q-COLOUR", "cheek_b", b_pass, Blind::burnt);
  if (skin[0] < 12) return cannot_tell("Q-COLOUR", "cheek_b", b_pass, Blind::too_dark);
  // In little light all colours shrink toward grey: part of what the light took is given back before they are
  // judged; not all, because dark skin is no lack of light.
  const double usual = 60, gain = std::clamp(usual / skin[0], 1.0, 1.25);
  const double a = skin[1] * gain, b = skin[2] * gain;
  if (b_pass.holds(b) && !a_pass.holds(a)) return judge("Q-COLOUR", "cheek_a", a, a_pass, wide(a_pass));
  return judge("Q-COLOUR", "cheek_b", b, b_pass, wide(b_pass));
}

/// R / (G + B), 80th percentile of what is not dark in a disc around each eye's middle; the redder eye.
Finding rule_red_eye(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{-kOpen, limits.red_eye_pass};
  if (!scene.eyes_seen) return cannot_tell("Q-RED-EYE", "pupil_red_share", pass, Blind::no_eyes);
  if (scene.patch.scale > 2.2) return cannot_tell("Q-RED-EYE", "pupil_red_share", pass, Blind::too_few_pixels);
  double most = 0;
  for (const cv::Point2d eye : {scene.in_patch(scene.eyes.left), scene.in_patch(scene.eyes.right)}) {
    const double reach = 0.09 * scene.patch.unit;
    std::vector<float> shares;
    for (int y = cvFloor(eye.y - reach); y <= cvCeil(eye.y + reach); ++y) {
      for (int x = cvFloor(eye.x - reach); x <= cvCeil(eye.x + reach); ++x) {
        if (x < 0 || y < 0 || x >= scene.patch.bgr.cols || y >= scene.patch.bgr.rows) continue;
        if (std::hypot(x - eye.x, y - eye.y) > reach) continue;
        const auto& p = scene.patch.bgr.at<cv::Vec3b>(y, x);
        constexpr int kDark = 70;  // a dark brown iris has little red, however large its share
        shares.push_back(p[2] < kDark ? 0.5f : static_cast<float>(p[2]) / static_cast<float>(std::max(1, p[0] + p[1])));
      }
    }
    if (shares.empty()) return cannot_tell("Q-RED-EYE", "pupil_red_share", pass, Blind::no_eyes);
    most = std::max(most, quantile(shares, 0.8));
  }
  return judge("Q-RED-EYE", "pupil_red_share", most, pass, {-kOpen, limits.red_eye_fail});
}

}  // namespace satchel::core::portrait
