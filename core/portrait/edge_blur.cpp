// Source: Zhuo and Sim, "Defocus map estimation from a single image", Pattern Recognition 44 (2011): how much an edge loses when
// it is blurred once more tells how wide it was, whatever its contrast, and so whatever the light and the skin. Only the
// strongest edges are asked, which stand far above a sensor's noise. (The variance of the Laplacian, which ISO/IEC 29794-5 uses,
// missed one soft face in six here: a dark face's edges are small and its noise is not.)
#include "core/portrait/edge_blur.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/portrait/quantile.h"
#include "core/portrait/scene.h"
#include "core/portrait/zones.h"

namespace satchel::core::portrait {
namespace {

constexpr Zone kFeatures{-1, -0.6, 1, 1.4};  // both eyes, nose and mouth
constexpr int kSideMin = 32;                 // of them, px
constexpr double kEnlargedTooMuch = 1.3;     // an enlarged face is soft whatever the lens did; Q-SIZE says what is wrong then
constexpr double kNoise = 0.7;               // deviation of the smoothing that keeps noise from looking like an edge, px
constexpr double kAgain = 1.5;               // deviation of the second blur, px
constexpr double kStrongest = 0.93;          // edges: the upper 7 % of the gradients
constexpr double kSharper = 0.75;  // folds and shadows are soft by nature: the sharper quarter of the edges speaks for the lens
constexpr std::size_t kEdgesMin = 40;  // of one direction, to be heard
constexpr double kWidest = 6;          // px

/// The blur's deviation in pixels by the share that is left of the edges' gradients.
double deviation_of(std::vector<float>& ratios) {
  const double ratio = quantile(ratios, kSharper);
  if (ratio <= 1) return kWidest;
  const double all = kAgain * kAgain / (ratio * ratio - 1);
  return std::min(kWidest, std::sqrt(std::max(0.0, all - kNoise * kNoise)));
}

struct Gradient {
  cv::Mat across, down, size;
};

Gradient gradient(const cv::Mat& grey, double deviation) {
  Gradient out;
  cv::Mat smooth;
  cv::GaussianBlur(grey, smooth, cv::Size(), deviation);
  cv::Sobel(smooth, out.across, CV_32F, 1, 0);
  cv::Sobel(smooth, out.down, CV_32F, 0, 1);
  cv::magnitude(out.across, out.down, out.size);
  return out;
}

/// What is left of each strong edge's gradient: of all, and of those that run upright or level.
struct Ratios {
  std::vector<float> all, upright, level;
};

Ratios ratios_of(const Gradient& once, const cv::Mat& twice, float strong) {
  Ratios out;
  for (int y = 1; y + 1 < once.size.rows; ++y) {
    for (int x = 1; x + 1 < once.size.cols; ++x) {
      const float size = once.size.at<float>(y, x);
      if (size < strong) continue;
      // An edge's middle is where its gradient is largest, seen along it.
      const bool peak_across = size >= std::max(once.size.at<float>(y, x - 1), once.size.at<float>(y, x + 1));
      const bool peak_down = size >= std::max(once.size.at<float>(y - 1, x), once.size.at<float>(y + 1, x));
      if (!peak_across && !peak_down) continue;
      const float ratio = size / std::max(1e-3F, twice.at<float>(y, x));
      const float across = std::abs(once.across.at<float>(y, x)), down = std::abs(once.down.at<float>(y, x));
      out.all.push_back(ratio);
      if (peak_across && across > 2 * down) out.upright.push_back(ratio);
      if (peak_down && down > 2 * across) out.level.push_back(ratio);
    }
  }
  return out;
}

}  // namespace

std::optional<EdgeBlur> measure_edge_blur(const Patch& patch) {
  const cv::Rect area = place(patch, kFeatures);
  if (patch.scale > kEnlargedTooMuch || area.width < kSideMin || area.height < kSideMin) return std::nullopt;
  cv::Mat grey8, grey;
  cv::cvtColor(patch.bgr(area), grey8, cv::COLOR_BGR2GRAY);
  grey8.convertTo(grey, CV_32F);
  const Gradient once = gradient(grey, kNoise);
  const cv::Mat twice = gradient(grey, std::sqrt(kNoise * kNoise + kAgain * kAgain)).size;
  std::vector<float> sizes(once.size.begin<float>(), once.size.end<float>());
  Ratios ratios = ratios_of(once, twice, static_cast<float>(quantile(sizes, kStrongest)));
  EdgeBlur out;
  out.all = ratios.all.empty() ? kWidest : deviation_of(ratios.all);
  for (std::vector<float>* way : {&ratios.upright, &ratios.level}) {
    if (way->size() >= kEdgesMin) out.worse_way = std::max(out.worse_way, deviation_of(*way));
  }
  return out;
}

}  // namespace satchel::core::portrait
