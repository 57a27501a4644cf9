#pragma once

#include "core/base/rng.h"

namespace satchel::core {

/// libsodium's generator. Built in main and handed down; the only class of core that draws on the system.
class SystemRng final : public Rng {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace satchel::core
