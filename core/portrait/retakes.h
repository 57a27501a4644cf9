#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace satchel::core::portrait {

/// Bits of perceptual_hash() that may differ between retakes of one picture, or copies of it: measured on drawn people, two
/// encodings of one picture differ by 6 at most.
inline constexpr int kRetakeDistance = 10;

/// Which pictures are near copies of each other: for each hash the index of the first picture of its group. Pictures belong
/// together when a chain of distances of at most `within` joins them, so the order of the pictures changes only which index names
/// a group. A hash of 0 says nothing (an empty picture) and stands alone. For one student's pictures: compares all pairs.
std::vector<std::size_t> group_retakes(std::span<const std::uint64_t> hashes, int within = kRetakeDistance);

}  // namespace satchel::core::portrait
