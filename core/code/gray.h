#pragma once

#include <cstdint>
#include <vector>

#include "core/code/qr.h"

namespace satchel::core {

// What the looks at a code do to grey pixels.

inline std::size_t gray_index(const GrayImage& image, int x, int y) {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x);
}

/// Means over squares, in constant time each.
class BoxMeans {
 public:
  explicit BoxMeans(const GrayImage& image);
  /// Of the pixels at most `radius` away, as far as they are in the picture.
  double around(int x, int y, int radius) const;

 private:
  int width_;
  int height_;
  std::vector<std::uint32_t> sums_;  ///< of all above and left, modulo 2^32: a difference is right all the same
};

/// 255 - v.
GrayImage inverted(const GrayImage& image);
/// Black and white by Otsu's threshold: the grey value that splits the histogram into the two most different halves.
GrayImage thresholded(const GrayImage& image);
/// Mean over squares of `factor` pixels: takes noise and moiré out of a large picture.
GrayImage reduced(const GrayImage& image, int factor);
/// Twice as large, between the pixels the mean of neighbours: modules of one or two pixels become readable.
GrayImage doubled(const GrayImage& image);
/// White added around, for a code whose quiet zone was cut off.
GrayImage framed(const GrayImage& image);
/// Mean of the pixels at most `radius` away: takes noise and the stripes of a screen out of a picture.
GrayImage smoothed(const GrayImage& image, int radius);
/// What smoothing over `radius` takes away, added twice: undoes a little of a blur.
GrayImage sharpened(const GrayImage& image, int radius);

}  // namespace satchel::core
