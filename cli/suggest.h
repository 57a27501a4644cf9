#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace satchel::cli {

/// The candidate that `typed` most likely meant: the fewest insertions, deletions, replacements and swaps of neighbours, at most
/// one for each three characters and two in all; the earlier of two equally near. nullopt when none is near.
std::optional<std::string> nearest(std::string_view typed, std::span<const std::string> candidates);

}  // namespace satchel::cli
