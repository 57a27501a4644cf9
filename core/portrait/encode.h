#pragma once

#include <cstddef>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/portrait/picture.h"

namespace satchel::core::portrait {

/// How colour is stored in a JPEG: at full resolution, or halved both ways.
enum class Subsampling { k444, k420 };

struct EncodeOptions {
  int quality = 92;  ///< libjpeg's scale, 1..100
  int dpi = 300;     ///< density in the JFIF header (the notices ask for 300)
  Subsampling subsampling = Subsampling::k420;
  std::string_view comment = {};  ///< a COM segment, when not empty; at most 65,533 bytes
};

/// A baseline JFIF file: no EXIF, no position, optimised Huffman tables. The same picture and options give the same bytes.
/// kImageDamaged when the picture is empty or its buffer does not fit its size.
Result<Bytes> encode_jpeg(const Picture& picture, EncodeOptions options = {});

/// A JPEG whose size lies in a window, and the quality that made it.
struct WindowedJpeg {
  Bytes file;
  int quality = 0;
  bool in_window = false;  ///< false when no quality in [min_quality, 98] reaches the window; `file` is then the nearest
};

/// The best quality whose file has at most `max_bytes`; never below `min_quality`, never above 98.
Result<WindowedJpeg> encode_jpeg_window(const Picture& picture, std::size_t min_bytes, std::size_t max_bytes, int min_quality,
                                        int dpi = 300, Subsampling subsampling = Subsampling::k420,
                                        std::string_view comment = {});

/// A 24-bit PNG, for overlays.
Result<Bytes> encode_png(const Picture& picture);

/// An 8-bit PNG of grey pixels, rows from the top without padding: for codes. kImageDamaged when the buffer does not fit the
/// size.
Result<Bytes> encode_gray_png(int width, int height, ByteView gray);

}  // namespace satchel::core::portrait
