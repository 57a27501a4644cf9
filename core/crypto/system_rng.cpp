#include "core/crypto/system_rng.h"

#include <sodium.h>

namespace satchel::core {

void SystemRng::fill(std::span<std::uint8_t> out) { randombytes_buf(out.data(), out.size()); }

}  // namespace satchel::core
