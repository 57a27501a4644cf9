// Eyes open, mouth closed. Source: ISO/IEC 29794-5 eyes open and mouth closed; HOG and a linear SVM did .98 to .99 where
// hand-made features did .70 to .90 [M]. The planes are trained on drawn people only (expression.h); where they are near, nobody
// guesses.
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/portrait/expression.h"
#include "core/portrait/rules.h"

namespace satchel::core::portrait {
namespace {

constexpr double kEnlargedTooMuch = 2.2;  // under 52 pixels between the eyes lashes and lips are a few pixels high

/// Sure on one side, sure on the other, or not sure.
Finding sure(std::string_view code, std::string_view measure, double value, double yes, double no) {
  const Range pass{yes, kOpen};
  if (value < yes && value > no) return cannot_tell(code, measure, pass, Blind::unsure);
  return judge(code, measure, value, pass, {no, kOpen});
}

/// Closed eyes are seldom seen by the detectors. Around where they must be, the most open-looking place counts: when even that
/// looks closed on both sides, they are closed.
Finding unseen_eyes(const Scene& scene, const Range& pass) {
  const Limits& limits = *scene.limits;
  double least_open = kOpen;
  for (const cv::Point2d eye : {scene.eyes.left, scene.eyes.right}) {
    double most = -kOpen;
    for (const double dy : {-0.15, -0.05, 0.05, 0.15, 0.25}) {
      for (const double dx : {-0.12, 0.0, 0.12}) {
        const cv::Point2d at = scene.in_patch(eye) + cv::Point2d(dx, dy) * scene.patch.unit;
        const std::vector<float> features = patch_features(scene.patch.bgr, {at, scene.patch.unit, 0}, kEyePatchUnits);
        if (!features.empty()) most = std::max(most, margin(kEyeOpenPlane, features));
      }
    }
    least_open = std::min(least_open, -most);
  }
  const double margin_at_best = -least_open;
  if (!std::isfinite(margin_at_best) || margin_at_best > limits.eyes_open_fail) {
    return cannot_tell("Q-EYES-CLOSED", "eyes_open_margin", pass, Blind::no_eyes);
  }
  return judge("Q-EYES-CLOSED", "eyes_open_margin", margin_at_best, pass, {limits.eyes_open_fail, kOpen});
}

}  // namespace

/// The worse of both eyes: distance from the plane between closed and open.
Finding rule_eyes_open(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{limits.eyes_open_pass, kOpen};
  if (scene.bright_luminance < limits.dark_picture_luminance) {
    if (!scene.eyes_seen) return cannot_tell("Q-EYES-CLOSED", "eyes_open_margin", pass, Blind::too_dark);
  }
  if (lens_hides_eye(scene)) return cannot_tell("Q-EYES-CLOSED", "eyes_open_margin", pass, Blind::no_eyes);
  if (!scene.eyes_seen) return unseen_eyes(scene, pass);
  if (scene.patch.scale > kEnlargedTooMuch) return cannot_tell("Q-EYES-CLOSED", "eyes_open_margin", pass, Blind::too_few_pixels);
  double least = kOpen;
  for (const cv::Point2d eye : {scene.eyes.left, scene.eyes.right}) {
    const PatchPlace place{scene.in_patch(eye), scene.patch.unit, scene.eyes.roll_deg()};
    const std::vector<float> features = patch_features(scene.patch.bgr, place, kEyePatchUnits);
    if (features.empty()) return cannot_tell("Q-EYES-CLOSED", "eyes_open_margin", pass, Blind::no_eyes);
    least = std::min(least, margin(kEyeOpenPlane, features));
  }
  return sure("Q-EYES-CLOSED", "eyes_open_margin", least, limits.eyes_open_pass, limits.eyes_open_fail);
}

/// Distance from the plane between open and closed.
Finding rule_mouth_closed(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{limits.mouth_closed_pass, kOpen};
  if (!scene.eyes_seen) return cannot_tell("Q-MOUTH", "mouth_closed_margin", pass, Blind::no_eyes);
  if (scene.patch.scale > kEnlargedTooMuch) return cannot_tell("Q-MOUTH", "mouth_closed_margin", pass, Blind::too_few_pixels);
  const double roll = scene.eyes.roll_deg();
  cv::Point2d mouth;
  if (scene.points) {
    mouth = scene.in_patch((scene.points->left_mouth + scene.points->right_mouth) * 0.5);
  } else {
    const double angle = roll * CV_PI / 180, down = kMouthBelowEyes * scene.patch.unit;
    mouth = scene.patch.mid_eye + cv::Point2d(-down * std::sin(angle), down * std::cos(angle));
  }
  const std::vector<float> features = patch_features(scene.patch.bgr, {mouth, scene.patch.unit, roll}, kMouthPatchUnits);
  if (features.empty()) return cannot_tell("Q-MOUTH", "mouth_closed_margin", pass, Blind::unsure);
  return sure("Q-MOUTH", "mouth_closed_margin", margin(kMouthClosedPlane, features), limits.mouth_closed_pass,
              limits.mouth_closed_fail);
}

}  // namespace satchel::core::portrait
