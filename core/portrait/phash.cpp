#include "core/portrait/phash.h"

#include <algorithm>
#include <array>
#include <bit>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/portrait/mat.h"

namespace satchel::core::portrait {

std::uint64_t perceptual_hash(const Picture& picture) {
  if (!well_formed(picture)) return 0;
  constexpr int kSide = 32, kLow = 8;
  cv::Mat small, grey, wave;
  cv::resize(view(picture), small, cv::Size(kSide, kSide), 0, 0, cv::INTER_AREA);
  cv::cvtColor(small, grey, cv::COLOR_BGR2GRAY);
  grey.convertTo(grey, CV_32F);
  cv::dct(grey, wave);
  std::array<float, kLow * kLow> low{};
  std::size_t at = 0;
  for (int y = 0; y < kLow; ++y) {
    for (int x = 0; x < kLow; ++x) low[at++] = wave.at<float>(y, x);
  }
  low[0] = 0;  // the mean brightness says nothing about what is seen
  std::array<float, kLow* kLow> sorted = low;
  std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
  const float median = sorted[sorted.size() / 2];
  std::uint64_t hash = 0;
  for (const float value : low) hash = (hash << 1) | (value > median ? 1u : 0u);
  return hash;
}

int hash_distance(std::uint64_t a, std::uint64_t b) noexcept { return std::popcount(a ^ b); }

}  // namespace satchel::core::portrait
