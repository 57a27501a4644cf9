#pragma once

#include <optional>

namespace satchel::core::portrait {

struct Patch;

/// How wide the edges of a face are: deviations of the blur, in pixels of the patch, so that a picture's size does not decide.
/// About 0.6 to 1.1 where lens and hand did well; 6 at most, beyond which an edge is no edge any more.
struct EdgeBlur {
  double all = 0;  ///< of all strong edges
  /// Of the edges of one direction, upright or level, the softer ones: a hand or a head that moved softens those alone. 0 when
  /// neither direction has enough of them.
  double worse_way = 0;
};

/// Nullopt when the face has too few pixels of its own.
std::optional<EdgeBlur> measure_edge_blur(const Patch& patch);

}  // namespace satchel::core::portrait
