#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/portrait/limits.h"
#include "core/portrait/picture.h"
#include "core/portrait/verdict.h"

namespace satchel::core::portrait {

/// What was done to the source's pixels: cut out `crop` (source pixels, upright; whole numbers), then scale it to the frame.
/// Nothing else: no turn, no mirror, no retouch.
struct Transform {
  Box crop;
  double scale = 1;      ///< frame pixels per source pixel; above 1 the crop was enlarged
  bool cropped = false;  ///< false when all of the source was kept
};

/// The standard picture: Limits::frame_width × frame_height, encoded once.
struct Standard {
  Picture picture;  ///< the pixels before encoding
  Bytes jpeg;       ///< in the size window when in_window
  int quality = 0;
  bool in_window = false;
  Transform transform;
};

/// Crops and scales `picture` so that eyes, face width and middle land on the aim; a picture of the right ratio whose geometry
/// passes is scaled only, one of exactly the frame's size whose geometry is no better elsewhere is kept. `verdict` must be of
/// this picture. Works for a refused picture too (an operator may override): without eyes the largest 3:4 part is taken.
/// kImageDamaged when `picture` is empty.
Result<Standard> make_standard(const Picture& picture, const Verdict& verdict, const Limits& limits = {});

/// 120×160, at most Limits::preview_bytes_max bytes, for slow lines. `standard` is Standard::picture or its decoded JPEG.
Result<Bytes> make_preview(const Picture& standard, const Limits& limits = {});

/// 120×160 at 24 bits and good quality, 300 dpi: what the student register takes.
Result<Bytes> make_export(const Picture& standard, const Limits& limits = {});

}  // namespace satchel::core::portrait
