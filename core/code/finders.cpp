#include "core/code/finders.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/code/gray.h"

namespace satchel::core {
namespace {

constexpr double kModuleLeast = 1.0;  // px; below it no run of a ring is a whole pixel
constexpr int kRays = 16;
constexpr int kRaysNeeded = 13;  // ours: three rays may meet a speck

/// A picture with what of it is dark: darker than the mean of its surroundings.
struct Levels {
  const GrayImage& image;
  std::vector<bool> dark;

  bool inside(int x, int y) const { return x >= 0 && y >= 0 && x < image.width && y < image.height; }
  bool dark_at(int x, int y) const { return inside(x, y) && dark[gray_index(image, x, y)]; }
};

Levels level(const GrayImage& image) {
  Levels out{image, std::vector<bool>(image.gray.size())};
  const int radius = std::max(10, std::min(image.width, image.height) / 6);
  const BoxMeans means(image);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const std::size_t at = gray_index(image, x, y);
      out.dark[at] = image.gray[at] < means.around(x, y, radius);
    }
  }
  return out;
}

/// Lengths of the dark square, the rings and what is around them, on a line through the middle.
struct Cut {
  double light_before = 0;
  double dark = 0;
  double light_after = 0;
  double middle = 0;  ///< of the dark square, along the line

  double module_px() const { return (light_before + dark + light_after) / 5; }
  /// Is 1 : 3 : 1, as nearly as pixels and blur let it be.
  bool fits() const {
    const double m = module_px();
    if (m < kModuleLeast) return false;
    const double slack = std::max(0.55 * m, 0.8);
    return std::abs(light_before - m) <= slack && std::abs(light_after - m) <= slack && std::abs(dark - 3 * m) <= 1.6 * slack;
  }
};

/// Along (dx, dy) from a dark pixel both ways; nullopt where a ring does not end within `most` pixels.
std::optional<Cut> cut_through(const Levels& levels, int x, int y, int dx, int dy, int most) {
  const auto run = [&](int& at, int step, bool dark) {
    int n = 0;
    while (n <= most && levels.inside(x + at * dx, y + at * dy) && levels.dark_at(x + at * dx, y + at * dy) == dark) {
      at += step;
      ++n;
    }
    return n;
  };
  int forward = 0;
  int back = -1;
  const int dark_after = run(forward, 1, true);
  const int dark_before = run(back, -1, true);
  const int light_after = run(forward, 1, false);
  const int light_before = run(back, -1, false);
  const bool ended = levels.dark_at(x + forward * dx, y + forward * dy) && levels.dark_at(x + back * dx, y + back * dy);
  if (dark_after == 0 || !ended || light_after > most || light_before > most) return std::nullopt;
  return Cut{static_cast<double>(light_before), static_cast<double>(dark_before + dark_after), static_cast<double>(light_after),
             (dark_after - dark_before) / 2.0};
}

double gray_at(const GrayImage& image, double x, double y) {
  const int column = std::clamp(static_cast<int>(std::lround(x)), 0, image.width - 1);
  const int row = std::clamp(static_cast<int>(std::lround(y)), 0, image.height - 1);
  return image.gray[gray_index(image, column, row)];
}

/// From the middle outwards: dark, light, dark, each about as long as it should be.
bool ray_fits(const Levels& levels, const Finder& finder, double angle) {
  const double dx = std::cos(angle);
  const double dy = std::sin(angle);
  const double reach = 4.6 * finder.module_px;  // the diagonal of a ring that ends 2.5 modules from the middle, and half a module
  int changes = 0;
  bool dark = true;
  for (double r = 0; r <= reach; r += 0.5) {
    const bool now =
        levels.dark_at(static_cast<int>(std::lround(finder.x + r * dx)), static_cast<int>(std::lround(finder.y + r * dy)));
    if (now == dark) continue;
    dark = now;
    ++changes;
    const double from = changes == 1 ? 0.9 : 1.7;
    const double to = changes == 1 ? 2.7 : 4.4;
    if (r < from * finder.module_px - 0.5 || r > to * finder.module_px + 0.5) return false;
    if (changes == 2) return true;
  }
  return false;
}

void measure(const GrayImage& image, Finder& finder) {
  double dark = 0;
  double light = 0;
  double steepest = 0;
  for (int i = 0; i < 4; ++i) {
    const double angle = i * std::numbers::pi / 2;
    const double dx = std::cos(angle);
    const double dy = std::sin(angle);
    double brightest = 0;
    double steepest_here = 0;
    const double reach = 2.6 * finder.module_px;
    double before = gray_at(image, finder.x, finder.y);
    double darkest = before;
    for (double r = 1; r <= reach; r += 1) {
      const double now = gray_at(image, finder.x + r * dx, finder.y + r * dy);
      darkest = std::min(darkest, now);
      brightest = std::max(brightest, now);
      steepest_here = std::max(steepest_here, now - before);
      before = now;
    }
    dark += darkest / 4;
    light += brightest / 4;
    steepest += steepest_here / 4;
  }
  finder.contrast = std::max(0.0, light - dark);
  finder.edge_px = steepest > 0 ? std::max(1.0, finder.contrast / steepest) : 0;
}

struct Seen {
  Finder finder;
  int lines = 0;  ///< that met it
};

void look_at(const Levels& levels, int x, int y, double least_contrast, std::vector<Seen>& seen) {
  const int most = std::max(levels.image.width, levels.image.height) / 4;
  const auto across = cut_through(levels, x, y, 1, 0, most);
  if (!across || !across->fits()) return;
  const int middle_x = x + static_cast<int>(std::lround(across->middle));
  const auto down = cut_through(levels, middle_x, y, 0, 1, most);
  if (!down || !down->fits()) return;
  const double ratio = down->module_px() / across->module_px();
  if (ratio < 0.5 || ratio > 2) return;
  Finder finder{x + across->middle, y + down->middle, (across->module_px() + down->module_px()) / 2, 0, 0};
  for (Seen& other : seen) {
    const double near = std::hypot(other.finder.x - finder.x, other.finder.y - finder.y);
    if (near > 2.5 * std::max(other.finder.module_px, finder.module_px)) continue;
    ++other.lines;
    return;
  }
  int rays = 0;
  for (int i = 0; i < kRays; ++i) rays += ray_fits(levels, finder, 2 * std::numbers::pi * i / kRays + 0.1) ? 1 : 0;
  if (rays < kRaysNeeded) return;
  measure(levels.image, finder);
  if (finder.contrast >= least_contrast && seen.size() < kFindersMax) seen.push_back({finder, 1});
}

std::vector<Finder> find_at_scale(const GrayImage& image, double least_contrast) {
  const Levels levels = level(image);
  std::vector<Seen> seen;
  for (int y = 0; y < image.height; ++y) {
    int begin = -1;
    for (int x = 0; x <= image.width; ++x) {
      const bool dark = levels.dark_at(x, y);
      if (dark && begin < 0) begin = x;
      if (!dark && begin >= 0) {
        if (x - begin >= 2) look_at(levels, (begin + x) / 2, y, least_contrast, seen);
        begin = -1;
      }
    }
  }
  std::ranges::stable_sort(seen, [](const Seen& a, const Seen& b) { return a.lines > b.lines; });
  std::vector<Finder> out;
  for (const Seen& one : seen) {
    const bool sure = one.lines >= std::max(1.0, one.finder.module_px / 2);
    if (sure) out.push_back(one.finder);
  }
  return out;
}

}  // namespace

std::vector<Finder> find_finders(const GrayImage& image, double least_contrast) {
  constexpr int kSideLeast = 60;  // of a reduced picture
  std::vector<Finder> best;
  for (const int factor : {1, 2, 4}) {
    if (std::min(image.width, image.height) / factor < kSideLeast && factor > 1) break;
    std::vector<Finder> found = find_at_scale(factor == 1 ? image : reduced(image, factor), least_contrast);
    for (Finder& finder : found) {
      finder.x = (finder.x + 0.5) * factor - 0.5;
      finder.y = (finder.y + 0.5) * factor - 0.5;
      finder.module_px *= factor;
      finder.edge_px *= factor;
    }
    if (found.size() > best.size()) best = std::move(found);
    if (best_triple(image, best)) break;
  }
  return best;
}

double FinderTriple::module_px() const {
  const double x = std::abs(right.x - corner.x);
  const double y = std::abs(right.y - corner.y);
  const double measured = (corner.module_px + right.module_px + below.module_px) / 3;
  return measured * std::max(x, y) / std::max(1.0, std::hypot(x, y));
}

double FinderTriple::modules() const {
  const double across = std::hypot(right.x - corner.x, right.y - corner.y);
  const double down = std::hypot(below.x - corner.x, below.y - corner.y);
  return (across + down) / 2 / std::max(0.1, module_px()) + 7;
}

namespace {

/// Where (u, v) lies, in shares of the code's sides from the corner's middle.
std::pair<double, double> place(const FinderTriple& code, double u, double v) {
  return {code.corner.x + u * (code.right.x - code.corner.x) + v * (code.below.x - code.corner.x),
          code.corner.y + u * (code.right.y - code.corner.y) + v * (code.below.y - code.corner.y)};
}

/// The grey value half way between the dark and the light of the code.
double middle_gray(const GrayImage& image, const FinderTriple& code) {
  double sum = 0;
  for (const Finder* finder : {&code.corner, &code.right, &code.below}) {
    sum += gray_at(image, finder->x, finder->y) + finder->contrast / 2;
  }
  return sum / 3;
}

/// The squares' separators (ISO/IEC 18004): one module of light on the sides that look into the code. What only looks like a
/// corner square amid the data has none.
bool separated(const GrayImage& image, const FinderTriple& code) {
  constexpr double kLightLeast = 0.8;
  constexpr double kOut = 4;  // modules from a square's middle
  const double module = 1 / std::max(1.0, code.modules() - 7);
  const double limit = middle_gray(image, code);
  int light = 0;
  int all = 0;
  for (double along = -3; along <= 3; along += 0.5) {
    const double t = along * module;
    const double out = kOut * module;
    for (const auto& [u, v] : {std::pair{out, t}, std::pair{t, out}, std::pair{1 - out, t}, std::pair{1 + t, out},
                               std::pair{out, 1 + t}, std::pair{t, 1 - out}}) {
      const auto [x, y] = place(code, u, v);
      ++all;
      light += gray_at(image, x, y) > limit ? 1 : 0;
    }
  }
  return light >= kLightLeast * all;
}

}  // namespace

std::optional<FinderTriple> best_triple(const GrayImage& image, const std::vector<Finder>& finders) {
  constexpr double kWorst = 0.45;        // ours: a code seen from 30 degrees aside still fits
  constexpr double kModulesApart = 1.6;  // ours: the same, and what a pixel more or less does to small ones
  std::optional<FinderTriple> best;
  double least = kWorst;
  for (const Finder& corner : finders) {
    for (const Finder& right : finders) {
      for (const Finder& below : finders) {
        if (&corner == &right || &corner == &below || &right >= &below) continue;
        const double ax = right.x - corner.x;
        const double ay = right.y - corner.y;
        const double bx = below.x - corner.x;
        const double by = below.y - corner.y;
        const double a = std::hypot(ax, ay);
        const double b = std::hypot(bx, by);
        const double longest = std::max({corner.module_px, right.module_px, below.module_px});
        const double shortest = std::min({corner.module_px, right.module_px, below.module_px});
        if (a < 12 * shortest || b < 12 * shortest) continue;  // 14 modules in the smallest code
        if (longest > kModulesApart * shortest) continue;
        const double skew = std::abs(ax * bx + ay * by) / (a * b);
        const double fault = skew + std::abs(a - b) / std::max(a, b) + 0.3 * (longest / shortest - 1);
        const FinderTriple triple{corner, right, below};
        if (fault >= least || !separated(image, triple)) continue;
        least = fault;
        best = triple;
      }
    }
  }
  return best;
}

double dark_margin(const GrayImage& image, const FinderTriple& code) {
  const double module = 1 / std::max(1.0, code.modules() - 7);  // in shares
  const double limit = middle_gray(image, code);
  int dark = 0;
  int all = 0;
  // One and a half modules outside of the edge, which is three and a half from the middle of a corner square.
  const double out = -5 * module;
  constexpr int kSteps = 60;
  for (int i = 0; i <= kSteps; ++i) {
    const double along = static_cast<double>(i) / kSteps;
    for (const auto& [u, v] :
         {std::pair{along, out}, std::pair{out, along}, std::pair{along, 1 - out}, std::pair{1 - out, along}}) {
      const auto [x, y] = place(code, u, v);
      if (x < 0 || y < 0 || x > image.width - 1 || y > image.height - 1) continue;
      ++all;
      dark += gray_at(image, x, y) < limit ? 1 : 0;
    }
  }
  return all > 0 ? static_cast<double>(dark) / all : 0;
}

bool leaves_picture(const GrayImage& image, const FinderTriple& code) {
  const double edge = 2.5 / std::max(1.0, code.modules() - 7);  // a module less than the edge: perspective is not followed
  for (const auto& [u, v] :
       {std::pair{-edge, -edge}, std::pair{1 + edge, -edge}, std::pair{-edge, 1 + edge}, std::pair{1 + edge, 1 + edge}}) {
    const auto [x, y] = place(code, u, v);
    if (x < 0 || y < 0 || x > image.width - 1 || y > image.height - 1) return true;
  }
  return false;
}

}  // namespace satchel::core
