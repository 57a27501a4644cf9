#pragma once

#include <cstddef>

namespace satchel::core {

/// A share that was counted, and the interval in which the true one lies with 95 % confidence (Wilson's score interval, 1927:
/// right also for few cases and for shares near 0). Of nothing counted: from 0 to 1.
struct Proportion {
  std::size_t hits = 0;
  std::size_t of = 0;
  double share = 0;
  double low = 0;
  double high = 1;
};
Proportion proportion(std::size_t hits, std::size_t of);

}  // namespace satchel::core
