#pragma once

#include <vector>

#include "core/base/ids.h"
#include "core/store/store.h"

namespace satchel::node {

/// An index over the perceptual hashes of all captures (core/portrait/phash.h), so that a near copy among a million students is
/// found without reading them all: the 64 bits are four bands of 16, and of two hashes that differ in at most kNearBits bits one
/// band differs in at most one, so 4 × 17 lookups find every one (Norouzi, Punjani, Fleet, "Fast search in Hamming space with
/// multi-index hashing", 2012).
inline constexpr int kNearBits = 7;

/// A hash of 0 says nothing and is left out.
void put_near_picture(core::WriteBatch& batch, core::StudentRef student, std::uint64_t hash);

struct NearPicture {
  core::StudentRef student;
  std::uint64_t hash = 0;
  int bits = 0;  ///< in which it differs
  auto operator<=>(const NearPicture&) const = default;
};
/// All that differ in at most kNearBits bits, by student, then hash; each once.
core::Result<std::vector<NearPicture>> near_pictures(const core::Store& store, std::uint64_t hash);

}  // namespace satchel::node
