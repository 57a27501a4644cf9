#include "core/portrait/retakes.h"

#include "core/portrait/phash.h"

namespace satchel::core::portrait {

std::vector<std::size_t> group_retakes(std::span<const std::uint64_t> hashes, int within) {
  std::vector<std::size_t> group(hashes.size());
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    group[i] = i;
    for (std::size_t k = 0; k < i; ++k) {
      if (hashes[i] == 0 || hashes[k] == 0 || hash_distance(hashes[i], hashes[k]) > within) continue;
      const std::size_t ours = group[i], theirs = group[k];
      const std::size_t kept = ours < theirs ? ours : theirs, gone = ours < theirs ? theirs : ours;
      for (std::size_t j = 0; j <= i; ++j) {
        if (group[j] == gone) group[j] = kept;
      }
    }
  }
  return group;
}

}  // namespace satchel::core::portrait
