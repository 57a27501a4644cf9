#include "core/code/unread.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/code/finders.h"
#include "core/code/gray.h"
#include "core/code/stripes.h"

namespace satchel::core {
namespace {

// Limits, ours: found on the drawn codes of tests/unit/code/unread_test.cpp.
constexpr int kSideMost = 2400;             // a larger picture is reduced first
constexpr double kModuleTiny_px = 1.7;      // nothing else need be looked for
constexpr double kModuleLeast_px = 2.2;     // below it neighbouring squares run into one another
constexpr double kEdgeMost_modules = 0.75;  // of a step from dark to light, where a square has pixels enough to tell
constexpr double kModuleTold_px = 3;
constexpr double kContrastLeast = 30;
constexpr double kSlopeLeast = 0.38;  // of the differences at half a square and a whole one
constexpr double kSlopeSharp = 0.5;   // at least that where nothing is blurred
constexpr double kNoiseMost = 6;      // a corner square stands out of the noise by so many sigmas
constexpr double kDarkMarginMost = 0.5;
constexpr double kStripesLeast = 0.35;
constexpr double kTextureLeast = 0.12;  // share of the picture's squares in which a code may be

/// How grey values differ at a distance, where the picture is busy: tells small squares from blurred ones.
struct Texture {
  double share = 0;      ///< of the picture that is busy
  double contrast = 0;   ///< of the busy part
  double near = 0;       ///< mean squared difference at the short distance, of the busy part …
  double twice = 0;      ///< … at twice that …
  double far = 0;        ///< … and at eight pixels
  bool at_edge = false;  ///< the busy part touches the picture's edge
  double balance = 0;    ///< of differences across and down: 1 when equal, as in a code

  /// A half where steps are sharp, a quarter where they are spread out.
  double slope(double noise) const {
    const double of_noise = 2 * noise * noise;
    return twice > 2 * of_noise ? std::max(0.0, near - of_noise) / (twice - of_noise) : 0.5;
  }
};

struct Square {
  int x = 0;
  int y = 0;
  double spread = 0;
};

constexpr int kSquare = 24;

double difference(const GrayImage& image, const Square& square, int dx, int dy) {
  double sum = 0;
  int n = 0;
  for (int y = square.y; y < square.y + kSquare - dy; ++y) {
    for (int x = square.x; x < square.x + kSquare - dx; ++x) {
      const double d = double(image.gray[gray_index(image, x, y)]) - double(image.gray[gray_index(image, x + dx, y + dy)]);
      sum += d * d;
      ++n;
    }
  }
  return sum / n;
}

Texture texture_of(const GrayImage& image, int distance) {
  std::vector<Square> squares;
  for (int y = 0; y + kSquare <= image.height; y += kSquare) {
    for (int x = 0; x + kSquare <= image.width; x += kSquare) {
      double sum = 0;
      double square_sum = 0;
      for (int j = y; j < y + kSquare; ++j) {
        for (int i = x; i < x + kSquare; ++i) {
          const double value = image.gray[gray_index(image, i, j)];
          sum += value;
          square_sum += value * value;
        }
      }
      constexpr double kCount = kSquare * kSquare;
      squares.push_back({x, y, std::sqrt(std::max(0.0, square_sum / kCount - sum / kCount * sum / kCount))});
    }
  }
  Texture out;
  if (squares.empty()) return out;
  std::vector<double> spreads;
  for (const Square& square : squares) spreads.push_back(square.spread);
  std::ranges::sort(spreads);
  const double quiet = spreads[spreads.size() / 10];
  const double most = spreads[spreads.size() * 19 / 20];
  const double limit = std::max(1.5, most / 2);
  double across = 0;
  double down = 0;
  int busy = 0;
  for (const Square& square : squares) {
    if (square.spread < limit || square.spread < 1.3 * quiet) continue;
    ++busy;
    const double right = difference(image, square, distance, 0);
    const double below = difference(image, square, 0, distance);
    across += right;
    down += below;
    out.near += (right + below) / 2;
    out.twice += (difference(image, square, 2 * distance, 0) + difference(image, square, 0, 2 * distance)) / 2;
    out.far += (difference(image, square, 8, 0) + difference(image, square, 0, 8)) / 2;
    out.contrast += 2 * square.spread;
    const bool edge =
        square.x < kSquare || square.y < kSquare || square.x + 2 * kSquare > image.width || square.y + 2 * kSquare > image.height;
    out.at_edge = out.at_edge || edge;
  }
  if (busy == 0) return out;
  for (double* value : {&out.near, &out.twice, &out.far, &out.contrast}) *value /= busy;
  out.share = static_cast<double>(busy) / static_cast<double>(squares.size());
  out.balance = std::min(across, down) / std::max(1e-9, std::max(across, down));
  return out;
}

/// The noise: the median difference of neighbours, less what the steps of the code add.
double noise_of(const GrayImage& image) {
  std::array<std::size_t, 256> count{};
  std::size_t all = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x + 2 < image.width; x += 3) {
      const int d = std::abs(int{image.gray[gray_index(image, x, y)]} - int{image.gray[gray_index(image, x + 1, y)]});
      ++count[static_cast<std::size_t>(d)];
      ++all;
    }
  }
  std::size_t below = 0;
  for (std::size_t d = 0; d < count.size(); ++d) {
    below += count[d];
    if (below * 2 >= all) return static_cast<double>(d) / 0.954;  // of the difference of two normal values, in their sigma
  }
  return 0;
}

double mean_of(const std::vector<Finder>& finders, double Finder::*member) {
  double sum = 0;
  for (const Finder& finder : finders) sum += finder.*member;
  return finders.empty() ? 0 : sum / static_cast<double>(finders.size());
}

/// Where corner squares were made out.
Code judge_corners(const GrayImage& image, const std::optional<FinderTriple>& code, UnreadMeasures& seen) {
  if (seen.stripes >= kStripesLeast) return Code::kCodeScreen;
  if (seen.module_px < kModuleTiny_px) return Code::kCodeSmall;
  const int half = std::clamp(static_cast<int>(seen.module_px / 2 + 0.5), 1, kSquare / 3);
  seen.slope = texture_of(image, half).slope(seen.noise);
  if (code && leaves_picture(image, *code)) return Code::kCodeCut;
  if (seen.contrast < kContrastLeast) return Code::kCodeContrast;
  if (code) {
    seen.dark_margin = dark_margin(image, *code);
    if (seen.dark_margin > kDarkMarginMost) return Code::kCodeQuietZone;
  }
  if (seen.module_px < kModuleLeast_px) return Code::kCodeSmall;
  const bool wide = seen.module_px >= kModuleTold_px && seen.edge_modules > kEdgeMost_modules && seen.slope < kSlopeSharp;
  if (seen.slope < kSlopeLeast || wide) return Code::kCodeBlurred;
  return code ? Code::kCodeDamagedPrint : Code::kCodeCut;
}

/// Where none was.
Code judge_texture(const GrayImage& image, UnreadMeasures& seen) {
  constexpr double kBalanceLeast = 0.5;
  constexpr double kNearMost = 0.5;  // of what differs far away: neighbours differ as much as strangers
  const auto like_a_code = [](const Texture& texture) {
    return texture.share >= kTextureLeast && texture.balance > kBalanceLeast;
  };
  const Texture raw = texture_of(image, 1);
  seen.contrast = raw.contrast;
  seen.slope = raw.slope(seen.noise);
  if (!like_a_code(raw) || raw.contrast < kContrastLeast) {
    // Noise hides the squares; smoothing brings them out.
    const Texture soft = texture_of(smoothed(image, 2), 2);
    if (!like_a_code(soft)) return Code::kCodeNotFound;
    seen.contrast = soft.contrast;
    return soft.contrast < kContrastLeast ? Code::kCodeContrast : Code::kCodeNotFound;
  }
  if (seen.stripes >= kStripesLeast) return Code::kCodeScreen;
  if (seen.slope < kSlopeLeast) return Code::kCodeBlurred;
  if (raw.near > kNearMost * raw.far) return Code::kCodeSmall;
  return raw.at_edge ? Code::kCodeCut : Code::kCodeNotFound;
}

}  // namespace

Unread explain_unread(const GrayImage& whole) {
  Unread out;
  if (auto kind = other_barcode(whole)) {
    out.code = Code::kCodeOtherKind;
    out.kind = *std::move(kind);
    return out;
  }
  const int factor = (std::max(whole.width, whole.height) + kSideMost - 1) / kSideMost;
  const GrayImage image = factor > 1 ? reduced(whole, factor) : whole;
  out.seen.noise = noise_of(image);
  std::vector<Finder> finders = find_finders(image, kNoiseMost * out.seen.noise);
  const auto code = best_triple(image, finders);
  if (code) finders = {code->corner, code->right, code->below};
  out.seen.corners = static_cast<int>(std::min<std::size_t>(finders.size(), 3));
  out.seen.module_px = mean_of(finders, &Finder::module_px);
  if (code) out.seen.module_px = code->module_px();
  out.seen.contrast = mean_of(finders, &Finder::contrast);
  out.seen.stripes = stripes_of(image);
  if (out.seen.module_px > 0) out.seen.edge_modules = mean_of(finders, &Finder::edge_px) / out.seen.module_px;
  out.code = finders.empty() ? judge_texture(image, out.seen) : judge_corners(image, code, out.seen);
  out.seen.module_px *= factor;
  return out;
}

}  // namespace satchel::core
