#include "core/code/qr.h"

#define ZX_USE_UTF8 1
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <array>
#include <exception>
#include <functional>
#include <set>

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

GrayImage mapped(const GrayImage& image, const std::function<std::uint8_t(std::uint8_t)>& change) {
  GrayImage out = image;
  std::transform(out.gray.begin(), out.gray.end(), out.gray.begin(), change);
  return out;
}

/// Black and white by Otsu's threshold: the grey value that splits the histogram into the two most different halves.
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

/// Mean over squares of `factor` pixels: takes noise and moiré out of a large picture.
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

/// Twice as large, between the pixels the mean of neighbours: modules of one or two pixels become readable.
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

/// White added around, for a code whose quiet zone was cut off.
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

/// From the cheapest look to the dearest; the first that finds something is the answer.
Texts look_again(const GrayImage& image) {
  using enum ZXing::Binarizer;
  constexpr int kDoubleBelow = 1200;  // ours: a larger picture has no module of one or two pixels worth the memory
  constexpr int kReduceFrom = 900;
  if (Texts found = read_once(image, GlobalHistogram); !found.empty()) return found;
  if (Texts found = read_once(thresholded(image), LocalAverage); !found.empty()) return found;
  const GrayImage inverted = mapped(image, [](std::uint8_t value) { return static_cast<std::uint8_t>(255 - value); });
  if (Texts found = read_once(inverted, LocalAverage); !found.empty()) return found;
  const int longer = std::max(image.width, image.height);
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
  const int side = modules.width() + 2 * kQuietModules;
  GrayImage out{side * module_px, side * module_px, {}};
  out.gray.assign(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height), 255);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int column = x / module_px - kQuietModules;
      const int row = y / module_px - kQuietModules;
      const bool inside = column >= 0 && row >= 0 && column < modules.width() && row < modules.height();
      if (inside && modules.get(column, row)) {
        out.gray[static_cast<std::size_t>(y) * static_cast<std::size_t>(out.width) + static_cast<std::size_t>(x)] = 0;
      }
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
