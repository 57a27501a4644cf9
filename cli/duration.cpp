#include "cli/duration.h"

#include <charconv>

namespace satchel::cli {
namespace {

constexpr std::int64_t kSecondsMax = 7 * 24 * 3600;

std::int64_t unit_s(char unit) noexcept {
  switch (unit) {
    case 's': return 1;
    case 'm': return 60;
    case 'h': return 3600;
    default: return 0;
  }
}

}  // namespace

std::optional<std::int64_t> parse_duration_s(std::string_view text) noexcept {
  if (text.size() < 2) return std::nullopt;
  const std::int64_t unit = unit_s(text.back());
  const char* end = text.data() + text.size() - 1;
  std::uint32_t count = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (unit == 0 || error != std::errc{} || stop != end || count == 0) return std::nullopt;
  const std::int64_t seconds = static_cast<std::int64_t>(count) * unit;
  if (seconds > kSecondsMax) return std::nullopt;
  return seconds;
}

}  // namespace satchel::cli
