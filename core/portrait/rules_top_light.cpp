// Light from above, and what shines. Sources: the notices' reject reasons (top light; highlight on the nose); ISO/IEC 29794-5
// illumination and hot spots. On linear luminance.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/portrait/quantile.h"
#include "core/portrait/rules.h"
#include "core/portrait/zones.h"

namespace satchel::core::portrait {

/// ln(forehead / chin): a lamp in front gives both about the same.
Finding rule_top_light(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass = Range::around(0, limits.top_light_pass);
  if (!scene.eyes_seen) return cannot_tell("Q-TOP-LIGHT", "log_forehead_over_chin", pass, Blind::no_eyes);
  if (turned_away(scene)) return cannot_tell("Q-TOP-LIGHT", "log_forehead_over_chin", pass, Blind::unsure);
  if (!forehead_seen(scene.patch)) return cannot_tell("Q-TOP-LIGHT", "log_forehead_over_chin", pass, Blind::forehead);
  std::vector<float> above = luminance_of(scene.patch, kForehead), below = luminance_of(scene.patch, kChin);
  if (above.size() < 50 || below.size() < 50) return cannot_tell("Q-TOP-LIGHT", "log_forehead_over_chin", pass, Blind::forehead);
  // The lighter part of the chin: an open mouth or a beard darkens the rest.
  constexpr double kFloor = 4;  // of 255: noise in near black must not look like a lamp
  const double ratio = std::log((median(above) + kFloor) / (quantile(below, 0.8) + kFloor));
  // No lamp makes a forehead that dark before a light chin: it is a fringe in the shade, or a hat.
  constexpr double kNotSkin = -0.9;
  if (ratio < kNotSkin) return cannot_tell("Q-TOP-LIGHT", "log_forehead_over_chin", pass, Blind::forehead);
  return judge("Q-TOP-LIGHT", "log_forehead_over_chin", ratio, pass, Range::around(0, limits.top_light_fail));
}

/// Share of the nose, or of the forehead when that is more, that mirrors a lamp: at least 1.8 times as light as the skin around
/// it, light at all, and of less colour than the skin. Against the skin itself, because dark skin shines below any fixed limit.
Finding rule_highlight(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{-kOpen, limits.highlight_pass};
  if (!scene.eyes_seen) return cannot_tell("Q-HIGHLIGHT", "shining_share", pass, Blind::no_eyes);
  std::vector<float> skin = skin_luminance(scene.patch, whole(scene.patch));
  if (skin.size() < 100) return cannot_tell("Q-HIGHLIGHT", "shining_share", pass, Blind::too_few_pixels);
  constexpr double kTimesSkin = 1.8, kLightAtAll = 110, kColourLeft = 0.6;
  // Light skin leaves no room for 1.8 times: there the middle between it and white.
  // Of the lit part: a face lit from one side does not shine on it.
  const double usual = quantile(skin, 0.75),
               limit = std::max(kLightAtAll, std::min(kTimesSkin * usual, usual + 0.55 * (255 - usual)));
  const auto left = zone_lab(scene.patch, kLeftCheek), right = zone_lab(scene.patch, kRightCheek);
  if (!left || !right) return cannot_tell("Q-HIGHLIGHT", "shining_share", pass, Blind::no_eyes);
  const cv::Vec3d cheek = (*left + *right) * 0.5;
  const double colour = std::hypot(cheek[1], cheek[2]);
  double most = 0;
  for (const Zone& zone : {kNose, kForehead}) {
    if (zone.top < 0 && !forehead_seen(scene.patch)) continue;
    const cv::Rect area = place(scene.patch, zone);
    if (area.empty()) continue;
    int shining = 0;
    for (int y = area.y; y < area.br().y; ++y) {
      const float* light = scene.patch.luminance.ptr<float>(y);
      const auto* lab = scene.patch.lab.ptr<cv::Vec3b>(y);
      for (int x = area.x; x < area.br().x; ++x) {
        const double here = std::hypot(lab[x][1] - 128.0, lab[x][2] - 128.0);
        if (static_cast<double>(light[x]) >= limit && here < kColourLeft * colour) ++shining;
      }
    }
    most = std::max(most, static_cast<double>(shining) / area.area());
  }
  return judge("Q-HIGHLIGHT", "shining_share", most, pass, {-kOpen, limits.highlight_fail});
}

}  // namespace satchel::core::portrait
