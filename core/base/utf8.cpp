#include "core/base/utf8.h"

#include <cstddef>
#include <cstdint>

namespace satchel::core {
namespace {

std::uint32_t byte_at(std::string_view text, std::size_t at) { return static_cast<std::uint8_t>(text[at]); }

template <class Allowed>
bool every(std::string_view text, Allowed allowed) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t point = next_code_point(text, at);
    if (point == kBadCodePoint || !allowed(point)) return false;
  }
  return true;
}

}  // namespace

std::uint32_t next_code_point(std::string_view text, std::size_t& at) noexcept {
  const std::uint32_t lead = byte_at(text, at++);
  if (lead < 0x80) return lead;
  const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - at < more) return kBadCodePoint;
  std::uint32_t out = lead & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    const std::uint32_t byte = byte_at(text, at++);
    if ((byte & 0xC0U) != 0x80U) return kBadCodePoint;
    out = (out << 6) | (byte & 0x3FU);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0x80, 0x800, 0x10000};
  const bool surrogate = out >= 0xD800 && out <= 0xDFFF;
  return out < kSmallest[more] || out > 0x10FFFF || surrogate ? kBadCodePoint : out;
}

bool is_utf8(std::string_view text) noexcept {
  return every(text, [](std::uint32_t) { return true; });
}

bool is_plain_text(std::string_view text) noexcept {
  return every(text, [](std::uint32_t point) { return point >= 0x20 && !(point >= 0x7F && point <= 0x9F); });
}

}  // namespace satchel::core
