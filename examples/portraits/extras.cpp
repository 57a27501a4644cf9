#include "examples/portraits/extras.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace satchel::examples {
namespace {

/// A draw of its own for each extra, so that one more extra changes no other.
Dice dice_for(const Person& person, std::uint64_t purpose) { return Dice(person.grain ^ (purpose * 0xD6E8FEB86659FD93ull)); }

template <class Gain>
void multiply(cv::Mat& pixels, Gain gain) {
  for (int y = 0; y < pixels.rows; ++y) {
    auto* row = pixels.ptr<cv::Vec3f>(y);
    for (int x = 0; x < pixels.cols; ++x) row[x] *= static_cast<float>(gain(x, y));
  }
}

void paint_shelf(cv::Mat& pixels, Dice& dice, double frame) {
  for (double top = -10; top < 640; top += 92) {
    for (double left = 0; left < 480;) {
      const double width = dice.between(9, 30), height = dice.between(56, 84);
      const Colour colour = rgb(dice.between(20, 235), dice.between(20, 215), dice.between(20, 205));
      const cv::Rect book(cvRound(left * frame), cvRound((top + 88 - height) * frame), std::max(1, cvRound(width * frame)),
                          cvRound(height * frame));
      cv::rectangle(pixels, book, colour, cv::FILLED);
      left += width;
    }
    const cv::Rect board(0, cvRound((top + 86) * frame), pixels.cols, std::max(2, cvRound(8 * frame)));
    cv::rectangle(pixels, board, rgb(98, 66, 40), cv::FILLED);
  }
}

/// Where the shoulders' upper edge lies at a distance from the middle: paint_body's torso.
double shoulder_y(const Person& person, double x) {
  const double s = person.shoulder;
  const std::array<cv::Point2d, 7> edge{
      {{0, 2.62}, {0.5, 2.50}, {0.8, 2.30}, {1.2, 2.38}, {s * 0.86, 2.60}, {s, 2.97}, {s + 0.14, 3.55}}};
  for (std::size_t i = 1; i < edge.size(); ++i) {
    if (x > edge[i].x) continue;
    const double t = (x - edge[i - 1].x) / (edge[i].x - edge[i - 1].x);
    return edge[i - 1].y + t * (edge[i].y - edge[i - 1].y);
  }
  return 99;
}

}  // namespace

void paint_ground(Canvas& canvas, const Placement& place, const Person& person) {
  cv::Mat& pixels = canvas.pixels();
  const double frame = std::min(pixels.cols / 480.0, pixels.rows / 640.0);
  Dice dice = dice_for(person, 1);
  switch (person.look.ground) {
    case Ground::as_drawn: return;
    case Ground::curtain: {
      const double wave = dice.between(26, 44) * frame, depth = dice.between(0.16, 0.24), phase = dice.between(0, 6);
      multiply(pixels,
               [&](int x, int y) { return 1 - depth * (0.5 + 0.5 * std::sin(2 * CV_PI * (x + 0.04 * y) / wave + phase)); });
      return;
    }
    case Ground::lamp_from_side: {
      const bool left = dice.chance(0.5);
      const double lost = dice.between(0.30, 0.42);
      multiply(pixels, [&](int x, int) {
        const double t = static_cast<double>(x) / pixels.cols;
        return 1 - lost * (left ? t : 1 - t);
      });
      return;
    }
    case Ground::shelf: paint_shelf(pixels, dice, frame); return;
    case Ground::wrong_colour: {
      static const std::array kWrong{rgb(200, 40, 40), rgb(60, 140, 70), rgb(160, 120, 80), rgb(90, 90, 90)};
      pixels.setTo(kWrong[static_cast<std::size_t>(dice.pick(4))]);
      return;
    }
    case Ground::shadow: {
      const double side = dice.chance(0.5) ? 1 : -1;
      canvas.shade(place, ellipse({side * 1.25, 0.6}, 0.75, 2.4), dice.between(0.55, 0.68), 0.06);
      return;
    }
  }
}

void paint_stripes(Canvas& canvas, const Placement& place, const Person& person) {
  if (person.look.clothes != Clothes::striped) return;
  Dice dice = dice_for(person, 2);
  const Colour light = rgb(225, 222, 215);
  const double step = dice.between(0.16, 0.28);
  if (dice.chance(0.5)) {
    for (double x = -person.shoulder; x < person.shoulder; x += step) {
      const double y = std::max(shoulder_y(person, std::abs(x)), shoulder_y(person, std::abs(x + step / 2)));
      canvas.fill(place, {{x, y}, {x + step / 2, y}, {x + step / 2, 9}, {x, 9}}, light, 1, 0.006);
    }
    return;
  }
  for (double y = 2.62; y < 6; y += step) {
    double half = 0.6;
    while (half < person.shoulder + 0.1 && shoulder_y(person, half + 0.05) < y) half += 0.02;
    canvas.fill(place, {{-half, y}, {half, y}, {half, y + step / 2}, {-half, y + step / 2}}, light, 1, 0.006);
  }
}

void paint_lines_of_age(Canvas& canvas, const Placement& place, const Person& person) {
  if (person.look.age < 40) return;
  const double depth = std::min(1.0, (person.look.age - 35) / 35.0);
  const Colour line = person.skin * 0.62;
  for (const double side : {-1.0, 1.0}) {
    canvas.stroke(place, smooth({{side * 0.26, 0.72}, {side * 0.42, 0.95}, {side * 0.46, 1.2}}, 8, false), 0.022, line,
                  0.55 * depth, 0.016);
    canvas.stroke(place, smooth({{side * 0.28, 0.16}, {side * 0.48, 0.25}, {side * 0.70, 0.16}}, 8, false), 0.018, line,
                  0.5 * depth, 0.014);
    for (const double y : {-0.03, 0.05, 0.13}) {
      canvas.stroke(place, {{side * 0.80, y * 0.6}, {side * 0.93, y}}, 0.012, line, 0.45 * depth, 0.008);
    }
  }
  for (const double y : {-0.72, -0.88, -1.04}) {
    canvas.stroke(place, smooth({{-0.5, y + 0.03}, {-0.2, y}, {0.2, y + 0.01}, {0.5, y + 0.03}}, 8, false), 0.014, line,
                  0.4 * depth, 0.012);
  }
}

void paint_closed_eye(Canvas& canvas, const Placement& place, const Person& person, double x) {
  const double out = x < 0 ? -1 : 1;
  canvas.fill(place, ellipse({x, 0.0}, 0.24, 0.10), person.skin * 0.90, 0.9, 0.03);
  canvas.fill(place, ellipse({x, -0.04}, 0.17, 0.05), person.skin, 0.5, 0.03);
  Dice dice = dice_for(person, 3);
  const double sag = dice.between(0.05, 0.10);
  const Shape lashes =
      smooth({{x - 0.24, 0.02}, {x - 0.12, sag * 0.8}, {x, sag}, {x + 0.12, sag * 0.8}, {x + 0.24, 0.02}}, 8, false);
  canvas.stroke(place, lashes, dice.between(0.022, 0.04), rgb(34, 25, 22), 0.85, 0.010);
  canvas.stroke(place, {{x + out * 0.22, 0.03}, {x + out * 0.28, 0.01}}, 0.018, rgb(34, 25, 22), 0.7, 0.010);
  canvas.stroke(place, smooth({{x - 0.22, -0.05}, {x, -0.11}, {x + 0.22, -0.05}}, 8, false), 0.012, person.skin * 0.68,
                dice.between(0.2, 0.7), 0.010);
}

void paint_open_mouth(Canvas& canvas, const Placement& place, const Person& person) {
  const double open = person.look.mouth_open;
  if (open <= 0) return;
  const double m = person.mouth_half * (person.look.teeth ? 1.12 : 0.95 - 0.15 * open);
  const double y = 1.17, drop = 0.05 + 0.27 * open;
  canvas.fill(place,
              smooth({{-m, y + 0.02},
                      {-m * 0.5, y - 0.09},
                      {0, y - 0.07},
                      {m * 0.5, y - 0.09},
                      {m, y + 0.02},
                      {m * 0.6, y + drop + 0.08},
                      {0, y + drop + 0.13},
                      {-m * 0.6, y + drop + 0.08}}),
              person.lips, 0.95, 0.014);
  const Shape inside = smooth({{-m * 0.86, y + 0.02},
                               {-m * 0.4, y - 0.015},
                               {0, y - 0.005},
                               {m * 0.4, y - 0.015},
                               {m * 0.86, y + 0.02},
                               {m * 0.5, y + drop * 0.92},
                               {0, y + drop},
                               {-m * 0.5, y + drop * 0.92}});
  canvas.fill(place, inside, rgb(52, 18, 20), 1, 0.010);
  if (person.look.teeth) {
    // A narrow grin is all teeth, a wide one shows the dark below them.
    const double rows = open < 0.3 ? 0.9 * drop : std::min(0.5 * drop, 0.10);
    canvas.fill(place,
                smooth({{-m * 0.74, y + 0.015},
                        {0, y},
                        {m * 0.74, y + 0.015},
                        {m * 0.5, y + rows},
                        {0, y + rows + 0.03},
                        {-m * 0.5, y + rows}}),
                rgb(232, 226, 214), 0.95, 0.008);
  } else {
    canvas.fill(place, ellipse({0, y + drop * 0.8}, m * 0.4, drop * 0.16), rgb(150, 62, 64), 0.8, 0.02);
  }
}

void paint_bald_sides(Canvas& canvas, const Placement& place, const Person& person) {
  const double w = half_width_at(person, -0.4);
  for (const double side : {-1.0, 1.0}) {
    Shape tuft = smooth({{w - 0.09, -0.75}, {w + 0.06, -0.85}, {w + 0.11, -0.4}, {w + 0.08, 0.05}, {w - 0.03, -0.1}});
    if (side < 0) tuft = mirrored(tuft);
    canvas.fill(place, tuft, person.hair, 0.85, 0.03);
  }
  canvas.fill(place, ellipse({0, -1.3}, 0.4, 0.2), mix(person.skin, rgb(255, 250, 240), 0.5), 0.35, 0.12);
}

void paint_fringe(Canvas& canvas, const Placement& place, const Person& person) {
  if (person.look.hair != Hair::fringe) return;
  Dice dice = dice_for(person, 4);
  const double low = dice.between(-0.42, -0.28);
  Shape shape = {{-0.95, -1.05}, {-0.4, -1.55}, {0.4, -1.55}, {0.95, -1.05}, {0.92, -0.5}};
  for (int i = 6; i >= -6; --i) shape.emplace_back(i * 0.14, low - 0.02 * std::abs(i) + dice.between(-0.05, 0.05));
  shape.emplace_back(-0.92, -0.5);
  canvas.fill(place, smooth(shape, 4), person.hair, 1, 0.016);
  const Colour shine = mix(person.hair, rgb(200, 180, 160), 0.3);
  for (int i = 0; i < 60; ++i) {
    const double x = dice.between(-0.85, 0.85);
    const Shape line = {{x * 0.6, -1.5}, {x * 0.9, -1.0}, {x, low - dice.between(0.02, 0.2)}};
    canvas.stroke(place, smooth(line, 5, false), 0.011, dice.chance(0.45) ? shine : person.hair * 0.5, 0.4, 0.007);
  }
}

void paint_glasses(Canvas& canvas, const Placement& place, const Person& person) {
  if (person.look.eyewear == Eyewear::none) return;
  Dice dice = dice_for(person, 5);
  static const std::array kFrames{rgb(20, 18, 18), rgb(48, 30, 22), rgb(96, 96, 100), rgb(120, 92, 52), rgb(28, 34, 60)};
  const Colour colour = kFrames[static_cast<std::size_t>(dice.pick(5))];
  const double thick = dice.between(0.025, 0.065), half_width = dice.between(0.36, 0.42), half_height = dice.between(0.23, 0.31);
  const double corner = dice.between(2.0, 4.5), y = dice.between(0.02, 0.08), bridge = y - dice.between(0.02, 0.12);
  const bool rimless_below = dice.chance(0.25);
  Placement front = place;
  front.relief += 0.12;
  for (const double side : {-1.0, 1.0}) {
    const double x = side * (half_width + dice.between(0.11, 0.12));
    Shape lens, upper;
    for (int i = 0; i <= 48; ++i) {
      const double angle = 2 * CV_PI * i / 48;
      const auto bend = [&](double v) { return std::copysign(std::pow(std::abs(v), 2 / corner), v); };
      lens.emplace_back(x + half_width * bend(std::cos(angle)), y + half_height * bend(std::sin(angle)));
      if (i >= 24) upper.push_back(lens.back());
    }
    if (person.look.eyewear == Eyewear::tinted) {
      canvas.fill(front, lens, rgb(40, 34, 34), 0.62, 0.008);
    } else {
      canvas.fill(front, lens, rgb(225, 232, 235), 0.05, 0.008);
    }
    canvas.stroke(front, rimless_below ? upper : lens, thick, colour, 0.95, 0.006);
    canvas.stroke(front, {{x + side * half_width, y - half_height * 0.5}, {side * (half_width_at(person, 0) - 0.02), y - 0.13}},
                  thick, colour, 0.95, 0.006);
  }
  canvas.stroke(front, smooth({{-0.13, bridge + 0.04}, {0, bridge}, {0.13, bridge + 0.04}}, 8, false), thick * 1.1, colour, 0.95,
                0.006);
}

void paint_shine(Canvas& canvas, const Placement& place, const Person& person) {
  const Colour white = rgb(255, 255, 254);
  if (person.look.eyewear == Eyewear::glare) {
    Dice dice = dice_for(person, 6);
    Placement front = place;
    front.relief += 0.12;
    const int first = dice.pick(3);  // left, right, both
    for (const int side : {-1, 1}) {
      if (first < 2 && first != (side > 0 ? 1 : 0)) continue;
      const double x = side * 0.5 + dice.between(-0.08, 0.08), y = dice.between(-0.08, 0.04);
      const double w = dice.between(0.12, 0.2), h = dice.between(0.07, 0.12);
      canvas.fill(front, smooth({{x - w, y - h * 0.6}, {x + w * 0.9, y - h}, {x + w, y + h * 0.7}, {x - w * 0.9, y + h}}), white,
                  1, 0.014);
    }
  }
  if (person.look.nose_shine > 0) {
    Placement front = place;
    front.relief += 0.25;
    canvas.fill(front, ellipse({0.01, 0.60}, 0.10, 0.13), white, person.look.nose_shine, 0.028);
    canvas.fill(place, ellipse({0.05, -0.85}, 0.22, 0.12), white, 0.75 * person.look.nose_shine, 0.05);
  }
}

void shade_from_above(Canvas& canvas, const Placement& place, const Person& person) {
  const double t = person.look.top_light;
  if (t <= 0) return;
  cv::Mat& pixels = canvas.pixels();
  const auto curve = [](double gain) { return std::pow(gain, 1 / 2.2); };
  multiply(pixels, [&](int x, int y) {
    const cv::Point2d f = place.back({static_cast<double>(x), static_cast<double>(y)});
    if (f.y < -2.3 || f.y > 2.2 || std::abs(f.x) > 1.35) return 1.0;
    const double height = std::clamp((0.4 - f.y) / 1.6, -1.0, 1.0);
    const double dome = f.x * f.x / 1.5 + (f.y + 0.55) * (f.y + 0.55) / 1.85;
    const double hair =
        f.y < person.hairline + 0.1 && dome < 1 ? 1.8 * t * std::clamp((person.hairline + 0.1 - f.y) / 0.3, 0.0, 1.0) : 0;
    const double edge = std::clamp((1.35 - std::abs(f.x)) / 0.2, 0.0, 1.0) * std::clamp((f.y + 2.3) / 0.2, 0.0, 1.0) *
                        std::clamp((2.2 - f.y) / 0.3, 0.0, 1.0);
    return curve(1 + edge * (t * (height > 0 ? 0.22 * height : 0.52 * height) + hair));
  });
  for (const double side : {-0.5, 0.5}) canvas.shade(place, ellipse({side, 0.0}, 0.32, 0.22), 1 - 0.42 * t, 0.06);
  canvas.shade(place, ellipse({0, 0.98}, 0.26, 0.12), 1 - 0.36 * t, 0.05);
  canvas.shade(place, ellipse({0, 1.42}, 0.34, 0.09), 1 - 0.3 * t, 0.05);
}

void finish(cv::Mat& bgr, const Person& person, double frame) {
  if (person.look.finish == Finish::beautified) {
    cv::Mat smoothed;
    cv::bilateralFilter(bgr, smoothed, std::max(5, cvRound(9 * frame) | 1), 40, 5 * frame);
    bgr = smoothed;
  }
  if (person.look.finish == Finish::from_screen) {
    Dice dice = dice_for(person, 7);
    const double wave = dice.between(2.6, 5.5), angle = dice.between(0.05, 0.5), depth = dice.between(0.05, 0.09);
    const double fx = std::cos(angle) / wave, fy = std::sin(angle) / wave;
    for (int y = 0; y < bgr.rows; ++y) {
      auto* row = bgr.ptr<cv::Vec3b>(y);
      for (int x = 0; x < bgr.cols; ++x) {
        const double beat = std::sin(2 * CV_PI * (x * fx + y * fy)) + 0.6 * std::sin(2 * CV_PI * (x * fy - y * fx));
        for (int c = 0; c < 3; ++c) row[x][c] = cv::saturate_cast<std::uint8_t>(14 + 0.9 * row[x][c] * (1 + depth * beat));
      }
    }
  }
}

}  // namespace satchel::examples
