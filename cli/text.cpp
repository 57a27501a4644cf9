#include "cli/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>

#include "core/base/utf8.h"

namespace satchel::cli {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// East Asian width W and F by block (UAX #11, Unicode 15). Reserved code points inside a block count as their block.
constexpr std::array kWide{
    Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},
    Range{0xA000, 0xA4CF},   Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},
    Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF},
    Range{0x20000, 0x2FFFD}, Range{0x30000, 0x3FFFD},
};
constexpr std::array kZero{
    Range{0x0300, 0x036F}, Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F},
};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, std::uint32_t point) noexcept {
  return std::any_of(ranges.begin(), ranges.end(), [point](Range r) { return point >= r.first && point <= r.last; });
}

}  // namespace

std::size_t display_width(std::string_view text) noexcept {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t point = core::next_code_point(text, at);
    if (point == core::kBadCodePoint) {
      columns += 1;
    } else if (!within(kZero, point)) {
      columns += within(kWide, point) ? 2U : 1U;
    }
  }
  return columns;
}

std::string padded(std::string_view text, std::size_t columns) {
  const std::size_t width = display_width(text);
  std::string out(text);
  if (width < columns) out.append(columns - width, ' ');
  return out;
}

std::string padded_left(std::string_view text, std::size_t columns) {
  const std::size_t width = display_width(text);
  std::string out(width < columns ? columns - width : 0, ' ');
  return out.append(text);
}

std::string plain(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const std::uint32_t point = core::next_code_point(text, at);
    const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
    // Direction marks reorder what stands around them (Unicode TR #36, 2.1): as bad as a cursor movement.
    const bool turns = (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    if (point == core::kBadCodePoint || control || turns) {
      out.push_back('?');
    } else {
      out.append(text.substr(from, at - from));
    }
  }
  return out;
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  constexpr std::array kUnits{"KB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  // By whole tenths, so that no locale writes a decimal comma.
  const auto tenths = static_cast<std::uint64_t>(std::llround(value * 10));
  std::string number = tenths < 100 ? std::to_string(tenths / 10) + "." + std::to_string(tenths % 10)
                                    : std::to_string(static_cast<std::uint64_t>(std::llround(value)));
  return number + " " + kUnits[unit];
}

std::string local_time_text(std::string_view iso8601) {
  std::tm utc{};
  const std::string text(iso8601);
  const char* end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &utc);  // POSIX.1-2017
  if (end == nullptr || *end != '\0') return plain(iso8601);
  const std::time_t seconds = timegm(&utc);
  std::tm local{};
  if (localtime_r(&seconds, &local) == nullptr) return plain(iso8601);
  std::array<char, 32> out{};
  const std::size_t n = std::strftime(out.data(), out.size(), "%Y-%m-%d %H:%M", &local);
  return {out.data(), n};
}

}  // namespace satchel::cli
