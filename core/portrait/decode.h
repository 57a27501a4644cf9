#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/portrait/picture.h"

namespace satchel::core::portrait {

/// No picture with more pixels than this is decoded (kImageTooLarge); asked of the file's header before anything is allocated.
inline constexpr std::uint64_t kPixelsMax = 100'000'000;

struct DecodeOptions {
  /// When not 0: the longer side of the result is at most this many pixels. A JPEG is shrunk while it is decoded (M/8 in the
  /// inverse DCT), a PNG row by row, so that memory follows the result and not the file. Aspect is kept to within one pixel.
  int max_side = 0;
};

/// What judging needs and no more: a 12-megapixel original keeps enough pixels for a 480×640 crop of a third of its height.
inline constexpr DecodeOptions kDecodeToJudge{2600};

/// What a file's first bytes say that it is, whatever its name: "JPEG", "PNG", "WebP", "HEIC", "GIF", "BMP", "TIFF", "PDF", …;
/// "unknown" otherwise.
std::string_view detect_kind(ByteView file) noexcept;

/// Decodes a JPEG (baseline, progressive, grey, CMYK and YCCK), a PNG (grey, palette, 16 bit), a WebP (no animation) or, where
/// libheif is installed, a HEIC, and turns it upright; transparency shows white, and colours
/// of an embedded ICC profile are brought to sRGB. The content decides, not the name. Errors:
/// kFileEmpty; kImageFormat for every other kind, with the detected one in the detail; kHeicMissing without libheif;
/// kImageDamaged when it is cut short or corrupt (a JPEG that ends early is refused, not shown half grey); kImageTooLarge over
/// kPixelsMax, or when a file that must be held whole (progressive, interlaced, lossless WebP, HEIC) would need over 200 MB;
/// kImageColour for a colour space that cannot be converted.
Result<Picture> decode(ByteView file, DecodeOptions options = {});

}  // namespace satchel::core::portrait
