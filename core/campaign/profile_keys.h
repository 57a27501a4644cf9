#pragma once

#include <span>
#include <string_view>

namespace satchel::core {

/// A number that the section [picture] may set, and the range in which it makes sense (both ends allowed). The ranges are ours:
/// wide enough for every notice that we know, narrow enough to catch a slip of the pen.
struct PictureKey {
  std::string_view name;  ///< the member of core/portrait/limits.h
  double low = 0;
  double high = 0;
  bool whole = false;  ///< a whole number
};

/// Sorted by name.
std::span<const PictureKey> picture_key_table() noexcept;

/// The member of `known` that differs from `written` by the fewest insertions, deletions and exchanges of a character; empty when
/// none is near (over a third of the letters).
std::string_view nearest(std::string_view written, std::span<const std::string_view> known);

}  // namespace satchel::core
