#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/portrait/decode.h"

// The two decoders behind decode(): each turns bytes of unknown origin into a picture in the file's own orientation.
namespace satchel::core::portrait {

/// Memory that a progressive JPEG (all coefficients) or an interlaced PNG (all pixels) may need before its first row is final.
inline constexpr std::uint64_t kWholeImageBytesMax = 200'000'000;

struct Decoded {
  Picture picture;
  int orientation = 1;  ///< EXIF, 1..8; still to be applied
};

Result<Decoded> decode_jpeg(ByteView file, DecodeOptions options);
Result<Decoded> decode_png(ByteView file, DecodeOptions options);

/// kImageTooLarge with both numbers in the detail when width × height is over kPixelsMax; kImageDamaged when either is 0.
Result<void> check_pixels(std::uint64_t width, std::uint64_t height);

}  // namespace satchel::core::portrait
