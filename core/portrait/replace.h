#pragma once

#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/portrait/ground.h"
#include "core/portrait/picture.h"
#include "core/portrait/verdict.h"

namespace satchel::core::portrait {

/// Whether a ground was replaced, or why not.
enum class GroundChange {
  replaced,
  no_face,    ///< without eyes nobody knows what is the person
  not_plain,  ///< a room, a curtain, a strong shadow: the ground's colour cannot be told
  clothes,    ///< the clothes are near the ground's colour and would go with it
  swallowed,  ///< the face, or nearly all of the picture, would have been taken for ground: "all blue"
};

/// What to tell a teacher: one sentence and one action, in both languages.
struct GroundWords {
  GroundChange change;
  std::string_view code;  ///< stable: "G-REPLACED", "G-NOT-PLAIN"
  std::string_view zh, en, cure_zh, cure_en;
};
const GroundWords& words_of(GroundChange change) noexcept;

struct Replacement {
  GroundChange change = GroundChange::not_plain;
  Picture picture;                 ///< with the new ground; the untouched one when nothing was replaced
  std::vector<std::uint8_t> mask;  ///< a byte a pixel: 0 ground .. 255 person; empty when nothing was replaced
  double residual = 0;             ///< ΔE (CIE76), 95th percentile, of the border's ground against a plane in Lab
  double clothes_delta = 0;        ///< ΔE between the middle of the clothes and the ground beside them
  double person_share = 0;         ///< of all pixels
};

/// Gives a standard picture another plain ground. Key: a plane in CIE Lab, fitted robustly to the border, flooded from there, so
/// that light from one side and colours inside the person do no harm. Edge: the ground is known, so a pixel on the edge is a
/// mixture along the line between it and the person's colour nearby; that share is computed, and the old ground's part of the
/// pixel is exchanged for the new one's. No colour of the old ground stays as a halo, and hair keeps its strands. (A guided
/// filter would guess what is known here.) `face`: in pixels of `picture`. Deterministic. kImageDamaged when `picture` is empty.
Result<Replacement> replace_ground(const Picture& picture, const FaceGeometry* face, Ground ground);

}  // namespace satchel::core::portrait
