#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace satchel::cli {

/// Columns that `text` takes on a terminal: 2 for a character of East Asian width W or F (UAX #11; the blocks of Chinese,
/// Japanese and Korean, full-width forms and emoji), 0 for a combining mark, else 1.
std::size_t display_width(std::string_view text) noexcept;

/// `text` with spaces after it up to `columns`; longer text is returned as it is.
std::string padded(std::string_view text, std::size_t columns);
/// The same with the spaces before it, for numbers.
std::string padded_left(std::string_view text, std::size_t columns);

/// `text` as it may be shown on a terminal: a control character or a byte that is not UTF-8 becomes "?", so that a name from
/// elsewhere cannot move the cursor or colour the screen.
std::string plain(std::string_view text);

/// "0 B", "999 B", "1.5 KB", "20 MB": powers of 1024, as file managers count; one decimal below 10.
std::string size_text(std::uint64_t bytes);

/// "2026-06-16 16:00" in this machine's time zone, of "2026-06-16T08:00:05Z"; other text is returned plain.
std::string local_time_text(std::string_view iso8601);

}  // namespace satchel::cli
