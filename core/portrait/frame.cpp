#include "core/portrait/frame.h"

#include <algorithm>
#include <cmath>

namespace satchel::core::portrait {
namespace {

/// How far a crop misses the aim, in units of each rule's pass band.
double miss(const cv::Rect2d& crop, const CropAnchor& anchor, const Limits& limits) {
  const double scale = limits.frame_width / crop.width;
  const double face = std::abs(anchor.face_width * scale - limits.face_width_aim) / limits.face_width_pass;
  const double eyes = std::abs((anchor.mid_eye.y - crop.y) * scale - limits.eye_height_aim) / limits.eye_height_pass;
  const double middle = std::abs((anchor.mid_eye.x - crop.x) / crop.width - 0.5) / limits.centre_pass;
  return face * face + eyes * eyes + middle * middle;
}

}  // namespace

bool has_frame_ratio(double width, double height, const Limits& limits) {
  const double wanted = static_cast<double>(limits.frame_width) / limits.frame_height;
  return std::abs(width / height / wanted - 1) <= limits.ratio_tolerance;
}

cv::Rect2d middle_crop(double width, double height, const Limits& limits) {
  const double ratio = static_cast<double>(limits.frame_width) / limits.frame_height;
  const double w = std::min(width, height * ratio);
  return {(width - w) / 2, (height - w / ratio) / 2, w, w / ratio};
}

cv::Rect2d best_crop(double width, double height, const CropAnchor& anchor, const Limits& limits) {
  const double ratio = static_cast<double>(limits.frame_width) / limits.frame_height;
  const double widest = std::min(width, height * ratio);
  const double aim = limits.frame_width * anchor.face_width / limits.face_width_aim;
  cv::Rect2d best = middle_crop(width, height, limits);
  double least = std::numeric_limits<double>::infinity();
  // Around the wanted size in steps of 1 %: the smaller the miss the better, the wanted size first.
  for (int step = 0; step <= 60; ++step) {
    for (const int sign : {1, -1}) {
      const double w = std::min(widest, aim * (1 + 0.01 * sign * step));
      const double h = w / ratio;
      const double x = std::clamp(anchor.mid_eye.x - w / 2, 0.0, width - w);
      const double y = std::clamp(anchor.mid_eye.y - limits.eye_height_aim / limits.frame_height * h, 0.0, height - h);
      const cv::Rect2d crop(x, y, w, h);
      const double missed = miss(crop, anchor, limits);
      if (missed >= least - 1e-9) continue;
      least = missed;
      best = crop;
    }
  }
  return best;
}

}  // namespace satchel::core::portrait
