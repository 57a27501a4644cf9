#include "examples/portraits/people.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/base/check.h"
#include "examples/portraits/canvas.h"
#include "examples/portraits/dice.h"
#include "examples/portraits/extras.h"
#include "examples/portraits/features.h"

namespace satchel::examples {
namespace {

using core::portrait::Picture;

struct DefectNames {
  Defect defect;
  std::string_view name;
  std::string_view code;
};

constexpr std::array kNames{
    DefectNames{Defect::none, "none", ""},
    DefectNames{Defect::blurred, "blurred", "Q-BLUR"},
    DefectNames{Defect::dark, "dark", "Q-DARK"},
    DefectNames{Defect::half_dark, "half-dark", "Q-HALF-DARK"},
    DefectNames{Defect::over_exposed, "over-exposed", "Q-OVEREXPOSED"},
    DefectNames{Defect::tilted, "tilted", "Q-TILT"},
    DefectNames{Defect::too_small, "too-small", "Q-FACE-WIDTH"},
    DefectNames{Defect::off_centre, "off-centre", "Q-CENTRE"},
    DefectNames{Defect::two_faces, "two-faces", "Q-FACES"},
    DefectNames{Defect::no_face, "no-face", "Q-NO-FACE"},
    DefectNames{Defect::blue_on_blue, "blue-on-blue", "Q-CLOTHES-BACKGROUND"},
};

/// What light and camera do, as gains on linear light and deviations in pixels of a 480×640 frame.
struct Shot {
  Colour ground;
  double lamp_side = 0;  ///< -1..1: from where the light leans
  double exposure = 1;   ///< on linear light
  double dark_side = 0;  ///< -1 left half, 1 right half, 0 even
  double dark_gain = 1;  ///< linear light on the dark half
  double lens_blur_px = 0.45;
  double noise = 1.2;  ///< deviation in 8-bit steps
  double warmth = 0;   ///< -1 blue .. 1 orange
};

/// Gain on a stored (gamma-coded) value that stands for `linear` on light; sRGB is close to a power of 2.2.
float coded(double linear) { return static_cast<float>(std::pow(linear, 1 / 2.2)); }

double step(double x) { return 1 / (1 + std::exp(-x)); }

/// A head is round: skin turns away from the lamp in front toward its edges, and the chin lies lower than the brow.
void light_head(cv::Mat& pixels, const Placement& place, const Person& person, double lamp_side) {
  constexpr int kTable = 512;
  constexpr double kTop = -1.8, kBottom = 2.2;
  std::array<double, kTable> half{};
  for (int i = 0; i < kTable; ++i)
    half[static_cast<std::size_t>(i)] = half_width_at(person, kTop + (kBottom - kTop) * i / (kTable - 1));
  const double reach = 2.6 * place.unit;
  const cv::Rect area = cv::Rect(static_cast<int>(place.origin.x - reach), static_cast<int>(place.origin.y - reach),
                                 static_cast<int>(2 * reach), static_cast<int>(2 * reach)) &
                        cv::Rect(0, 0, pixels.cols, pixels.rows);
  for (int y = area.y; y < area.br().y; ++y) {
    auto* row = pixels.ptr<cv::Vec3f>(y);
    for (int x = area.x; x < area.br().x; ++x) {
      const cv::Point2d f = place.back({static_cast<double>(x), static_cast<double>(y)}) + place.outline_shift();
      if (f.y <= kTop || f.y >= kBottom) continue;
      const double w = half[static_cast<std::size_t>((f.y - kTop) / (kBottom - kTop) * (kTable - 1))];
      const double u = w > 0.05 ? f.x / w : 2.0;
      if (std::abs(u) > 1.0) continue;
      const double depth = std::sqrt(1 - 0.92 * u * u);
      const double gain = 0.66 + 0.36 * depth + 0.05 * lamp_side * u - 0.035 * f.y;
      row[x] *= coded(std::clamp(gain, 0.3, 1.06));
    }
  }
}

void light_scene(cv::Mat& pixels, const Placement& place, const Shot& shot) {
  const double cx = pixels.cols / 2.0, cy = pixels.rows / 2.0;
  for (int y = 0; y < pixels.rows; ++y) {
    auto* row = pixels.ptr<cv::Vec3f>(y);
    for (int x = 0; x < pixels.cols; ++x) {
      const double dx = (x - cx) / cx, dy = (y - cy) / cy;
      double gain = shot.exposure * (1 - 0.03 * (dx * dx + dy * dy));  // the lens darkens corners a little
      if (shot.dark_side != 0) {
        const double u = (x - place.origin.x) / place.unit * shot.dark_side;
        gain *= 1 - (1 - shot.dark_gain) * step(u * 5);
      }
      row[x] *= coded(gain);
      if (shot.warmth != 0) {
        row[x][0] *= coded(1 - 0.5 * shot.warmth);
        row[x][2] *= coded(1 + 0.5 * shot.warmth);
      }
    }
  }
}

/// Sensor noise comes after the lens: fine grain, a little stronger in the light, the same for all channels in part.
cv::Mat expose(const cv::Mat& pixels, const Shot& shot, Dice& dice) {
  cv::Mat out(pixels.size(), CV_8UC3);
  for (int y = 0; y < pixels.rows; ++y) {
    const auto* in = pixels.ptr<cv::Vec3f>(y);
    auto* row = out.ptr<cv::Vec3b>(y);
    for (int x = 0; x < pixels.cols; ++x) {
      const float common = static_cast<float>(dice.bell() * shot.noise);
      for (int c = 0; c < 3; ++c) row[x][c] = cv::saturate_cast<std::uint8_t>(in[x][c] + common);
    }
  }
  return out;
}

Placement place_person(Dice& dice, Defect defect, int width, int height) {
  const double frame = std::min(width / 480.0, height / 640.0);  // pixels per pixel of the standard frame
  const cv::Point2d corner{(width - 480 * frame) / 2, (height - 640 * frame) / 2};
  double eye_y = dice.between(240, 260);
  double middle = 240 + dice.between(-6, 6);
  double face = dice.between(228, 252);
  double roll = dice.between(-0.9, 0.9);
  const double side = dice.chance(0.5) ? 1 : -1;
  switch (defect) {
    case Defect::tilted: roll = side * dice.between(9, 14); break;
    case Defect::too_small: face = dice.between(110, 150); break;
    case Defect::off_centre: middle = 240 + side * dice.between(44, 62); break;
    case Defect::two_faces:
      face = dice.between(140, 152);
      middle = dice.between(126, 134);
      break;
    default: break;
  }
  return {corner + cv::Point2d(middle, eye_y) * frame, face * frame, roll};
}

/// Raises or lowers the camera as a photographer does who watches the hairline too: within 10 pixels of its aim, 80.
void frame_hairline(Placement& place, const Person& person, int width, int height) {
  const double frame = std::min(width / 480.0, height / 640.0);
  const double top = (height - 640 * frame) / 2;
  const double hairline = (place.origin.y - top + person.hairline * place.unit) / frame;
  place.origin.y += (std::clamp(hairline, 70.0, 90.0) - hairline) * frame;
}

/// Linear luminance of a colour, 0..1, with the same power as coded().
double linear(const Colour& c) {
  const auto light = [](double v) { return std::pow(v / 255, 2.2); };
  return 0.0722 * light(c[0]) + 0.7152 * light(c[1]) + 0.2126 * light(c[2]);
}

Shot light_lots(Dice& dice, const Person& person, Defect defect) {
  static const std::array kGrounds{rgb(100, 197, 255), rgb(248, 248, 248), rgb(240, 240, 240), rgb(120, 190, 240)};
  Shot shot;
  shot.ground = kGrounds[static_cast<std::size_t>(dice.pick(4))];
  shot.lamp_side = dice.between(-0.8, 0.8);
  shot.exposure = dice.between(0.90, 1.0);
  shot.lens_blur_px = dice.between(0.35, 0.5);
  shot.noise = dice.between(0.8, 1.5);
  const double side = dice.chance(0.5) ? 1 : -1;
  switch (defect) {
    case Defect::blurred: shot.lens_blur_px = dice.between(2.2, 3.5); break;
    case Defect::dark: shot.exposure = dice.between(0.06, 0.12); break;
    case Defect::over_exposed: shot.exposure = dice.between(1.5, 1.9) / linear(person.skin); break;
    case Defect::half_dark:
      shot.dark_side = side;
      shot.dark_gain = dice.between(0.22, 0.36);
      break;
    case Defect::blue_on_blue: shot.ground = rgb(100, 197, 255); break;
    default: break;
  }
  return shot;
}

void paint_person(Canvas& canvas, const Placement& place, const Person& person, double lamp_side, bool from_behind) {
  paint_body(canvas, place, person);
  if (from_behind) {
    paint_back_of_head(canvas, place, person);
    return;
  }
  Placement head = place;
  head.yaw_deg = person.look.yaw_deg;
  head.pitch_deg = person.look.pitch_deg;
  paint_head(canvas, head, person);
  light_head(canvas.pixels(), head, person, lamp_side);
  shade_from_above(canvas, head, person);
  paint_shine(canvas, head, person);
}

Truth truth_of(const Placement& place, const Person& person, double face_width, Defect defect) {
  Placement head = place;
  head.yaw_deg = person.look.yaw_deg;
  head.pitch_deg = person.look.pitch_deg;
  const cv::Point2d left = head.at({-0.5, 0}), right = head.at({0.5, 0}), hair = head.at({0, person.hairline});
  Truth truth;
  truth.look = person.look;
  truth.hairline_seen = person.look.hair == Hair::as_drawn;
  truth.left_eye = {left.x, left.y};
  truth.right_eye = {right.x, right.y};
  truth.face_width = face_width;
  truth.hairline_y = hair.y;
  truth.roll_deg = place.roll_deg;
  truth.faces = defect == Defect::no_face ? 0 : defect == Defect::two_faces ? 2 : 1;
  return truth;
}

}  // namespace

std::string_view name(Defect defect) noexcept {
  for (const DefectNames& entry : kNames) {
    if (entry.defect == defect) return entry.name;
  }
  return "none";
}

std::optional<Defect> defect_named(std::string_view name) noexcept {
  for (const DefectNames& entry : kNames) {
    if (entry.name == name) return entry.defect;
  }
  return std::nullopt;
}

std::string_view expected_code(Defect defect) noexcept {
  for (const DefectNames& entry : kNames) {
    if (entry.defect == defect) return entry.code;
  }
  return "";
}

namespace {

void apply_look(Shot& shot, const Look& look) {
  shot.exposure *= look.exposure;
  shot.warmth = look.warmth;
  if (look.lens_blur_px >= 0) shot.lens_blur_px = look.lens_blur_px;
  if (look.noise >= 0) shot.noise = look.noise;
  if (look.side_dark != 0) {
    shot.dark_side = look.side_dark < 0 ? -1 : 1;
    shot.dark_gain = 1 - std::abs(look.side_dark);
  }
}

Picture draw(std::uint64_t seed, Defect defect, const Look& look, int width, int height, Truth* truth) {
  SATCHEL_CHECK(width > 0 && height > 0);
  Dice dice(seed * 0x9E3779B97F4A7C15ull + 1);
  Person person = draw_lots(dice);
  Shot shot = light_lots(dice, person, defect);
  Placement place = place_person(dice, defect, width, height);
  place.roll_deg += look.roll_deg;
  const double face_width = place.unit;  // place_person speaks of the face's width; the unit is the distance between the eyes
  place.unit = face_width / (2 * person.half_face);
  if (defect != Defect::too_small && defect != Defect::two_faces) frame_hairline(place, person, width, height);
  if (defect == Defect::blue_on_blue) {
    person.clothes = mix(shot.ground, rgb(110, 200, 250), dice.between(0, 1));
    person.collar = Collar::round;
  }
  apply_look(shot, look);
  apply_look(person, look);
  if (look.clothes == Clothes::like_ground) person.clothes = shot.ground * 0.97;
  const double frame = std::min(width / 480.0, height / 640.0);

  Canvas canvas(width, height, shot.ground);
  paint_ground(canvas, place, person);
  if (defect == Defect::two_faces) {
    const Person second = draw_lots(dice);
    Placement beside = place;
    beside.origin += cv::Point2d(dice.between(208, 222), dice.between(-20, 20)) * frame;
    beside.unit = face_width / (2 * second.half_face) * dice.between(0.8, 0.92);
    paint_person(canvas, beside, second, shot.lamp_side, false);
  }
  paint_person(canvas, place, person, shot.lamp_side, defect == Defect::no_face);
  light_scene(canvas.pixels(), place, shot);
  cv::GaussianBlur(canvas.pixels(), canvas.pixels(), cv::Size(), shot.lens_blur_px * frame);
  if (truth != nullptr) *truth = truth_of(place, person, face_width, defect);

  cv::Mat exposed = expose(canvas.pixels(), shot, dice);
  finish(exposed, person, frame);
  Picture out;
  out.width = out.source_width = width;
  out.height = out.source_height = height;
  out.bgr.assign(exposed.datastart, exposed.dataend);
  return out;
}

}  // namespace

Picture draw_person(std::uint64_t seed, Defect defect, int width, int height, Truth* truth) {
  return draw(seed, defect, {}, width, height, truth);
}

Picture draw_look(std::uint64_t seed, const Look& look, int width, int height, Truth* truth) {
  return draw(seed, Defect::none, look, width, height, truth);
}

}  // namespace satchel::examples
