#include "core/portrait/zones.h"

#include <algorithm>
#include <cmath>

namespace satchel::core::portrait {

cv::Rect whole(const Patch& patch) { return {0, 0, patch.skin.cols, patch.skin.rows}; }

cv::Rect place(const Patch& patch, const Zone& zone) {
  const auto x = [&](double v) { return cvRound(patch.mid_eye.x + v * patch.unit); };
  const auto y = [&](double v) { return cvRound(patch.mid_eye.y + v * patch.unit); };
  return cv::Rect(cv::Point(x(zone.left), y(zone.top)), cv::Point(x(zone.right), y(zone.bottom))) & whole(patch);
}

std::vector<float> skin_luminance(const Patch& patch, const cv::Rect& where) {
  std::vector<float> out;
  const cv::Rect area = where & whole(patch);
  for (int y = area.y; y < area.br().y; ++y) {
    const std::uint8_t* skin = patch.skin.ptr(y);
    const float* light = patch.luminance.ptr<float>(y);
    for (int x = area.x; x < area.br().x; ++x) {
      if (skin[x] != 0) out.push_back(light[x]);
    }
  }
  return out;
}

std::vector<float> luminance_of(const Patch& patch, const Zone& zone) {
  std::vector<float> out;
  const cv::Rect area = place(patch, zone);
  for (int y = area.y; y < area.br().y; ++y) {
    const float* light = patch.luminance.ptr<float>(y);
    out.insert(out.end(), light + area.x, light + area.br().x);
  }
  return out;
}

std::optional<cv::Vec3d> zone_lab(const Patch& patch, const Zone& zone) { return median_lab(patch.lab, place(patch, zone)); }

bool forehead_seen(const Patch& patch) {
  constexpr double kSkinDelta = 25;  // ΔE with half weight on light; shine and shadow stay below, hair does not
  const auto forehead = zone_lab(patch, kForehead), left = zone_lab(patch, kLeftCheek), right = zone_lab(patch, kRightCheek);
  if (!forehead || !left || !right) return false;
  const auto delta = [&](const cv::Vec3d& a) {
    const cv::Vec3d d = a - *forehead;
    return std::sqrt(0.25 * d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
  };
  constexpr double kShadeMost = 14;  // L*: a fringe that is darker than the cheeks by more is not skin
  if (std::min((*left)[0], (*right)[0]) - (*forehead)[0] > kShadeMost) return false;
  return std::min(delta(*left), delta(*right)) < kSkinDelta;
}

}  // namespace satchel::core::portrait
