#include "core/portrait/background.h"

#include <opencv2/imgproc.hpp>

namespace satchel::core::portrait {
namespace {

constexpr double kPlainDelta = 14;    // ΔE from the middle that a lit, wrinkled or shaded plain ground keeps
constexpr double kPlainShare = 0.75;  // of the strips; hair, a shoulder or a lamp's edge may take the rest

/// Whether most of an 8-bit Lab picture is near one colour.
bool plain(const cv::Mat& lab, const cv::Vec3d& colour) {
  int near = 0;
  for (int y = 0; y < lab.rows; ++y) {
    const auto* row = lab.ptr<cv::Vec3b>(y);
    for (int x = 0; x < lab.cols; ++x) {
      const cv::Vec3d here(row[x][0] * 100.0 / 255, row[x][1] - 128.0, row[x][2] - 128.0);
      if (cv::norm(here - colour) <= kPlainDelta) ++near;
    }
  }
  return near >= kPlainShare * static_cast<double>(lab.total());
}

}  // namespace

std::optional<cv::Vec3d> ground_colour(const Scene& scene) {
  const int w = scene.standard.cols, h = scene.standard.rows;
  // Shoulders begin below the eyes, hair stays off the outer tenth in any frame that passes the other rules.
  const cv::Rect left(w * 2 / 100, h * 4 / 100, w * 8 / 100, h * 42 / 100);
  const cv::Rect right(w - left.x - left.width, left.y, left.width, left.height);
  cv::Mat strips, lab;
  cv::hconcat(scene.standard(left), scene.standard(right), strips);
  cv::cvtColor(strips, lab, cv::COLOR_BGR2Lab);
  const auto colour = median_lab(lab, cv::Rect(0, 0, lab.cols, lab.rows));
  return colour && plain(lab, *colour) ? colour : std::nullopt;
}

}  // namespace satchel::core::portrait
