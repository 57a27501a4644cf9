#pragma once

#include <cmath>
#include <cstdint>

#include "tests/support/seeded_rng.h"

namespace satchel::lab {

/// A number in [0, 1) with 53 random bits.
inline double share(tests::SeededRng& rng) { return static_cast<double>(rng.u64() >> 11) * 0x1.0p-53; }

/// Exponentially distributed with the given mean.
inline double exponential(tests::SeededRng& rng, double mean) { return -mean * std::log1p(-share(rng)); }

}  // namespace satchel::lab
