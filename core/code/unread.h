#pragma once

#include <string>

#include "core/base/codes.h"
#include "core/code/qr.h"

namespace satchel::core {

/// What was seen of a code that could not be read. Zero where nothing was.
struct UnreadMeasures {
  int corners = 0;          ///< corner squares, of three
  double module_px = 0;     ///< width of the smallest square of the code
  double edge_modules = 0;  ///< how far a step from dark to light is spread out
  double slope = 0;         ///< of differences with distance: 0.5 where steps are sharp, 0.25 where they are spread out
  double contrast = 0;      ///< grey levels between dark and light
  double noise = 0;         ///< grey levels by which neighbours differ without a cause
  double dark_margin = 0;   ///< share of the margin that is dark
  double stripes = 0;       ///< share of one wave length in what should be even
};

/// Why a picture's code cannot be read.
struct Unread {
  Code code = Code::kCodeNotFound;
  UnreadMeasures seen;
  std::string kind;  ///< with kCodeOtherKind, which ("DataMatrix")
};

/// For a picture in which read_qr() found nothing: kCodeOtherKind, kCodeCut, kCodeQuietZone, kCodeScreen, kCodeContrast,
/// kCodeBlurred, kCodeSmall, kCodeDamagedPrint (there is a code, and none of these), or kCodeNotFound. The order decides where
/// several hold. `image` as read_qr() takes it.
Unread explain_unread(const GrayImage& image);

}  // namespace satchel::core
