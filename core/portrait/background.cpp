#include "core/portrait/background.h"

#include <opencv2/imgproc.hpp>

namespace satchel::core::portrait {

std::optional<cv::Vec3d> ground_colour(const Scene& scene) {
  const int w = scene.standard.cols, h = scene.standard.rows;
  // Shoulders begin below the eyes, hair stays off the outer tenth in any frame that passes the other rules.
  const cv::Rect left(w * 2 / 100, h * 4 / 100, w * 8 / 100, h * 42 / 100);
  const cv::Rect right(w - left.x - left.width, left.y, left.width, left.height);
  cv::Mat strips, lab;
  cv::hconcat(scene.standard(left), scene.standard(right), strips);
  cv::cvtColor(strips, lab, cv::COLOR_BGR2Lab);
  return median_lab(lab, cv::Rect(0, 0, lab.cols, lab.rows));
}

}  // namespace satchel::core::portrait
