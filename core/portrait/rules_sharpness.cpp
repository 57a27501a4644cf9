// Sharpness. Source: Zhuo and Sim, "Defocus map estimation from a single image", Pattern Recognition 44 (2011): how much an edge
// loses when it is blurred once more tells how wide it was, whatever its contrast, and so whatever the light and the skin. Only
// the strongest edges are asked, which stand far above a sensor's noise. Measured at a fixed distance between the eyes, so that a
// picture's size does not decide. (The variance of the Laplacian, which ISO/IEC 29794-5 uses, missed one soft face in six here: a
// dark face's edges are small and its noise is not.)
#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "core/portrait/rules.h"

namespace satchel::core::portrait {
namespace {

constexpr double kEnlargedTooMuch = 1.3;  // an enlarged face is soft whatever the lens did; Q-SIZE says what is wrong then
constexpr double kNoise = 0.7;            // deviation of the smoothing that keeps noise from looking like an edge, px
constexpr double kAgain = 1.5;            // deviation of the second blur, px
constexpr double kStrongest = 0.93;       // edges: the upper 7 % of the gradients around eyes, nose and mouth
constexpr double kSharper = 0.75;  // folds and shadows are soft by nature: the sharper quarter of the edges speaks for the lens
constexpr std::size_t kEdgesMin = 40;  // of one direction, to be heard
constexpr double kWidest = 6;          // px; beyond that an edge is no edge any more

/// Around both eyes, nose and mouth.
cv::Rect face_area(const Patch& patch) {
  const cv::Rect2d face(patch.mid_eye.x - patch.unit, patch.mid_eye.y - 0.6 * patch.unit, 2 * patch.unit, 2 * patch.unit);
  return cv::Rect(face) & cv::Rect(0, 0, patch.bgr.cols, patch.bgr.rows);
}

float value_at(std::vector<float>& values, double share) {
  const auto at = std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

/// The blur's deviation in pixels by the share that is left of the edges' gradients.
double deviation_of(std::vector<float>& ratios) {
  const double ratio = value_at(ratios, kSharper);
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

struct Blur {
  double all = 0;    ///< deviation, px
  double worse = 0;  ///< of the edges of that direction, upright or level, which are the softer ones
};

Blur measure(const Patch& patch, const cv::Rect& area) {
  cv::Mat grey;
  cv::cvtColor(patch.bgr(area), grey, cv::COLOR_BGR2GRAY);
  grey.convertTo(grey, CV_32F);
  const Gradient once = gradient(grey, kNoise);
  const cv::Mat twice = gradient(grey, std::sqrt(kNoise * kNoise + kAgain * kAgain)).size;
  std::vector<float> sizes(once.size.begin<float>(), once.size.end<float>());
  const float strong = value_at(sizes, kStrongest);
  std::vector<float> all, upright, level;
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
      all.push_back(ratio);
      if (peak_across && across > 2 * down) upright.push_back(ratio);
      if (peak_down && down > 2 * across) level.push_back(ratio);
    }
  }
  Blur out;
  out.all = all.empty() ? kWidest : deviation_of(all);
  for (std::vector<float>* way : {&upright, &level}) {
    if (way->size() >= kEdgesMin) out.worse = std::max(out.worse, deviation_of(*way));
  }
  return out;
}

/// Nullopt when the face has too few pixels of its own.
std::optional<Blur> blur_of(const Scene& scene) {
  const cv::Rect area = face_area(scene.patch);
  if (scene.patch.scale > kEnlargedTooMuch || area.width < 32 || area.height < 32) return std::nullopt;
  return measure(scene.patch, area);
}

}  // namespace

Finding rule_sharpness(const Scene& scene) {
  const Range pass{-kOpen, scene.limits->blur_pass};
  const auto blur = blur_of(scene);
  if (!blur) return cannot_tell("Q-BLUR", "blur_px", pass, Blind::too_few_pixels);
  return judge("Q-BLUR", "blur_px", blur->all, pass, {-kOpen, scene.limits->blur_fail});
}

/// A hand or a head that moved blurs the edges of one direction; half of all edges may still be sharp then.
Finding rule_moved(const Scene& scene) {
  const Range pass{-kOpen, scene.limits->moved_pass};
  const auto blur = blur_of(scene);
  if (!blur) return cannot_tell("Q-SOFT", "blur_px_worse_way", pass, Blind::too_few_pixels);
  // What is soft both ways is Q-BLUR's to say, and once is enough.
  if (blur->all > scene.limits->blur_pass) return judge("Q-SOFT", "blur_px_worse_way", blur->worse, {}, {});
  return judge("Q-SOFT", "blur_px_worse_way", blur->worse, pass, {-kOpen, scene.limits->moved_fail});
}

}  // namespace satchel::core::portrait
