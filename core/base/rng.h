#pragma once

#include <cstdint>
#include <span>

namespace satchel::core {

/// The only source of randomness. The node hands down one over libsodium (node/system_rng.h); tests a seeded one.
class Rng {
 public:
  virtual ~Rng() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
  std::uint64_t u64() {
    std::uint8_t raw[8];
    fill(raw);
    std::uint64_t out = 0;
    for (const std::uint8_t byte : raw) out = (out << 8) | byte;
    return out;
  }
};

}  // namespace satchel::core
