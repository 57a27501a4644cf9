#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace satchel::cli {

/// Whole seconds of "90s", "20m" or "2h", from 1 second to 7 days; nullopt for anything else. A bare number is refused: nobody
/// can tell its unit.
std::optional<std::int64_t> parse_duration_s(std::string_view text) noexcept;

}  // namespace satchel::cli
