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
constexpr int kSideMost = 2400;            // a larger picture is reduced first
constexpr double kModuleLeast_px = 2.2;    // below it neighbouring squares run into one another
constexpr double kEdgeMost_modules = 1.1;  // a step as wide as a square
constexpr double kContrastLeast = 30;
constexpr double kNoiseShareMost = 0.25;  // of the contrast
constexpr double kDarkMarginMost = 0.3;
constexpr double kStripesLeast = 0.35;
constexpr double kTextureLeast = 0.12;  // share of the picture's squares in which a code may be

/// How grey values differ at a distance, where the picture is busy: tells squares that are small from squares that are blurred
/// when no corner square can be made out.
struct Texture {
  double share = 0;      ///< of the picture that is busy
  double contrast = 0;   ///< of the busy part
  double noise = 0;      ///< of the even part
  double step1 = 0;      ///< mean squared difference of neighbours, of the busy part …
  double step2 = 0;      ///< … at two pixels …
  double step_far = 0;   ///< … and at eight
  bool at_edge = false;  ///< the busy part touches the picture's edge
  double balance = 0;    ///< of differences across and down: 1 when equal, as in a code
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

Texture texture_of(const GrayImage& image) {
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
  out.noise = quiet;
  const double limit = std::max(1.5, most / 2);
  double across = 0;
  double down = 0;
  int busy = 0;
  for (const Square& square : squares) {
    if (square.spread < limit || square.spread < 1.3 * quiet) continue;
    ++busy;
    const double right = difference(image, square, 1, 0);
    const double below = difference(image, square, 0, 1);
    across += right;
    down += below;
    out.step1 += (right + below) / 2;
    out.step2 += (difference(image, square, 2, 0) + difference(image, square, 0, 2)) / 2;
    out.step_far += (difference(image, square, 8, 0) + difference(image, square, 0, 8)) / 2;
    out.contrast += 2 * square.spread;
    const bool edge =
        square.x < kSquare || square.y < kSquare || square.x + 2 * kSquare > image.width || square.y + 2 * kSquare > image.height;
    out.at_edge = out.at_edge || edge;
  }
  if (busy == 0) return out;
  for (double* value : {&out.step1, &out.step2, &out.step_far, &out.contrast}) *value /= busy;
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
  if (code && leaves_picture(image, *code)) return Code::kCodeCut;
  if (seen.stripes >= kStripesLeast) return Code::kCodeScreen;
  const bool faint = seen.contrast < kContrastLeast || seen.noise > kNoiseShareMost * seen.contrast;
  if (faint) return Code::kCodeContrast;
  if (code) {
    seen.dark_margin = dark_margin(image, *code);
    if (seen.dark_margin > kDarkMarginMost) return Code::kCodeQuietZone;
  }
  if (seen.module_px < kModuleLeast_px) return Code::kCodeSmall;
  if (seen.edge_modules > kEdgeMost_modules) return Code::kCodeBlurred;
  return code ? Code::kCodeDamagedPrint : Code::kCodeCut;
}

/// Where none was.
Code judge_texture(const Texture& texture, UnreadMeasures& seen) {
  const bool busy = texture.share >= kTextureLeast && texture.balance > 0.5;
  if (!busy) return Code::kCodeNotFound;
  if (seen.stripes >= kStripesLeast) return Code::kCodeScreen;
  seen.contrast = texture.contrast;
  if (texture.contrast < kContrastLeast || texture.noise > kNoiseShareMost * texture.contrast) return Code::kCodeContrast;
  const double slope = texture.step2 > 0 ? texture.step1 / texture.step2 : 0;
  const double reach = texture.step_far > 0 ? texture.step1 / texture.step_far : 0;
  if (slope < 0.36) return Code::kCodeBlurred;
  if (reach > 0.5) return Code::kCodeSmall;
  return texture.at_edge ? Code::kCodeCut : Code::kCodeNotFound;
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
  std::vector<Finder> finders = find_finders(image);
  const auto code = best_triple(finders);
  if (code) finders = {code->corner, code->right, code->below};
  out.seen.corners = static_cast<int>(std::min<std::size_t>(finders.size(), 3));
  out.seen.module_px = mean_of(finders, &Finder::module_px);
  out.seen.contrast = mean_of(finders, &Finder::contrast);
  out.seen.noise = noise_of(image);
  out.seen.stripes = stripes_of(image);
  if (out.seen.module_px > 0) out.seen.edge_modules = mean_of(finders, &Finder::edge_px) / out.seen.module_px;
  out.code = finders.empty() ? judge_texture(texture_of(image), out.seen) : judge_corners(image, code, out.seen);
  out.seen.module_px *= factor;
  return out;
}

}  // namespace satchel::core
