#include "core/code/qr.h"

#define ZX_USE_UTF8 1
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <exception>
#include <set>

#include "core/code/gray.h"

namespace satchel::core {
namespace {

constexpr int kQuietModules = 4;        // ISO/IEC 18004, 6.3.8
constexpr int kLevelM = 4;              // ZXing's scale 0..8 for all formats; 3 and 4 are QR's M
constexpr std::size_t kTextMax = 2330;  // version 40-M holds 2,331 bytes (ISO/IEC 18004, table 7); naming the encoding takes one
constexpr int kUnicode = 0x80;          // from here on a text is more than ASCII

using Texts = std::set<std::string>;

Texts read_once(const GrayImage& image, ZXing::Binarizer binarizer) {
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode)
      .setTryHarder(true)
      .setTryRotate(true)
      .setTryDownscale(true)
      .setBinarizer(binarizer);
  const ZXing::ImageView view{image.gray.data(), image.width, image.height, ZXing::ImageFormat::Lum};
  Texts out;
  for (const ZXing::Result& found : ZXing::ReadBarcodes(view, hints)) {
    if (!found.isValid()) continue;
    const auto& bytes = found.bytes();
    out.emplace(bytes.begin(), bytes.end());
  }
  return out;
}

/// From the cheapest look to the dearest; the first that finds something is the answer.
Texts look_again(const GrayImage& image) {
  using enum ZXing::Binarizer;
  constexpr int kDoubleBelow = 1200;  // ours: a larger picture has no module of one or two pixels worth the memory
  constexpr int kReduceFrom = 900;
  constexpr int kSmoothBelow = 2400;  // ours: larger ones are smoothed by being reduced
  if (Texts found = read_once(image, GlobalHistogram); !found.empty()) return found;
  if (Texts found = read_once(thresholded(image), LocalAverage); !found.empty()) return found;
  if (Texts found = read_once(inverted(image), LocalAverage); !found.empty()) return found;
  const int longer = std::max(image.width, image.height);
  if (longer <= kSmoothBelow) {
    for (const int radius : {1, 2}) {
      if (Texts found = read_once(smoothed(image, radius), LocalAverage); !found.empty()) return found;
    }
    for (const int radius : {2, 4, 8}) {
      if (Texts found = read_once(thresholded(sharpened(image, radius)), LocalAverage); !found.empty()) return found;
    }
  }
  if (longer <= kDoubleBelow) {
    if (Texts found = read_once(framed(image), LocalAverage); !found.empty()) return found;
    const GrayImage larger = doubled(image);
    if (Texts found = read_once(larger, LocalAverage); !found.empty()) return found;
    if (Texts found = read_once(thresholded(larger), LocalAverage); !found.empty()) return found;
  }
  for (int factor = 2; longer / factor >= kReduceFrom / 2 && factor <= 8; ++factor) {
    if (Texts found = read_once(reduced(image, factor), LocalAverage); !found.empty()) return found;
  }
  return {};
}

GrayImage magnified(const ZXing::BitMatrix& modules, int module_px) {
  const int side = (modules.width() + 2 * kQuietModules) * module_px;
  const auto pixels = static_cast<std::size_t>(side);
  GrayImage out{side, side, Bytes(pixels * pixels, 255)};
  Bytes line(pixels);
  for (int row = 0; row < modules.height(); ++row) {
    std::fill(line.begin(), line.end(), std::uint8_t{255});
    for (int column = 0; column < modules.width(); ++column) {
      if (!modules.get(column, row)) continue;
      std::fill_n(line.begin() + static_cast<std::ptrdiff_t>(column + kQuietModules) * module_px, module_px, std::uint8_t{0});
    }
    for (int i = 0; i < module_px; ++i) {
      const auto y = static_cast<std::size_t>((row + kQuietModules) * module_px + i);
      std::copy(line.begin(), line.end(), out.gray.begin() + static_cast<std::ptrdiff_t>(y * pixels));
    }
  }
  return out;
}

}  // namespace

Result<GrayImage> draw_qr(std::string_view text, int module_px) {
  constexpr int kModulePxMax = 64;
  if (module_px < 1 || module_px > kModulePxMax) return Error{Code::kLimitExceeded, "a module has 1 to 64 pixels"};
  if (text.empty() || text.size() > kTextMax) return Error{Code::kLimitExceeded, "a QR code holds 1 to 2,330 bytes"};
  try {
    ZXing::MultiFormatWriter writer{ZXing::BarcodeFormat::QRCode};
    const bool ascii = std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= kUnicode; });
    writer.setEccLevel(kLevelM).setMargin(0).setEncoding(ascii ? ZXing::CharacterSet::ASCII : ZXing::CharacterSet::UTF8);
    return magnified(writer.encode(std::string(text), 0, 0), module_px);
  } catch (const std::exception&) {
    return Error{Code::kLimitExceeded, "the text does not fit into a QR code"};
  }
}

std::optional<std::string> other_barcode(const GrayImage& image) {
  constexpr int kLines = 4;  // ours: a striped background is no barcode
  using enum ZXing::BarcodeFormat;
  ZXing::DecodeHints hints;
  hints.setFormats(Aztec | DataMatrix | PDF417 | Code128 | Code93 | EAN13 | EAN8 | UPCA).setTryHarder(true).setTryRotate(true);
  hints.setMinLineCount(kLines);
  try {
    const ZXing::ImageView view{image.gray.data(), image.width, image.height, ZXing::ImageFormat::Lum};
    for (const ZXing::Result& found : ZXing::ReadBarcodes(view, hints)) {
      if (found.isValid()) return ZXing::ToString(found.format());
    }
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return std::nullopt;
}

Result<std::vector<std::string>> read_qr(const GrayImage& image) {
  if (image.width <= 0 || image.height <= 0 || image.width > kQrPixelsMax / image.height) {
    return Error{Code::kLimitExceeded, "picture size"};
  }
  if (image.gray.size() != static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height)) {
    return Error{Code::kLimitExceeded, "picture size and buffer differ"};
  }
  try {
    Texts found = read_once(image, ZXing::Binarizer::LocalAverage);
    if (found.empty()) found = look_again(image);
    if (found.empty()) return Code::kCodeNotFound;
    return std::vector<std::string>(found.begin(), found.end());
  } catch (const std::exception&) {
    return Code::kCodeNotFound;
  }
}

}  // namespace satchel::core
