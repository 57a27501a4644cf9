#pragma once

#include <cstdint>

namespace satchel::core::portrait {

/// A plain ground's colour, sRGB.
struct Ground {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  bool operator==(const Ground&) const = default;
};

}  // namespace satchel::core::portrait
