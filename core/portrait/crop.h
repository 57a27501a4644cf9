#pragma once

#include <optional>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/portrait/encode.h"
#include "core/portrait/ground.h"
#include "core/portrait/limits.h"
#include "core/portrait/picture.h"
#include "core/portrait/replace.h"
#include "core/portrait/verdict.h"

namespace satchel::core::portrait {

/// What was done to the source's pixels: cut out `crop` (source pixels, upright; whole numbers), then scale it to the frame.
/// Nothing else: no turn, no mirror, no retouch.
struct Transform {
  Box crop;
  double scale = 1;      ///< frame pixels per source pixel; above 1 the crop was enlarged
  bool cropped = false;  ///< false when all of the source was kept
};

/// What an operator corrects by hand, in frame pixels: the person moves by (dx, dy) to the right and downwards, then grows by
/// `scale` about the point where the eyes should be. The picture's edges stop it.
struct Nudge {
  double dx = 0;
  double dy = 0;
  double scale = 1;
};

struct StandardOptions {
  Nudge nudge;
  Subsampling chroma = Subsampling::k420;
  std::optional<Ground> ground;  ///< the ground that the profile asks for in place of the one that was there
};

/// The standard picture: Limits::frame_width × frame_height, resampled once (area or Lanczos; a camera's JPEG may have been
/// shrunk before, inside its inverse DCT), encoded once, in sRGB (decode() has brought it there). No EXIF, so no position; what
/// was done to the pixels stands in words in a comment segment, which the signed hash of the file covers.
struct Standard {
  Picture picture;  ///< the pixels before encoding
  Bytes jpeg;       ///< in the size window when in_window
  int quality = 0;
  bool in_window = false;
  Transform transform;
  /// The comment: "satchel standard/1; source 3000x4000; crop 612 40 960 1280; scale 0.5", and with a new ground
  /// "; ground/1 100,197,255; residual 1.9": with the original and this build it gives the same pixels again, mask and all.
  std::string recipe;
  std::optional<Replacement> ground;  ///< when StandardOptions::ground was set; its picture has moved to `picture`
};

/// Crops and scales `picture` so that eyes, face width and middle land on the aim, as far as its edges allow; a picture of the
/// right ratio that is there already, or has no pixels to spare, is scaled only. `verdict` must be of this picture. Works for a
/// refused picture too (an operator may override): without eyes the largest 3:4 part is taken. kImageDamaged when `picture` is
/// empty.
Result<Standard> make_standard(const Picture& picture, const Verdict& verdict, const Limits& limits = {},
                               const StandardOptions& options = {});

/// 120×160, at most Limits::preview_bytes_max bytes, for slow lines. `standard` is Standard::picture or its decoded JPEG.
Result<Bytes> make_preview(const Picture& standard, const Limits& limits = {});

/// 120×160 at 24 bits and good quality, 300 dpi: what the student register takes.
Result<Bytes> make_export(const Picture& standard, const Limits& limits = {});

}  // namespace satchel::core::portrait
