// Clothes against the background: where they are alike, replacing the background eats the shoulders, and the national system
// turns the whole picture blue. Colour difference: CIE76 in Lab.
#include <opencv2/imgproc.hpp>

#include "core/portrait/background.h"
#include "core/portrait/rules.h"

namespace satchel::core::portrait {

Finding rule_clothes(const Scene& scene) {
  const Limits& limits = *scene.limits;
  const Range pass{limits.clothes_delta_pass, kOpen};
  const cv::Point2d mid = scene.in_frame(scene.eyes.middle());
  const double unit = scene.eyes.distance() * scene.to_frame;
  const double top = mid.y + 2.75 * unit;  // below the shoulders' line: chin at 1.85, neck to 2.3
  const int h = scene.standard.rows;
  if (h - top < 0.1 * unit) return cannot_tell("Q-CLOTHES-BACKGROUND", "clothes_ground_delta_e", pass);
  const int y = cvRound(std::max(top, 0.0));
  const int height = std::min(h, cvRound(top + 1.2 * unit)) - y;
  const auto part = [&](double from, double to) {
    const cv::Rect wanted(cvRound(mid.x + from * unit), y, cvRound((to - from) * unit), height);
    return wanted & cv::Rect(0, 0, scene.standard.cols, h);
  };
  // Beside the opening of the collar, which shows skin or another garment.
  const cv::Rect left = part(-1.45, -0.55), right = part(0.55, 1.45);
  const auto ground = ground_colour(scene);
  if (left.empty() || right.empty() || !ground) return cannot_tell("Q-CLOTHES-BACKGROUND", "clothes_ground_delta_e", pass);
  double least = kOpen;
  for (const cv::Rect& side : {left, right}) {
    cv::Mat lab;
    cv::cvtColor(scene.standard(side), lab, cv::COLOR_BGR2Lab);
    least = std::min(least, cv::norm(*median_lab(lab, {0, 0, lab.cols, lab.rows}) - *ground));
  }
  return judge("Q-CLOTHES-BACKGROUND", "clothes_ground_delta_e", least, pass, {limits.clothes_delta_fail, kOpen});
}

}  // namespace satchel::core::portrait
