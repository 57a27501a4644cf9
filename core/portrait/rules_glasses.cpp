// Glasses, mirrors in them, tinted lenses. Sources: the notices (no glare on glasses, not tinted); ISO/IEC 19794-5 on eye
// glasses; the bridge of a frame as a line across the nose (bridge.h).
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/portrait/rules.h"
#include "core/portrait/zones.h"

namespace satchel::core::portrait {
namespace {

constexpr double kLensHalfWidth = 0.38, kLensHalfHeight = 0.26;  // of the ellipse around an eye in which a lens mirrors

bool wears_glasses(const Scene& scene) {
  return !turned_away(scene) && scene.bridge && *scene.bridge >= scene.limits->glasses_edge;
}

cv::Mat lens_mask(const Scene& scene, cv::Point2d eye) {
  cv::Mat mask = cv::Mat::zeros(scene.patch.bgr.size(), CV_8UC1);
  const double unit = scene.patch.unit;
  cv::ellipse(mask, cv::Point(cvRound(eye.x), cvRound(eye.y + 0.03 * unit)),
              cv::Size(cvRound(kLensHalfWidth * unit), cvRound(kLensHalfHeight * unit)), 0, 0, 360, 255, cv::FILLED);
  return mask;
}

/// Share of a lens that its largest white blob covers: V above 240 and S below 40, as lamps are and skin is not.
double white_share(const Scene& scene, cv::Point2d eye) {
  const cv::Mat mask = lens_mask(scene, eye);
  cv::Mat hsv, white, labels, stats, centres;
  cv::cvtColor(scene.patch.bgr, hsv, cv::COLOR_BGR2HSV);
  cv::inRange(hsv, cv::Scalar(0, 0, 240), cv::Scalar(180, 40, 255), white);
  white &= mask;
  const int count = cv::connectedComponentsWithStats(white, labels, stats, centres);
  int largest = 0;
  for (int i = 1; i < count; ++i) largest = std::max(largest, stats.at<int>(i, cv::CC_STAT_AREA));
  return static_cast<double>(largest) / std::max(1, cv::countNonZero(mask));
}

double most_white(const Scene& scene) {
  return std::max(white_share(scene, scene.in_patch(scene.eyes.left)), white_share(scene, scene.in_patch(scene.eyes.right)));
}

}  // namespace

bool lens_hides_eye(const Scene& scene) { return wears_glasses(scene) && most_white(scene) >= scene.limits->glare_pass; }

/// How clearly a line crosses the nose bridge; at the limit and above there are glasses, which most campaigns take.
Finding rule_glasses(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const bool allowed = limits.glasses_allowed != 0;
  const Range pass{-kOpen, allowed ? kOpen : limits.glasses_edge};
  if (scene.patch.scale > 2) return cannot_tell("Q-GLASSES", "bridge_line_share", pass, Blind::too_few_pixels);
  if (turned_away(scene) || !scene.bridge) return cannot_tell("Q-GLASSES", "bridge_line_share", pass, Blind::unsure);
  return judge("Q-GLASSES", "bridge_line_share", *scene.bridge, pass, {-kOpen, allowed ? kOpen : limits.glasses_sure});
}

/// The larger of both lenses' white shares; 0 without glasses. A lamp before the eyes hides them from the detectors, so that this
/// looks where eyes must be when none was seen.
Finding rule_glare(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{-kOpen, limits.glare_pass};
  if (!wears_glasses(scene)) {
    if (!scene.eyes_seen) return cannot_tell("Q-GLARE", "lens_white_share", pass, Blind::no_eyes);
    return judge("Q-GLARE", "lens_white_share", 0, pass, pass);
  }
  return judge("Q-GLARE", "lens_white_share", most_white(scene), pass, {-kOpen, limits.glare_fail});
}

/// L* of the cheek less that of the skin behind the lens; 0 without glasses.
Finding rule_tinted(const Scene& scene) {
  const Range pass{-kOpen, scene.limits->tint_pass};
  if (!scene.eyes_seen) return cannot_tell("Q-TINTED", "lens_darker_l", pass, Blind::no_eyes);
  if (!wears_glasses(scene)) return advise("Q-TINTED", "lens_darker_l", 0, pass);
  // Below the iris and inside the frame; a frame's lower rim stands at 0.25 to 0.35.
  const auto left = zone_lab(scene.patch, {-0.66, 0.12, -0.34, 0.20}), right = zone_lab(scene.patch, {0.34, 0.12, 0.66, 0.20});
  const auto left_cheek = zone_lab(scene.patch, kLeftCheek), right_cheek = zone_lab(scene.patch, kRightCheek);
  if (!left || !right || !left_cheek || !right_cheek) return cannot_tell("Q-TINTED", "lens_darker_l", pass, Blind::unsure);
  return advise("Q-TINTED", "lens_darker_l", std::min((*left_cheek)[0] - (*left)[0], (*right_cheek)[0] - (*right)[0]), pass);
}

}  // namespace satchel::core::portrait
