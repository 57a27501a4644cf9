#pragma once

#include <cstdint>
#include <span>

#include "core/base/rng.h"

namespace satchel::tests {

/// Repeatable randomness for tests and vectors: splitmix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
/// generators"), each output as eight little-endian bytes. Not fit for keys of anything real. Print seed() when a test that
/// drew its seed fails: INFO("seed " << rng.seed()).
class SeededRng final : public core::Rng {
 public:
  explicit SeededRng(std::uint64_t seed) : seed_(seed), state_(seed) {}

  std::uint64_t seed() const { return seed_; }

  /// Splitting a fill differently never changes the bytes that come out.
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) {
      if (left_ == 0) {
        word_ = next();
        left_ = 8;
      }
      byte = static_cast<std::uint8_t>(word_);
      word_ >>= 8;
      --left_;
    }
  }

  /// A number below `bound` (at least 1); the bias is of no account in a test.
  std::uint64_t below(std::uint64_t bound) { return u64() % bound; }

 private:
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }

  std::uint64_t seed_;
  std::uint64_t state_;
  std::uint64_t word_ = 0;
  int left_ = 0;
};

}  // namespace satchel::tests
