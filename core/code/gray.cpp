#include "core/code/gray.h"

#include <algorithm>
#include <array>
#include <functional>

namespace satchel::core {
namespace {

GrayImage mapped(const GrayImage& image, const std::function<std::uint8_t(std::uint8_t)>& change) {
  GrayImage out = image;
  std::transform(out.gray.begin(), out.gray.end(), out.gray.begin(), change);
  return out;
}

}  // namespace

BoxMeans::BoxMeans(const GrayImage& image)
    : width_(image.width),
      height_(image.height),
      sums_(static_cast<std::size_t>(image.width + 1) * static_cast<std::size_t>(image.height + 1)) {
  const auto stride = static_cast<std::size_t>(width_) + 1;
  for (std::size_t y = 0; y < static_cast<std::size_t>(height_); ++y) {
    std::uint32_t row = 0;
    for (std::size_t x = 0; x < static_cast<std::size_t>(width_); ++x) {
      row += image.gray[y * static_cast<std::size_t>(width_) + x];
      sums_[(y + 1) * stride + x + 1] = sums_[y * stride + x + 1] + row;
    }
  }
}

double BoxMeans::around(int x, int y, int radius) const {
  const auto left = static_cast<std::size_t>(std::max(0, x - radius));
  const auto top = static_cast<std::size_t>(std::max(0, y - radius));
  const auto right = static_cast<std::size_t>(std::min(width_, x + radius + 1));
  const auto bottom = static_cast<std::size_t>(std::min(height_, y + radius + 1));
  const auto stride = static_cast<std::size_t>(width_) + 1;
  const std::uint32_t sum =
      sums_[bottom * stride + right] + sums_[top * stride + left] - sums_[top * stride + right] - sums_[bottom * stride + left];
  return static_cast<double>(sum) / static_cast<double>((right - left) * (bottom - top));
}

GrayImage inverted(const GrayImage& image) {
  return mapped(image, [](std::uint8_t value) { return static_cast<std::uint8_t>(255 - value); });
}

GrayImage thresholded(const GrayImage& image) {
  std::array<double, 256> count{};
  for (const std::uint8_t value : image.gray) count[value] += 1;
  double total = 0;
  double weighted = 0;
  for (std::size_t i = 0; i < count.size(); ++i) {
    total += count[i];
    weighted += count[i] * static_cast<double>(i);
  }
  double below = 0;
  double below_weighted = 0;
  double best = -1;
  std::size_t cut = 127;
  for (std::size_t i = 0; i + 1 < count.size(); ++i) {
    below += count[i];
    below_weighted += count[i] * static_cast<double>(i);
    if (below <= 0 || below >= total) continue;
    const double gap = below_weighted / below - (weighted - below_weighted) / (total - below);
    const double spread = below * (total - below) * gap * gap;
    if (spread > best) {
      best = spread;
      cut = i;
    }
  }
  return mapped(image, [cut](std::uint8_t value) { return static_cast<std::uint8_t>(value <= cut ? 0 : 255); });
}

GrayImage reduced(const GrayImage& image, int factor) {
  GrayImage out{image.width / factor, image.height / factor, {}};
  out.gray.reserve(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height));
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      int sum = 0;
      for (int dy = 0; dy < factor; ++dy) {
        for (int dx = 0; dx < factor; ++dx) {
          sum += image.gray[static_cast<std::size_t>(y * factor + dy) * static_cast<std::size_t>(image.width) +
                            static_cast<std::size_t>(x * factor + dx)];
        }
      }
      out.gray.push_back(static_cast<std::uint8_t>(sum / (factor * factor)));
    }
  }
  return out;
}

GrayImage doubled(const GrayImage& image) {
  GrayImage out{image.width * 2, image.height * 2, {}};
  out.gray.reserve(image.gray.size() * 4);
  const auto at = [&](int x, int y) {
    const int inside_x = std::min(x, image.width - 1);
    const int inside_y = std::min(y, image.height - 1);
    return static_cast<int>(image.gray[static_cast<std::size_t>(inside_y) * static_cast<std::size_t>(image.width) +
                                       static_cast<std::size_t>(inside_x)]);
  };
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int left = x / 2;
      const int top = y / 2;
      const int right = left + x % 2;
      const int bottom = top + y % 2;
      out.gray.push_back(static_cast<std::uint8_t>((at(left, top) + at(right, top) + at(left, bottom) + at(right, bottom)) / 4));
    }
  }
  return out;
}

GrayImage framed(const GrayImage& image) {
  const int margin = std::max(16, std::min(image.width, image.height) / 8);
  GrayImage out{image.width + 2 * margin, image.height + 2 * margin, {}};
  out.gray.assign(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height), 255);
  for (int y = 0; y < image.height; ++y) {
    const auto row = image.gray.begin() + static_cast<std::ptrdiff_t>(y) * image.width;
    std::copy(row, row + image.width, out.gray.begin() + static_cast<std::ptrdiff_t>(y + margin) * out.width + margin);
  }
  return out;
}

GrayImage smoothed(const GrayImage& image, int radius) {
  const BoxMeans means(image);
  GrayImage out = image;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      out.gray[gray_index(image, x, y)] = static_cast<std::uint8_t>(means.around(x, y, radius) + 0.5);
    }
  }
  return out;
}

GrayImage sharpened(const GrayImage& image, int radius) {
  const GrayImage soft = smoothed(image, radius);
  GrayImage out = image;
  for (std::size_t i = 0; i < out.gray.size(); ++i) {
    out.gray[i] = static_cast<std::uint8_t>(std::clamp(3 * int{image.gray[i]} - 2 * int{soft.gray[i]}, 0, 255));
  }
  return out;
}

}  // namespace satchel::core
