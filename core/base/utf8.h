#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace satchel::core {

/// What next_code_point() gives for bytes that are not UTF-8.
inline constexpr std::uint32_t kBadCodePoint = 0xFFFFFFFF;

/// The code point at `at` (below text.size()), which moves behind it; kBadCodePoint where there is none, and then `at` moves by
/// at least one byte.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) noexcept;

/// True for well-formed UTF-8 (Unicode 15, table 3-7): no over-long form, no surrogate, nothing above U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

/// True for well-formed UTF-8 without control characters (U+0000 to U+001F, U+007F to U+009F): what may be shown on a terminal or
/// written into a one-line field as it is.
bool is_plain_text(std::string_view text) noexcept;

}  // namespace satchel::core
