#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/portrait/likeness.h"

namespace satchel::core::portrait {

/// The face of one picture, and whose picture it is said to be.
struct SeenAs {
  std::size_t person = 0;
  FaceFeatures face;
};

/// Two pictures, by their places in the list.
struct FacePair {
  std::size_t one = 0;
  std::size_t two = 0;
  double similarity = 0;
};

struct FaceComparison {
  std::vector<FacePair> same;    ///< two people's pictures that show one face: the most alike first
  std::vector<FacePair> unlike;  ///< one person's pictures that show two faces: the least alike first
  std::size_t same_count = 0;    ///< all of them; the lists are cut at `most`
  std::size_t unlike_count = 0;
  std::uint64_t strangers = 0;  ///< pairs of different people that were compared
};

/// From here on two people's pictures are told as one face. By the scale's measure one pair of strangers in 10,000 reaches it, so
/// that among many people some do by chance: a person looks.
inline constexpr double kSameFace = 80;
/// Up to here two pictures of one person are told as two faces: half of the cosine at 80. [ours]
inline constexpr double kUnlikeFace = 40;

/// Compares every two pictures; those of different models, and faces of nothing, are passed over. `step` is told how many of the
/// pictures are done, and stops the work by false. Time grows with the square of the pictures, memory does not.
FaceComparison compare_faces(std::span<const SeenAs> pictures, const RecogniserScale& scale, std::size_t most,
                             const std::function<bool(std::size_t)>& step = {});

}  // namespace satchel::core::portrait
