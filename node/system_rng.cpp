#include "node/system_rng.h"

#include <sodium.h>

namespace satchel::node {

void SystemRng::fill(std::span<std::uint8_t> out) { randombytes_buf(out.data(), out.size()); }

}  // namespace satchel::node
