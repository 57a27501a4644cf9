#include "core/portrait/head_measure.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace satchel::core::portrait {
namespace {

constexpr double kEdgeDelta = 11;  // ΔE over 0.07 eye distances that ends the skin; shading on a cheek stays below 6

double delta_e(const cv::Vec3d& a, const cv::Vec3d& b) { return cv::norm(a - b); }

/// Mean Lab of a small block around a patch point; nullopt outside the patch.
std::optional<cv::Vec3d> block(const Patch& patch, double x, double y, int half_width, int half_height) {
  const cv::Rect wanted(cvRound(x) - half_width, cvRound(y) - half_height, 2 * half_width + 1, 2 * half_height + 1);
  const cv::Rect area = wanted & cv::Rect(0, 0, patch.lab.cols, patch.lab.rows);
  if (area.area() < wanted.area() / 2 || area.empty()) return std::nullopt;
  const cv::Scalar mean = cv::mean(patch.lab(area));
  return cv::Vec3d(mean[0] * 100 / 255, mean[1] - 128, mean[2] - 128);
}

/// How far from the middle the skin ends on one side of a row, in patch pixels.
std::optional<double> edge(const Patch& patch, double y, double side) {
  const double reach = 0.035 * patch.unit;
  for (double out = 0.72 * patch.unit; out < 1.5 * patch.unit; out += 1) {
    const double x = patch.mid_eye.x + side * out;
    const auto inner = block(patch, x - side * reach, y, 1, 3);
    const auto outer = block(patch, x + side * reach, y, 1, 3);
    if (!inner || !outer) return std::nullopt;
    if (delta_e(*inner, *outer) < kEdgeDelta) continue;
    // The steepest place within the next few pixels is the edge itself.
    double best = out, most = 0;
    for (double near = out; near < out + 2 * reach; near += 1) {
      const double at = patch.mid_eye.x + side * near;
      const auto before = block(patch, at - side * 2, y, 0, 3);
      const auto after = block(patch, at + side * 2, y, 0, 3);
      if (!before || !after) break;
      const double steep = delta_e(*before, *after);
      if (steep <= most) continue;
      most = steep;
      best = near;
    }
    return best;
  }
  return std::nullopt;
}

std::optional<double> middle_of(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

std::optional<double> scan_face_width(const Patch& patch) {
  std::array<std::vector<double>, 2> sides;
  // Between the ear's lobe and the mouth: higher up, the scan would see the ear's edge and not the cheek's.
  for (const double level : {0.64, 0.70, 0.76, 0.82, 0.88}) {
    const double y = patch.mid_eye.y + level * patch.unit;
    for (std::size_t i = 0; i < 2; ++i) {
      if (const auto found = edge(patch, y, i == 0 ? -1.0 : 1.0)) sides[i].push_back(*found);
    }
  }
  if (sides[0].size() < 3 || sides[1].size() < 3) return std::nullopt;
  const double left = *middle_of(sides[0]), right = *middle_of(sides[1]);
  const double width = (left + right) / patch.unit;
  // A face much wider or narrower than its eyes allow, or one side twice the other, is a mistaken edge.
  if (width < 1.75 || width > 2.6 || std::max(left, right) > 1.5 * std::min(left, right)) return std::nullopt;
  return left + right;
}

std::optional<double> scan_hairline(const Patch& patch, const std::optional<cv::Vec3d>& ground) {
  const double unit = patch.unit;
  const int half = cvRound(0.12 * unit);
  const auto forehead = block(patch, patch.mid_eye.x, patch.mid_eye.y - 0.62 * unit, half, 4);
  const auto cheek_left = block(patch, patch.mid_eye.x - 0.5 * unit, patch.mid_eye.y + 0.55 * unit, 6, 6);
  const auto cheek_right = block(patch, patch.mid_eye.x + 0.5 * unit, patch.mid_eye.y + 0.55 * unit, 6, 6);
  if (!forehead || !cheek_left || !cheek_right) return std::nullopt;
  // A fringe: what should be forehead is not skin.
  if (std::min(delta_e(*forehead, *cheek_left), delta_e(*forehead, *cheek_right)) > 25) return std::nullopt;
  for (double up = 0.75 * unit; up < 2.1 * unit; up += 1) {
    const double y = patch.mid_eye.y - up;
    const auto here = block(patch, patch.mid_eye.x, y, half, 1);
    const auto above = block(patch, patch.mid_eye.x, y - 0.10 * unit, half, 3);
    if (!here || !above) return std::nullopt;
    if ((*here)[0] > (*forehead)[0] + 8) continue;  // a shining forehead
    if (delta_e(*here, *forehead) < 14 || delta_e(*above, *forehead) < 16) continue;
    // Bald: the skin ends at the background. Hair is darker than the skin, or at least of another colour than the ground.
    if (ground && delta_e(*above, *ground) < 14) return std::nullopt;
    // Before a ground of many colours only dark hair is certain to be hair.
    if (!ground && (*above)[0] > (*forehead)[0] - 12) return std::nullopt;
    return y;
  }
  return std::nullopt;
}

}  // namespace satchel::core::portrait
