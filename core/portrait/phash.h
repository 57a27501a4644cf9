#pragma once

#include <cstdint>

#include "core/portrait/picture.h"

namespace satchel::core::portrait {

/// 64 bits that stay nearly equal when a picture is scaled or encoded again: signs of the 8×8 lowest frequencies of a 32×32
/// grey thumbnail's cosine transform against their median (Zauner, "Implementation and benchmarking of perceptual image hash
/// functions", 2010). 0 for an empty picture.
std::uint64_t perceptual_hash(const Picture& picture);

/// Bits that differ, 0..64: under about 10 the pictures are retakes of one, or copies.
int hash_distance(std::uint64_t a, std::uint64_t b) noexcept;

}  // namespace satchel::core::portrait
