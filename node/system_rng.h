#pragma once

#include "core/base/rng.h"

namespace satchel::node {

/// libsodium's generator, the only source of chance in the program. Built in main and handed down.
class SystemRng final : public core::Rng {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace satchel::node
