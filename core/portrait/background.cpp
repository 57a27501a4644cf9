#include "core/portrait/background.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace satchel::core::portrait {
namespace {

constexpr double kPlainDelta = 14;    // ΔE from the middle that a lit, wrinkled or shaded plain ground keeps
constexpr double kPlainShare = 0.75;  // of the blocks; hair, a shoulder or a lamp's edge may take the rest
constexpr std::size_t kEnough = 60;   // blocks of a side: less than a tenth of it
constexpr int kBlock = 4;             // pixels of the standard frame that are averaged: sensor noise goes, folds stay

struct Sample {
  double x, y;  // in the standard frame, 0..1
  cv::Vec3d lab;
  bool low;  ///< at the height of the eyes or below, where long hair and a collar may reach the side
};

using Samples = std::vector<Sample>;

/// Mean Lab of the blocks inside a part of the standard picture that the head does not reach.
Samples samples_in(const Scene& scene, const cv::Rect& part) {
  Samples out;
  cv::Mat small, lab;
  const cv::Mat picture = scene.standard(part);
  cv::resize(picture, small, cv::Size(std::max(1, part.width / kBlock), std::max(1, part.height / kBlock)), 0, 0, cv::INTER_AREA);
  cv::cvtColor(small, lab, cv::COLOR_BGR2Lab);
  const cv::Point2d mid = scene.has_face() ? scene.in_frame(scene.eyes.middle()) : cv::Point2d(-1e6, -1e6);
  const double unit = scene.has_face() ? scene.eyes.distance() * scene.to_frame : 1;
  for (int y = 0; y < lab.rows; ++y) {
    const auto* row = lab.ptr<cv::Vec3b>(y);
    for (int x = 0; x < lab.cols; ++x) {
      const cv::Point2d at(part.x + (x + 0.5) * kBlock, part.y + (y + 0.5) * kBlock);
      const cv::Point2d from = (at - mid) * (1 / unit);
      // Head with hair: 1.45 units to each side, 2.25 above the eyes; shoulders from 1.5 below them on.
      const bool head = from.x * from.x / (1.45 * 1.45) + (from.y + 0.2) * (from.y + 0.2) / (2.25 * 2.25) < 1;
      if (head || from.y > 1.5) continue;
      const cv::Vec3d colour(row[x][0] * 100.0 / 255, row[x][1] - 128.0, row[x][2] - 128.0);
      out.push_back({at.x / scene.standard.cols, at.y / scene.standard.rows, colour, from.y > -0.3});
    }
  }
  return out;
}

double middle_of(std::vector<double> values) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

cv::Vec3d median_of(const Samples& samples) {
  cv::Vec3d out;
  for (int c = 0; c < 3; ++c) {
    std::vector<double> values;
    for (const Sample& s : samples) values.push_back(s.lab[c]);
    out[c] = middle_of(std::move(values));
  }
  return out;
}

/// Colours as planes over the picture: c0 + c1 x + c2 y for each of L, a, b.
struct Plane {
  cv::Matx33d coefficients;
  cv::Vec3d at(const Sample& s) const { return coefficients * cv::Vec3d(1, s.x, s.y); }
};

/// Least squares over the samples that lie within `reach` of the last plane (Tukey's trimming).
Plane fit(const Samples& samples, const Plane& last, double reach) {
  cv::Matx33d normal = cv::Matx33d::zeros(), right = cv::Matx33d::zeros();
  for (const Sample& s : samples) {
    if (cv::norm(s.lab - last.at(s)) > reach) continue;
    const cv::Vec3d v(1, s.x, s.y);
    normal += v * v.t();
    right += s.lab * v.t();
  }
  for (int i = 0; i < 3; ++i) normal(i, i) += 1e-6;
  return {right * normal.inv(cv::DECOMP_CHOLESKY)};
}

Plane robust_plane(const Samples& samples) {
  const cv::Vec3d middle = median_of(samples);
  Plane plane{cv::Matx33d(middle[0], 0, 0, middle[1], 0, 0, middle[2], 0, 0)};
  for (const double reach : {40.0, 20.0, 10.0}) plane = fit(samples, plane, reach);
  return plane;
}

double residual_p95(const Samples& samples) {
  const Plane plane = robust_plane(samples);
  std::vector<double> off;
  constexpr double kHairDarker = 25;  // L*
  for (const Sample& s : samples) {
    const cv::Vec3d ground = plane.at(s);
    if (s.low && ground[0] - s.lab[0] > kHairDarker) continue;
    off.push_back(cv::norm(s.lab - ground));
  }
  if (off.empty()) return 0;
  const auto at = off.begin() + static_cast<std::ptrdiff_t>(0.95 * static_cast<double>(off.size() - 1));
  std::nth_element(off.begin(), at, off.end());
  return *at;
}

/// Long dark hair may hang over a side: its colour is known from above the forehead. Where it is the ground's too, all stays.
Samples without_hair(const Scene& scene, const Samples& samples) {
  if (!scene.has_face()) return samples;
  constexpr double kDark = 32, kLike = 22;  // L*, ΔE
  const Patch& patch = scene.patch;
  const cv::Rect above(cvRound(patch.mid_eye.x - 0.3 * patch.unit), cvRound(patch.mid_eye.y - 1.8 * patch.unit),
                       cvRound(0.6 * patch.unit), cvRound(0.15 * patch.unit));
  const auto hair = median_lab(patch.lab, above);
  if (!hair || (*hair)[0] > kDark) return samples;
  Samples strands, out;
  for (const Sample& s : samples) {
    if (s.lab[0] <= kDark && cv::norm(s.lab - *hair) <= kLike) strands.push_back(s);
  }
  // Beside a strand, hair and ground mix in one block.
  const double near_x = 2.1 * kBlock / scene.standard.cols, near_y = 2.1 * kBlock / scene.standard.rows;
  for (const Sample& s : samples) {
    const bool hairy = std::any_of(strands.begin(), strands.end(), [&](const Sample& strand) {
      return std::abs(strand.x - s.x) < near_x && std::abs(strand.y - s.y) < near_y;
    });
    if (!hairy) out.push_back(s);
  }
  return out.size() >= kEnough ? out : samples;
}

}  // namespace

double ground_delta(const cv::Vec3d& a, const cv::Vec3d& b) {
  const cv::Vec3d d = a - b;
  return std::sqrt(0.25 * d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
}

Ground measure_ground(const Scene& scene) {
  const int w = scene.standard.cols, h = scene.standard.rows;
  Ground out;
  if (w < 10 * kBlock || h < 10 * kBlock) return out;
  // Hair stays off the outer tenth in any frame that passes the other rules. What a printer or a scanner leaves at the very edge
  // is not the ground.
  const cv::Rect left(w * 2 / 100, h * 2 / 100, w * 10 / 100, h * 50 / 100);
  const cv::Rect right(w - left.x - left.width, left.y, left.width, left.height);
  const std::array<Samples, 2> sides{without_hair(scene, samples_in(scene, left)), without_hair(scene, samples_in(scene, right))};
  if (sides[0].size() < kEnough || sides[1].size() < kEnough) return out;
  out.seen = true;
  Samples all = sides[0];
  all.insert(all.end(), sides[1].begin(), sides[1].end());
  out.lab = median_of(all);
  const auto near =
      std::count_if(all.begin(), all.end(), [&](const Sample& s) { return cv::norm(s.lab - out.lab) <= kPlainDelta; });
  out.plain = static_cast<double>(near) >= kPlainShare * static_cast<double>(all.size());
  // Each side on its own, because a lamp on one side is another rule's matter.
  for (const Samples& side : sides) {
    if (side.size() >= kEnough) out.residual = std::max(out.residual, residual_p95(side));
  }
  out.slope = median_of(sides[1])[0] - median_of(sides[0])[0];
  return out;
}

std::optional<cv::Vec3d> ground_colour(const Scene& scene) {
  return scene.ground.plain ? std::optional(scene.ground.lab) : std::nullopt;
}

}  // namespace satchel::core::portrait
