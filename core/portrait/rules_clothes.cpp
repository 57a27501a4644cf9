// Clothes against the background: where they are alike, replacing the background eats the shoulders, and the national system
// turns the whole picture blue. Colour difference: CIE76 in Lab.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/portrait/background.h"
#include "core/portrait/rules.h"

namespace satchel::core::portrait {
namespace {

/// The chest on both sides of the collar's opening, which shows skin or another garment; in the standard frame. Empty where the
/// picture ends above.
struct Chest {
  cv::Rect left, right;
  bool seen() const { return !left.empty() && !right.empty(); }
};

Chest chest(const Scene& scene) {
  const cv::Point2d mid = scene.in_frame(scene.eyes.middle());
  const double unit = scene.eyes.distance() * scene.to_frame;
  const double top = mid.y + 2.75 * unit;  // below the shoulders' line: chin at 1.85, neck to 2.3
  const int h = scene.standard.rows;
  if (h - top < 0.1 * unit) return {};
  const int y = cvRound(std::max(top, 0.0));
  const int height = std::min(h, cvRound(top + 1.2 * unit)) - y;
  const auto part = [&](double from, double to) {
    const cv::Rect wanted(cvRound(mid.x + from * unit), y, cvRound((to - from) * unit), height);
    return wanted & cv::Rect(0, 0, scene.standard.cols, h);
  };
  return {part(-1.45, -0.55), part(0.55, 1.45)};
}

cv::Mat lab_of(const Scene& scene, const cv::Rect& part) {
  cv::Mat lab;
  cv::cvtColor(scene.standard(part), lab, cv::COLOR_BGR2Lab);
  return lab;
}

cv::Vec3d middle_lab(const Scene& scene, const cv::Rect& part) {
  const cv::Mat lab = lab_of(scene, part);
  return *median_lab(lab, {0, 0, lab.cols, lab.rows});
}

/// L* by which a row of means alternates: half the mean distance of neighbouring highs and lows, of at least six; folds,
/// hair and a lapel's edge make fewer.
double alternation(const std::vector<double>& means) {
  std::vector<double> turns;
  constexpr double kStep = 2.5;
  if (means.empty()) return 0;
  double extreme = means.front();
  int direction = *std::max_element(means.begin(), means.end()) - extreme > kStep ? 1 : -1;
  for (const double v : means) {
    extreme = direction > 0 ? std::max(extreme, v) : std::min(extreme, v);
    if (direction > 0 && extreme - v > kStep) {
      turns.push_back(extreme);
      direction = -1;
      extreme = v;
    } else if (direction < 0 && v - extreme > kStep) {
      turns.push_back(extreme);
      direction = 1;
      extreme = v;
    }
  }
  if (turns.size() < 6) return 0;
  double sum = 0;
  for (std::size_t i = 1; i < turns.size(); ++i) sum += std::abs(turns[i] - turns[i - 1]);
  return sum / static_cast<double>(turns.size() - 1) / 2;
}

double stripes_in(const cv::Mat& lab) {
  std::vector<double> columns(static_cast<std::size_t>(lab.cols)), rows(static_cast<std::size_t>(lab.rows));
  for (int y = 0; y < lab.rows; ++y) {
    const auto* row = lab.ptr<cv::Vec3b>(y);
    for (int x = 0; x < lab.cols; ++x) {
      const double l = row[x][0] * 100.0 / 255;
      columns[static_cast<std::size_t>(x)] += l / lab.rows;
      rows[static_cast<std::size_t>(y)] += l / lab.cols;
    }
  }
  return std::max(alternation(columns), alternation(rows));
}

}  // namespace

Finding rule_clothes(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{limits.clothes_delta_pass, kOpen};
  const Chest both = chest(scene);
  if (!both.seen()) return cannot_tell("Q-CLOTHES-BACKGROUND", "clothes_ground_delta_e", pass, Blind::no_chest);
  if (!scene.ground.plain) return cannot_tell("Q-CLOTHES-BACKGROUND", "clothes_ground_delta_e", pass, Blind::mixed_ground);
  double least = kOpen;
  for (const cv::Rect& side : {both.left, both.right})
    least = std::min(least, cv::norm(middle_lab(scene, side) - scene.ground.lab));
  return judge("Q-CLOTHES-BACKGROUND", "clothes_ground_delta_e", least, pass, {limits.clothes_delta_fail, kOpen});
}

/// Bands of light and dark across or along the chest, on both of its sides: hair or a bow on one is no stripe.
Finding rule_stripes(const Scene& scene) {
  const Range pass{-kOpen, scene.limits->stripes_pass};
  const Chest both = chest(scene);
  if (!both.seen()) return cannot_tell("Q-STRIPES", "bands_l", pass, Blind::no_chest);
  return advise("Q-STRIPES", "bands_l", std::min(stripes_in(lab_of(scene, both.left)), stripes_in(lab_of(scene, both.right))),
                pass);
}

/// How far the clothes are into a colour that the campaign does not want: -b* for blue (from L* 35 on: navy is dark first), L*
/// less 85 for white of little colour. 0 when it minds neither.
Finding rule_clothes_colour(const Scene& scene) {
  const Limits& limits = *scene.limits;
  constexpr double kBlue = 15, kWhite = 85, kWhiteColour = 10;
  const Range pass{-kOpen, 0};
  const Chest both = chest(scene);
  if (!both.seen()) return cannot_tell("Q-CLOTHES-COLOUR", "unwanted_colour", pass, Blind::no_chest);
  const cv::Vec3d colour = (middle_lab(scene, both.left) + middle_lab(scene, both.right)) * 0.5;
  const double chroma = std::hypot(colour[1], colour[2]);
  const bool blue = colour[0] > 35 && -colour[2] > kBlue && std::abs(colour[1]) < -colour[2];
  const bool white = colour[0] > kWhite && chroma < kWhiteColour;
  if (blue && limits.clothes_blue > 0) {
    const Range fail{-kOpen, limits.clothes_blue > 1 ? 0 : kOpen};
    return judge("Q-CLOTHES-COLOUR", "unwanted_blue_b", -colour[2] - kBlue, pass, fail);
  }
  if (white && limits.clothes_white > 0) {
    const Range fail{-kOpen, limits.clothes_white > 1 ? 0 : kOpen};
    return judge("Q-CLOTHES-COLOUR", "unwanted_white_l", colour[0] - kWhite, pass, fail);
  }
  return judge("Q-CLOTHES-COLOUR", "unwanted_colour", 0, pass, pass);
}

}  // namespace satchel::core::portrait
