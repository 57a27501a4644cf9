#include "tests/unit/portrait/cutout.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "examples/portraits/features.h"

namespace satchel::test {
namespace {

using namespace satchel::examples;

constexpr int kWidth = 480, kHeight = 640;

cv::Mat draw(std::uint64_t seed, const Colour& ground, const CutoutOptions& options, Placement& place, double& half_face) {
  Dice dice(seed * 0x9E3779B97F4A7C15ull + 7);
  Person person = draw_lots(dice);
  if (options.like_ground) {
    person.clothes = mix(rgb(options.ground.red, options.ground.green, options.ground.blue), rgb(0, 0, 0), 0.03);
    person.collar = Collar::round;
  }
  half_face = person.half_face;
  place.origin = {240 + dice.between(-5, 5), dice.between(244, 256)};
  place.unit = dice.between(230, 250) / (2 * person.half_face);
  place.roll_deg = dice.between(-0.9, 0.9);
  Canvas canvas(kWidth, kHeight, ground);
  cv::Mat& pixels = canvas.pixels();
  for (int x = 0; x < kWidth; ++x) {
    const double t = static_cast<double>(x) / kWidth;
    const double gain = 1 + options.side_light * (t - 0.5) + (options.curtain ? 0.25 * std::sin(t * 40) : 0.0);
    pixels.col(x) *= gain;
  }
  paint_body(canvas, place, person);
  paint_head(canvas, place, person);
  cv::GaussianBlur(pixels, pixels, cv::Size(), 0.7);
  return pixels.clone();
}

}  // namespace

Cutout draw_cutout(std::uint64_t seed, const CutoutOptions& options) {
  Placement place;
  double half_face = 1;
  const Colour ground = rgb(options.ground.red, options.ground.green, options.ground.blue);
  const Colour other = rgb(255 - options.ground.red, 255 - options.ground.green, 30);
  const cv::Mat first = draw(seed, ground, options, place, half_face), second = draw(seed, other, options, place, half_face);
  Cutout out;
  Dice grain(seed + 99);
  out.picture.width = out.picture.source_width = kWidth;
  out.picture.height = out.picture.source_height = kHeight;
  const cv::Vec3d apart(ground[0] - other[0], ground[1] - other[1], ground[2] - other[2]);
  for (int y = 0; y < kHeight; ++y) {
    const auto* a = first.ptr<cv::Vec3f>(y);
    const auto* b = second.ptr<cv::Vec3f>(y);
    for (int x = 0; x < kWidth; ++x) {
      const cv::Vec3d change = cv::Vec3d(a[x]) - cv::Vec3d(b[x]);
      out.person.push_back(static_cast<float>(std::clamp(1 - change.dot(apart) / apart.dot(apart), 0.0, 1.0)));
      const double noise = grain.bell() * 1.2;
      for (int c = 0; c < 3; ++c)
        out.picture.bgr.push_back(cv::saturate_cast<std::uint8_t>(static_cast<double>(a[x][c]) + noise));
    }
  }
  const cv::Point2d left = place.at({-0.5, 0}), right = place.at({0.5, 0});
  out.face.left_eye = core::portrait::Point{left.x, left.y};
  out.face.right_eye = core::portrait::Point{right.x, right.y};
  out.face.face_width_px = 2 * half_face * place.unit;
  return out;
}

double overlap(const std::vector<std::uint8_t>& mask, const std::vector<float>& truth) {
  double both = 0, either = 0;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    const bool ours = mask[i] >= 128, theirs = truth[i] >= 0.5f;
    both += ours && theirs ? 1 : 0;
    either += ours || theirs ? 1 : 0;
  }
  return both / either;
}

}  // namespace satchel::test
