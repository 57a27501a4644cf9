#pragma once

#include <string_view>

namespace satchel::core {

/// Orders as a teacher does: runs of digits by their value (full-width digits too), the rest by Unicode code point, so that
/// 19史（5） stands before 19史（10）. Texts that differ only in writing ("05", "5") are ordered by their bytes: a strict total
/// order. Returns less than, equal to, or greater than zero. The same on every machine: no locale.
int natural_compare(std::string_view a, std::string_view b) noexcept;

/// For std::sort and std::map.
struct NaturalLess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const noexcept { return natural_compare(a, b) < 0; }
};

}  // namespace satchel::core
