#pragma once

#include <cstdint>

namespace satchel::examples {

/// Numbers from a seed, the same with every compiler and library: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom
/// number generators", 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) noexcept : state_(seed) {}
  std::uint64_t next() noexcept {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  /// In [low, high).
  double between(double low, double high) noexcept {
    return low + (high - low) * (static_cast<double>(next() >> 11) * 0x1.0p-53);
  }
  /// 0 … n-1.
  int pick(int n) noexcept { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  bool chance(double p) noexcept { return between(0, 1) < p; }
  /// About normal, mean 0 and deviation 1: the sum of four 16-bit numbers, from one draw.
  double bell() noexcept {
    const std::uint64_t z = next();
    const double sum = static_cast<double>((z & 0xFFFF) + ((z >> 16) & 0xFFFF) + ((z >> 32) & 0xFFFF) + (z >> 48));
    return (sum / 65535.0 - 2.0) * 1.7320508;
  }

 private:
  std::uint64_t state_;
};

}  // namespace satchel::examples
