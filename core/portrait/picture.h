#pragma once

#include "core/base/bytes.h"

namespace satchel::core::portrait {

/// Pixels in memory, as a viewer shows them: 8 bits a channel, blue-green-red, rows from the top without padding, so that
/// bgr.size() == 3 * width * height. The EXIF orientation has been applied already.
struct Picture {
  int width = 0;
  int height = 0;
  Bytes bgr;
  /// Size of the file's picture, upright. Larger than width × height when decode() was told to shrink; 0 means "the same".
  int source_width = 0;
  int source_height = 0;

  /// Source pixels per pixel here: 1 unless decode() shrank the picture.
  double source_scale() const noexcept {
    return source_width > 0 && width > 0 ? static_cast<double>(source_width) / static_cast<double>(width) : 1.0;
  }
};

}  // namespace satchel::core::portrait
