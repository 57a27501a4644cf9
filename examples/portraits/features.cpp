#include "examples/portraits/features.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "examples/portraits/extras.h"

namespace satchel::examples {
namespace {

constexpr double kEyeHalf = 0.5;  // an eye's distance from the middle, by definition of the unit

Shape outline(const Person& person, double grow, double from, double to) {
  Shape right;
  constexpr int kSteps = 40;
  for (int i = 0; i <= kSteps; ++i) {
    const double y = from + (to - from) * (0.5 - 0.5 * std::cos(CV_PI * i / kSteps));
    right.emplace_back(half_width_at(person, y) + grow, y);
  }
  Shape all = right;
  for (auto it = right.rbegin(); it != right.rend(); ++it) all.emplace_back(-it->x, it->y);
  return all;
}

/// Half of the hair that is seen from the front, from the middle line to beside the eye: where it ends at the skin, and where at
/// the ground.
struct HairEdges {
  Shape skin;
  Shape ground;
};

HairEdges hair_edges(const Person& person) {
  const double h = person.hairline;
  const double w = half_width_at(person, -0.6);
  return {{{0, h}, {0.42, h + 0.05}, {w * 0.78, h + 0.34}, {w - 0.06, -0.7}, {w - 0.02, -0.25}},
          {{0, -1.93}, {0.60, -1.80}, {w * 0.94, -1.36}, {w + 0.15, -0.6}, {w + 0.10, 0.05}}};
}

/// Where a parting lifts and lowers the hairline, by the place from the middle (-1..1).
double parting(const Person& person, double place) {
  return person.style == HairStyle::side_part ? 0.10 * std::sin(2.4 * place) : 0;
}

/// Fine lines over the hair, combed from the skin to the ground: without them it is a flat patch that no lens would give.
void paint_strands(Canvas& canvas, const Placement& place, const Person& person) {
  const HairEdges edges = hair_edges(person);
  const Shape skin = smooth(edges.skin, 32, false), ground = smooth(edges.ground, 32, false);
  const Colour shine = mix(person.hair, rgb(200, 180, 160), 0.3);
  Dice dice(person.grain);
  for (int i = 0; i < 150; ++i) {
    const double side = dice.chance(0.5) ? 1 : -1;
    const double along = dice.between(0, 0.94);
    const double lean = dice.between(0, 0.05);
    const auto at = [&](const Shape& edge, double t) {
      return edge[static_cast<std::size_t>(t * static_cast<double>(edge.size()))];
    };
    const cv::Point2d from = at(skin, along), to = at(ground, along + lean);
    const double first = dice.between(0.10, 0.45), last = first + dice.between(0.25, 0.45);
    Shape line;
    for (const double t : {first, (first + last) / 2, last}) {
      const cv::Point2d p = from + (to - from) * t;
      line.emplace_back(side * p.x, p.y + 0.03 * std::sin(CV_PI * t) + parting(person, side * p.x) * (1 - t));
    }
    const bool light = dice.chance(0.45);
    canvas.stroke(place, smooth(line, 5, false), 0.011, light ? shine : person.hair * 0.5, light ? 0.32 : 0.5, 0.007);
  }
}

void paint_eye(Canvas& canvas, const Placement& place, const Person& person, double side) {
  const double x = side * kEyeHalf;
  const double open = person.eye_open * person.look.eyes_open;
  const Colour shadow = person.skin * 0.62;
  // The socket: darker than cheek and nose bridge.
  canvas.fill(place, ellipse({x, -0.10}, 0.30, 0.17), shadow, 0.40, 0.07);
  canvas.fill(place, ellipse({x, 0.12}, 0.25, 0.06), shadow, 0.18, 0.04);
  if (person.look.eyes_open < 0.1) return paint_closed_eye(canvas, place, person, x);
  const double seen = x + 0.07 * person.look.gaze;  // the iris looks aside
  const Shape almond = smooth({{x - 0.24, 0.015},
                               {x - 0.12, -open * 0.85},
                               {x, -open},
                               {x + 0.12, -open * 0.85},
                               {x + 0.24, 0.015},
                               {x + 0.12, open * 0.72},
                               {x, open * 0.85},
                               {x - 0.12, open * 0.72}});
  canvas.fill(place, almond, rgb(226, 221, 216), 1, 0.008);
  canvas.fill(place, ellipse({seen, 0}, 0.108, std::min(0.108, open * 0.98)), person.iris, 1, 0.007);
  canvas.fill(place, ellipse({seen, 0}, 0.052, std::min(0.052, open * 0.9)), rgb(12, 10, 10), 1, 0.004);
  if (person.look.red_eye)
    canvas.fill(place, ellipse({seen, 0}, 0.075, std::min(0.075, open * 0.9)), rgb(205, 30, 34), 0.9, 0.01);
  canvas.fill(place, ellipse({seen - 0.035, -0.03}, 0.018, 0.018), rgb(240, 240, 240), 0.9, 0.003);
  const Shape upper =
      smooth({{x - 0.25, 0.02}, {x - 0.12, -open * 0.9}, {x, -open * 1.08}, {x + 0.12, -open * 0.9}, {x + 0.25, 0.01}}, 8, false);
  canvas.stroke(place, upper, 0.035, rgb(30, 22, 20), 0.9, 0.008);
  const Shape lower = smooth({{x - 0.22, 0.03}, {x, open * 0.92}, {x + 0.22, 0.03}}, 8, false);
  canvas.stroke(place, lower, 0.012, person.skin * 0.5, 0.7, 0.006);
  const Shape crease = smooth({{x - 0.24, -0.05}, {x, -open - 0.075}, {x + 0.24, -0.04}}, 8, false);
  canvas.stroke(place, crease, 0.014, person.skin * 0.58, 0.7, 0.008);
}

void paint_brow(Canvas& canvas, const Placement& place, const Person& person, double side) {
  const double w = person.brow_weight;
  Shape brow = smooth({{0.20, -0.33},
                       {0.38, -0.42 - w * 0.3},
                       {0.62, -0.45 - w * 0.3},
                       {0.84, -0.36},
                       {0.62, -0.41 + w * 0.6},
                       {0.40, -0.36 + w * 0.7}});
  if (side < 0) brow = mirrored(brow);
  canvas.fill(place, brow, person.hair * 0.8, 0.85, 0.018);
}

void paint_nose(Canvas& canvas, const Placement& face, const Person& person) {
  Placement place = face;
  place.relief += 0.28;  // it stands out of the face: a turned head shows it aside
  const Colour shadow = person.skin * 0.68;
  for (const double side : {-1.0, 1.0}) {
    Shape flank =
        smooth({{0.13, -0.08}, {0.12, 0.25}, {0.17, 0.55}, {0.27, 0.70}, {0.25, 0.80}, {0.20, 0.62}, {0.16, 0.30}, {0.19, 0.0}});
    if (side < 0) flank = mirrored(flank);
    canvas.fill(place, flank, shadow, 0.42, 0.045);
    canvas.fill(place, ellipse({side * 0.115, 0.785}, 0.065, 0.026), person.skin * 0.28, 0.9, 0.012);
  }
  canvas.fill(place, smooth({{-0.25, 0.79}, {0, 0.86}, {0.25, 0.79}, {0.12, 0.90}, {-0.12, 0.90}}), shadow, 0.5, 0.03);
  canvas.fill(place, ellipse({0, 0.30}, 0.055, 0.34), mix(person.skin, rgb(255, 250, 240), 0.35), 0.5, 0.04);
  canvas.fill(place, ellipse({0, 0.66}, 0.08, 0.07), mix(person.skin, rgb(255, 250, 240), 0.4), 0.5, 0.035);
}

void paint_mouth(Canvas& canvas, const Placement& place, const Person& person) {
  if (person.look.mouth_open > 0) return paint_open_mouth(canvas, place, person);
  const double m = person.mouth_half;
  const double y = 1.17;
  canvas.fill(place, smooth({{-m, y}, {-m * 0.45, y - 0.075}, {0, y - 0.06}, {m * 0.45, y - 0.075}, {m, y}, {0, y + 0.015}}),
              person.lips * 0.86, 0.9, 0.014);
  canvas.fill(place,
              smooth({{-m * 0.95, y + 0.005},
                      {0, y + 0.01},
                      {m * 0.95, y + 0.005},
                      {m * 0.5, y + 0.095},
                      {0, y + 0.115},
                      {-m * 0.5, y + 0.095}}),
              person.lips, 0.9, 0.014);
  canvas.stroke(place, smooth({{-m, y - 0.004}, {-m * 0.4, y + 0.004}, {0, y}, {m * 0.4, y + 0.004}, {m, y - 0.004}}, 8, false),
                0.02, person.lips * 0.36, 0.9, 0.008);
  canvas.fill(place, ellipse({0, y + 0.20}, 0.22, 0.035), person.skin * 0.7, 0.35, 0.03);
  canvas.fill(place, ellipse({0, 1.0}, 0.05, 0.08), person.skin * 0.8, 0.3, 0.025);
}

void paint_ears(Canvas& canvas, const Placement& place, const Person& person) {
  const double w = half_width_at(person, 0.2);
  for (const double side : {-1.0, 1.0}) {
    canvas.fill(place, ellipse({side * (w + 0.03), 0.25}, 0.14, 0.36), person.skin * 0.88, 1, 0.012);
    canvas.fill(place, ellipse({side * (w + 0.055), 0.22}, 0.06, 0.22), person.skin * 0.62, 0.7, 0.03);
  }
}

/// Skin is a little redder on cheeks and nose, and uneven at the scale of pores and spots.
void paint_skin_detail(Canvas& canvas, const Placement& place, const Person& person) {
  const Colour flush = mix(person.skin, rgb(205, 105, 90), 0.3);
  for (const double side : {-1.0, 1.0}) canvas.fill(place, ellipse({side * 0.62, 0.62}, 0.26, 0.2), flush, 0.45, 0.11);
  Dice dice(person.grain + 1);
  for (int i = 0; i < 90; ++i) {
    const double y = dice.between(person.hairline + 0.15, person.chin - 0.25);
    const double x = dice.between(-0.9, 0.9) * half_width_at(person, y);
    const double size = dice.between(0.006, 0.016);
    canvas.fill(place, ellipse({x, y}, size, size, 8), person.skin * (dice.chance(0.6) ? 0.8 : 1.08), 0.35, 0.006);
  }
}

void paint_front_hair(Canvas& canvas, const Placement& place, const Person& person) {
  if (person.look.hair == Hair::bald) return paint_bald_sides(canvas, place, person);
  const HairEdges edges = hair_edges(person);
  Shape cap;
  for (auto it = edges.ground.rbegin(); it != edges.ground.rend(); ++it) cap.emplace_back(-it->x, it->y);
  cap.insert(cap.end(), edges.ground.begin() + 1, edges.ground.end());
  for (auto it = edges.skin.rbegin(); it != edges.skin.rend(); ++it) cap.emplace_back(it->x, it->y + parting(person, it->x));
  for (std::size_t i = 1; i < edges.skin.size(); ++i)
    cap.emplace_back(-edges.skin[i].x, edges.skin[i].y + parting(person, -edges.skin[i].x));
  canvas.fill(place, smooth(cap, 8), person.hair, 1, 0.016);
  canvas.fill(place, smooth({{-0.7, -1.55}, {0, -1.80}, {0.7, -1.55}, {0, -1.66}}), mix(person.hair, rgb(200, 190, 180), 0.4),
              0.3, 0.08);
  paint_strands(canvas, place, person);
}

}  // namespace

double half_width_at(const Person& person, double y) {
  constexpr double kWidest = 0.15;
  const double top = -1.78;
  if (y <= top || y >= person.chin) return 0;
  const bool lower = y > kWidest;
  const double t = lower ? (y - kWidest) / (person.chin - kWidest) : (kWidest - y) / (kWidest - top);
  const double power = lower ? person.jaw : 2.7;
  // At nose level (y about 0.6) the outline is still within 3 % of its widest.
  return person.half_face * 1.01 * std::pow(1 - std::pow(t, power), 1 / (lower ? 1.9 : 2.2));
}

Shape head_outline(const Person& person) { return outline(person, 0, -1.779, person.chin - 0.001); }

void apply_look(Person& person, const Look& look) {
  person.look = look;
  if (look.skin >= 0) {
    static const std::array kRange{rgb(246, 214, 190), rgb(226, 186, 154), rgb(190, 144, 112), rgb(140, 98, 74), rgb(96, 66, 50)};
    const double place = std::min(look.skin, 0.999) * (kRange.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const Colour skin = mix(kRange[below], kRange[below + 1], place - static_cast<double>(below));
    person.lips = mix(skin, rgb(176, 70, 74), 0.5);
    person.skin = skin;
  }
  if (look.age >= 50) person.hair = mix(person.hair, rgb(150, 148, 146), std::min(0.9, (look.age - 45) / 30.0));
  if (look.clothes == Clothes::white) person.clothes = rgb(244, 244, 244);
  if (look.clothes == Clothes::blue) person.clothes = rgb(70, 120, 200);
}

Person draw_lots(Dice& dice) {
  static const std::array kSkins{rgb(244, 212, 188), rgb(236, 200, 172), rgb(226, 186, 154), rgb(208, 164, 130),
                                 rgb(184, 138, 106)};
  static const std::array kHairs{rgb(24, 20, 20), rgb(34, 27, 25), rgb(48, 36, 30), rgb(64, 46, 36)};
  static const std::array kClothes{rgb(32, 40, 74), rgb(120, 34, 44), rgb(30, 74, 56), rgb(52, 52, 58),
                                   rgb(98, 70, 48), rgb(84, 36, 84),  rgb(20, 20, 24), rgb(150, 84, 40)};
  Person p;
  const int tone = dice.pick(4);
  const auto skin = static_cast<std::size_t>(tone);
  p.skin = mix(kSkins[skin], kSkins[skin + 1], dice.between(0, 1));
  p.hair = kHairs[static_cast<std::size_t>(dice.pick(4))];
  p.iris = mix(rgb(52, 32, 22), rgb(82, 52, 34), dice.between(0, 1));
  p.lips = mix(mix(p.skin, rgb(190, 80, 84), 0.45), rgb(176, 70, 74), dice.between(0, 0.5));
  p.clothes = kClothes[static_cast<std::size_t>(dice.pick(8))];
  p.style = static_cast<HairStyle>(dice.pick(5));
  p.collar = static_cast<Collar>(dice.pick(3));
  p.half_face = dice.between(1.00, 1.10);
  p.chin = dice.between(1.76, 1.92);
  p.jaw = dice.between(2.2, 2.8);
  p.hairline = dice.between(-1.55, -1.38);
  p.eye_open = dice.between(0.082, 0.105);
  p.brow_weight = dice.between(0.05, 0.085);
  p.mouth_half = dice.between(0.33, 0.41);
  p.shoulder = dice.between(2.0, 2.3);
  p.grain = dice.next();
  return p;
}

void paint_body(Canvas& canvas, const Placement& place, const Person& person) {
  const double s = person.shoulder;
  const bool haired = person.look.hair != Hair::bald;
  if (haired && person.style == HairStyle::long_hair) {
    canvas.fill(place,
                smooth({{-1.25, -0.6}, {-1.32, 1.2}, {-1.2, 2.5}, {0, 2.7}, {1.2, 2.5}, {1.32, 1.2}, {1.25, -0.6}, {0, -1.7}}),
                person.hair * 0.9, 1, 0.02);
  } else if (haired && person.style == HairStyle::bob) {
    canvas.fill(place,
                smooth({{-1.25, -0.6}, {-1.34, 0.8}, {-1.1, 1.6}, {0, 1.7}, {1.1, 1.6}, {1.34, 0.8}, {1.25, -0.6}, {0, -1.7}}),
                person.hair * 0.9, 1, 0.02);
  } else if (haired && person.style == HairStyle::tied_back) {
    canvas.fill(place, ellipse({0, -1.95}, 0.42, 0.32), person.hair, 1, 0.02);
  }
  canvas.fill(place, {{-0.66, 1.2}, {-0.68, 2.1}, {-0.95, 2.6}, {0.95, 2.6}, {0.68, 2.1}, {0.66, 1.2}}, person.skin * 0.93, 1,
              0.02);
  canvas.fill(place, smooth({{-0.60, 1.4}, {0, 1.9}, {0.60, 1.4}, {0.56, 1.9}, {0, 2.2}, {-0.56, 1.9}}), person.skin * 0.58, 0.6,
              0.04);
  Shape torso = {{0, 2.56}, {0.5, 2.42},     {0.74, 2.12},    {1.2, 2.34},     {s * 0.86, 2.56},
                 {s, 2.95}, {s + 0.14, 3.5}, {s + 0.22, 4.2}, {s + 0.27, 5.2}, {s + 0.3, 14}};
  for (std::size_t i = torso.size(); i-- > 1;) torso.emplace_back(-torso[i].x, torso[i].y);
  canvas.fill(place, smooth(torso, 6), person.clothes, 1, 0.014);
  if (person.collar == Collar::v_neck) {
    canvas.fill(place, {{-0.56, 2.3}, {0.56, 2.3}, {0, 3.05}}, person.skin * 0.9, 1, 0.015);
  } else if (person.collar == Collar::shirt) {
    const Colour edge = mix(person.clothes, rgb(255, 255, 255), 0.15);
    const Shape flap = {{-0.76, 2.10}, {-0.5, 2.42}, {0, 2.60}, {-0.34, 3.0}, {-0.86, 2.45}};
    canvas.fill(place, flap, edge, 1, 0.012);
    canvas.fill(place, mirrored(flap), edge, 1, 0.012);
  } else {
    canvas.stroke(place, smooth({{-0.74, 2.14}, {-0.5, 2.44}, {0, 2.58}, {0.5, 2.44}, {0.74, 2.14}}, 8, false), 0.06,
                  person.clothes * 0.8, 1, 0.015);
  }
  for (const double side : {-1.0, 1.0}) {
    canvas.stroke(place, smooth({{side * 1.5, 2.9}, {side * 1.35, 3.3}, {side * 1.45, 3.9}}, 8, false), 0.05,
                  person.clothes * 0.7, 0.6, 0.05);
  }
  paint_stripes(canvas, place, person);
}

void paint_head(Canvas& canvas, const Placement& place, const Person& person) {
  paint_ears(canvas, place, person);
  canvas.fill(place, head_outline(person), person.skin, 1, 0.012);
  paint_skin_detail(canvas, place, person);
  for (const double side : {-1.0, 1.0}) {
    paint_eye(canvas, place, person, side);
    paint_brow(canvas, place, person, side);
  }
  paint_nose(canvas, place, person);
  paint_mouth(canvas, place, person);
  paint_lines_of_age(canvas, place, person);
  paint_front_hair(canvas, place, person);
  paint_fringe(canvas, place, person);
  paint_glasses(canvas, place, person);
}

void paint_back_of_head(Canvas& canvas, const Placement& place, const Person& person) {
  paint_ears(canvas, place, person);
  const Shape half = {{0, -1.95},   {0.60, -1.82}, {1.02, -1.36}, {1.18, -0.6},
                      {1.12, 0.25}, {0.88, 1.05},  {0.62, 1.45},  {0, 1.52}};
  Shape all = half;
  for (std::size_t i = half.size() - 2; i > 0; --i) all.emplace_back(-half[i].x, half[i].y);
  canvas.fill(place, smooth(all), person.hair, 1, 0.02);
  Dice dice(person.grain);
  const Colour shine = mix(person.hair, rgb(200, 180, 160), 0.3);
  for (int i = 0; i < 160; ++i) {
    const double x = dice.between(-1, 1), top = dice.between(-1.6, 0.6);
    const Shape line = {{x * 0.75, top}, {x * 0.92, top + 0.4}, {x * 0.9, top + 0.75}};
    canvas.stroke(place, smooth(line, 5, false), 0.012, dice.chance(0.45) ? shine : person.hair * 0.5, 0.4, 0.007);
  }
}

}  // namespace satchel::examples
