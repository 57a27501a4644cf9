#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace satchel::core {

/// Grey pixels, 0 black to 255 white, rows from the top without padding: gray.size() == width * height.
struct GrayImage {
  int width = 0;
  int height = 0;
  Bytes gray;
};

/// A QR code (ISO/IEC 18004, error correction M) of `text` with the quiet zone of 4 modules that the standard asks for, each
/// module `module_px` pixels wide (1 to 64). kLimitExceeded when the text does not fit (over 2,330 bytes) or module_px is out of
/// range.
Result<GrayImage> draw_qr(std::string_view text, int module_px);

/// The texts of all QR codes in a picture, each once, in order of text: turned, mirrored, inverted, small in a large picture.
/// When nothing is found at first, looks again at the picture thresholded, reduced and enlarged. At least one text, or
/// kCodeNotFound; kLimitExceeded for a picture whose buffer does not fit its size or that has over kQrPixelsMax pixels.
Result<std::vector<std::string>> read_qr(const GrayImage& image);
inline constexpr int kQrPixelsMax = 100'000'000;

/// The name of a barcode of another kind in the picture ("DataMatrix"); nullopt when there is none. `image` as read_qr() takes
/// it.
std::optional<std::string> other_barcode(const GrayImage& image);

}  // namespace satchel::core
