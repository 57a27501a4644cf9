#include "core/portrait/exif.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace satchel::core::portrait {
namespace {

/// TIFF numbers in the byte order that the file declares; nullopt outside the bytes.
struct Tiff {
  ByteView bytes;
  bool big_endian;

  std::optional<std::uint32_t> number(std::size_t at, std::size_t size) const noexcept {
    if (at > bytes.size() || size > bytes.size() - at) return std::nullopt;
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < size; ++i) out = (out << 8) | bytes[at + (big_endian ? i : size - 1 - i)];
    return out;
  }
};

constexpr std::uint32_t kOrientationTag = 0x0112;
constexpr std::uint32_t kShortType = 3;

}  // namespace

int exif_orientation(ByteView app1) noexcept {
  static constexpr std::uint8_t kExif[] = {'E', 'x', 'i', 'f', 0, 0};
  if (app1.size() < sizeof kExif || !std::equal(std::begin(kExif), std::end(kExif), app1.begin())) return 1;
  return tiff_orientation(app1.subspan(sizeof kExif));
}

int tiff_orientation(ByteView body) noexcept {
  if (body.size() < 8 || body[0] != body[1] || (body[0] != 'I' && body[0] != 'M')) return 1;
  const Tiff tiff{body, body[0] == 'M'};
  if (tiff.number(2, 2) != 42u) return 1;
  const auto directory = tiff.number(4, 4);
  if (!directory) return 1;
  const auto count = tiff.number(*directory, 2);
  if (!count) return 1;
  for (std::size_t i = 0; i < *count; ++i) {
    const std::size_t entry = static_cast<std::size_t>(*directory) + 2 + 12 * i;
    const auto tag = tiff.number(entry, 2);
    if (!tag) return 1;
    if (*tag != kOrientationTag) continue;
    const auto value = tiff.number(entry + 8, 2);
    const bool fits = tiff.number(entry + 2, 2) == kShortType && value && *value >= 1 && *value <= 8;
    return fits ? static_cast<int>(*value) : 1;
  }
  return 1;
}

}  // namespace satchel::core::portrait
