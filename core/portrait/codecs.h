#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/portrait/decode.h"

// The decoders behind decode(): each turns bytes of unknown origin into a picture in the file's own orientation.
namespace satchel::core::portrait {

struct HeifLibrary;

/// Memory that a progressive JPEG (all coefficients), an interlaced PNG or a lossless WebP (all pixels) may need before its first
/// row is final.
inline constexpr std::uint64_t kWholeImageBytesMax = 200'000'000;

struct Decoded {
  Picture picture;
  int orientation = 1;  ///< EXIF, 1..8; still to be applied
  Bytes icc;            ///< the colour profile of its pixels; still to be applied; empty: sRGB
};

Result<Decoded> decode_jpeg(ByteView file, DecodeOptions options);
Result<Decoded> decode_png(ByteView file, DecodeOptions options);
Result<Decoded> decode_webp(ByteView file, DecodeOptions options);
/// `library`: heif_library(); kHeicMissing when it is null or knows no codec for the file.
Result<Decoded> decode_heic(ByteView file, DecodeOptions options, const HeifLibrary* library);

/// kImageTooLarge with both numbers in the detail when width × height is over kPixelsMax; kImageDamaged when either is 0.
Result<void> check_pixels(std::uint64_t width, std::uint64_t height);

}  // namespace satchel::core::portrait
