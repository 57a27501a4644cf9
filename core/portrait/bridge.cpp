// The bridge of a frame: a narrow line, darker or lighter than the skin, or of another colour, in every column of the strip
// between the eyes. A nose has steps too (its root, a fold, a brow that is drawn down), but a step is no line, and they stand out
// of the other steps around them by less than twice. Dark frames on dark skin hardly differ in brightness; but skin is red and
// metal and horn are not, so that red less blue is looked at as well. All numbers measured on drawn people and on real faces,
// bare ones and ones with frames painted on.
#include "core/portrait/bridge.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/portrait/quantile.h"
#include "core/portrait/scene.h"
#include "core/portrait/zones.h"

namespace satchel::core::portrait {
namespace {

// A guessed place for the eyes may be off by a sixth of their distance: the strip is long enough for that, and ends below the
// brows.
constexpr Zone kBridge{-0.13, -0.25, 0.13, 0.22};
constexpr int kWidthMin = 8, kHeightMin = 24;       // of the strip, px
constexpr double kAlong = 2, kThrough = 1;          // deviations of the smoothing along a level line and across it, px
constexpr int kThinnest = 2, kThickest = 10;        // between a line's edges, px: 0.02 to 0.09 of the eyes' distance
constexpr int kSag = 5;                             // px by which a line may rise or fall within the strip: arched, or aslant
constexpr double kWeakest = 0.4;                    // share of the columns in which it may be weaker: nose pads hide its ends
constexpr double kUsual = 2;                        // times the middle step of the strip: what skin alone may have
constexpr double kDarkest = 20;                     // 8-bit steps: in less light a share of the brightness is noise
constexpr double kGradient = 0.125, kContrast = 4;  // a line's contrast by its edge's step per pixel: smoothing leaves a quarter

/// Of each pixel, the weaker one of two steps that make a line begin there: down then up when `sign` is -1, up then down when 1.
cv::Mat lines_of(const cv::Mat& steps, float sign) {
  cv::Mat out = cv::Mat::zeros(steps.size(), CV_32F);
  for (int y = 0; y < steps.rows; ++y) {
    for (int x = 0; x < steps.cols; ++x) {
      float& best = out.at<float>(y, x);
      const float into = sign * steps.at<float>(y, x);
      for (int d = kThinnest; d <= kThickest && y + d < steps.rows; ++d)
        best = std::max(best, std::min(into, -sign * steps.at<float>(y + d, x)));
    }
  }
  return out;
}

/// The line of all rows that is the strongest where it is weak. Each column may choose its row within the sag.
double strongest(const cv::Mat& lines) {
  double best = 0;
  for (int y = kSag; y + kSag < lines.rows; ++y) {
    std::vector<float> columns;
    for (int x = 0; x < lines.cols; ++x) {
      float most = 0;
      for (int d = -kSag; d <= kSag; ++d) most = std::max(most, lines.at<float>(y + d, x));
      columns.push_back(most);
    }
    best = std::max(best, quantile(columns, kWeakest));
  }
  return best;
}

/// By how much the strip's best line exceeds what is usual there; in the values' own steps per pixel.
double standing_out(const cv::Mat& values) {
  cv::Mat smooth, steps;
  cv::GaussianBlur(values, smooth, cv::Size(), kAlong, kThrough);
  cv::Sobel(smooth, steps, CV_32F, 0, 1, 3, kGradient);
  const cv::Mat sizes = cv::abs(steps);
  std::vector<float> all(sizes.begin<float>(), sizes.end<float>());
  return std::max(strongest(lines_of(steps, -1)), strongest(lines_of(steps, 1))) - kUsual * quantile(all, 0.5);
}

}  // namespace

std::optional<double> bridge_line(const Patch& patch) {
  const cv::Rect area = place(patch, kBridge);
  if (area.width < kWidthMin || area.height < kHeightMin) return std::nullopt;
  cv::Mat grey8, grey, colours, channels[3];
  cv::cvtColor(patch.bgr(area), grey8, cv::COLOR_BGR2GRAY);
  grey8.convertTo(grey, CV_32F);
  patch.bgr(area).convertTo(colours, CV_32F);
  cv::split(colours, channels);
  const double bright = std::max(kDarkest, cv::mean(grey)[0]);
  const double most = std::max(standing_out(grey), standing_out(channels[2] - channels[0]));
  return std::max(0.0, most) * kContrast / bright;
}

}  // namespace satchel::core::portrait
