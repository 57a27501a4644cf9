#include "core/code/stripes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/code/gray.h"

namespace satchel::core {
namespace {

constexpr int kWindow = 64;
constexpr std::size_t kBinFirst = 5;  // waves of 13 pixels and less: longer ones are light and shadow
constexpr std::size_t kBinLast = 31;
constexpr std::size_t kBins = kBinLast - kBinFirst + 1;
constexpr double kWaveLeast = 4;  // grey levels of spread: less does not keep a code from being read
constexpr int kAcross = 24;       // windows to a row and rows of windows

struct Spectrum {
  double spread = 0;  ///< standard deviation of the window
  std::array<double, kBins> share{};
};

struct Waves {
  std::array<std::array<double, kWindow>, kBins> cosine{};
  std::array<std::array<double, kWindow>, kBins> sine{};
  Waves() {
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      for (std::size_t i = 0; i < kWindow; ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>((bin + kBinFirst) * i) / kWindow;
        const double hann = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / kWindow);
        cosine[bin][i] = hann * std::cos(angle);
        sine[bin][i] = hann * std::sin(angle);
      }
    }
  }
};

Spectrum spectrum_at(const GrayImage& image, int x, int y, bool down, const Waves& waves) {
  std::array<double, kWindow> window{};
  double mean = 0;
  for (int i = 0; i < kWindow; ++i) {
    const double value = image.gray[down ? gray_index(image, x, y + i) : gray_index(image, x + i, y)];
    window[static_cast<std::size_t>(i)] = value;
    mean += value / kWindow;
  }
  double energy = 0;
  for (double& value : window) {
    value -= mean;
    energy += value * value;
  }
  Spectrum out;
  out.spread = std::sqrt(energy / kWindow);
  if (energy <= 0) return out;
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    double a = 0;
    double b = 0;
    for (std::size_t i = 0; i < kWindow; ++i) {
      a += window[i] * waves.cosine[bin][i];
      b += window[i] * waves.sine[bin][i];
    }
    // A whole wave in the window gives 1: Hann takes half of the amplitude.
    out.share[bin] = std::min(1.0, 8 * (a * a + b * b) / (energy * kWindow));
  }
  return out;
}

double stripes_along(const GrayImage& image, bool down, const Waves& waves) {
  const int last_x = image.width - (down ? 1 : kWindow);
  const int last_y = image.height - (down ? kWindow : 1);
  if (last_x < 0 || last_y < 0) return 0;
  std::vector<Spectrum> all;
  for (int j = 0; j < kAcross; ++j) {
    for (int i = 0; i < kAcross; ++i) {
      all.push_back(spectrum_at(image, last_x * i / (kAcross - 1), last_y * j / (kAcross - 1), down, waves));
    }
  }
  std::ranges::sort(all, [](const Spectrum& a, const Spectrum& b) { return a.spread < b.spread; });
  // The evenest third: the margin and the ground around a code.
  all.resize(all.size() / 3);
  std::array<double, kBins> sum{};
  for (const Spectrum& one : all) {
    if (one.spread < kWaveLeast) continue;
    for (std::size_t bin = 0; bin < kBins; ++bin) sum[bin] += one.share[bin] / static_cast<double>(all.size());
  }
  // A wave that lies between two bins is in both.
  double best = 0;
  for (std::size_t bin = 0; bin + 1 < kBins; ++bin) best = std::max(best, sum[bin] + sum[bin + 1]);
  return std::min(1.0, best);
}

}  // namespace

double stripes_of(const GrayImage& image) {
  const Waves waves;
  return std::max(stripes_along(image, false, waves), stripes_along(image, true, waves));
}

}  // namespace satchel::core
