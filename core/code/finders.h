#pragma once

#include <optional>
#include <vector>

#include "core/code/qr.h"

namespace satchel::core {

/// One of the three corner squares of a QR code (ISO/IEC 18004, "finder pattern"), as far as it can be seen: a dark square of
/// three modules in a light ring of one, in something dark. What lies around that may be anything, so that a code whose margin is
/// cut off is found too.
struct Finder {
  double x = 0;  ///< of its middle, in pixels
  double y = 0;
  double module_px = 0;
  double contrast = 0;  ///< grey levels between the dark square and the light ring
  double edge_px = 0;   ///< how far the step between them is spread out; 1 at best
};

/// All that stand out by `least_contrast` grey levels, each once, the surest first; at most kFindersMax. Looks at the picture as
/// it is, and reduced.
std::vector<Finder> find_finders(const GrayImage& image, double least_contrast);
inline constexpr std::size_t kFindersMax = 64;

/// Three corner squares that belong to one code: `corner` is where the two sides meet.
struct FinderTriple {
  Finder corner;
  Finder right;
  Finder below;
  /// The corner squares are measured along rows and columns, which cut a turned square askew: this is the true width.
  double module_px() const;
  double modules() const;  ///< of a side of the code, about
};
/// The best right angle with equal sides and modules whose squares have their light separators; nullopt when there is none.
std::optional<FinderTriple> best_triple(const GrayImage& image, const std::vector<Finder>& finders);

/// The share, 0 to 1, of what lies outside of the code along its margin and is dark: the margin must be light.
double dark_margin(const GrayImage& image, const FinderTriple& code);
/// Whether the fourth corner, or another edge, lies outside of the picture.
bool leaves_picture(const GrayImage& image, const FinderTriple& code);

}  // namespace satchel::core
