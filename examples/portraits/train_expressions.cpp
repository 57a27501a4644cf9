// train_expressions: makes core/portrait/expression_weights.inc from drawn people, and from nothing else.
//   build/bin/train_expressions [PEOPLE=700] [SEED=1] > core/portrait/expression_weights.inc
// Draws PEOPLE people twice, with open and with closed eyes, with closed and with open mouths, under harmless differences of
// skin, age, glasses, light and lens, cuts the patches that the judge would cut, misplaced as its eye detector misplaces them,
// and fits a linear support vector machine. Says on standard error how it does on people that it has not seen. The same numbers
// give the same file.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <opencv2/core.hpp>
#include <vector>

#include "core/portrait/expression.h"
#include "examples/portraits/people.h"

namespace {

using namespace satchel::examples;
using namespace satchel::core::portrait;

struct Sample {
  std::vector<float> features;
  int label;  ///< 1 open eye or closed mouth, -1 the other
};

constexpr double kPlaceError = 0.055;  ///< deviation of the detector's eyes, in eye distances [M]
constexpr double kSizeError = 0.07;

cv::Mat view_of(satchel::core::portrait::Picture& picture) {
  return cv::Mat(picture.height, picture.width, CV_8UC3, picture.bgr.data());
}

PatchPlace misplaced(Dice& dice, cv::Point2d middle, double unit, double roll) {
  const cv::Point2d off(dice.bell() * kPlaceError * unit, dice.bell() * kPlaceError * unit);
  return {middle + off, unit * (1 + dice.bell() * kSizeError), roll + dice.bell() * 2};
}

/// One person under one look: two eyes and a mouth.
void cut(std::uint64_t seed, const Look& look, Dice& dice, int eye_label, int mouth_label, std::vector<Sample>& eyes,
         std::vector<Sample>& mouths) {
  Truth truth;
  // Half of them at half the size: a small face has coarser lashes.
  const int width = dice.chance(0.5) ? 240 : 360;
  Picture picture = draw_look(seed, look, width, width * 4 / 3, &truth);
  const cv::Mat bgr = view_of(picture);
  const cv::Point2d left(truth.left_eye.x, truth.left_eye.y), right(truth.right_eye.x, truth.right_eye.y), d = right - left;
  const double unit = cv::norm(d), roll = std::atan2(d.y, d.x) * 180 / CV_PI;
  const cv::Point2d down(-d.y, d.x);
  for (const cv::Point2d eye : {left, right}) {
    for (int i = 0; i < 2 && eye_label != 0; ++i)
      eyes.push_back({patch_features(bgr, misplaced(dice, eye, unit, roll), kEyePatchUnits), eye_label});
  }
  // How far below the eyes a mouth is differs from face to face more than the drawings do.
  for (int i = 0; i < 2 && mouth_label != 0; ++i) {
    const double below = kMouthBelowEyes + dice.bell() * 0.06;
    const cv::Point2d mouth = (left + right) * 0.5 + down * below;
    mouths.push_back({patch_features(bgr, misplaced(dice, mouth, unit, roll), kMouthPatchUnits), mouth_label});
  }
}

/// L2-regularised hinge loss by dual coordinate descent: Hsieh, Chang, Lin, Keerthi and Sundararajan, "A dual coordinate descent
/// method for large-scale linear SVM", 2008.
std::vector<double> fit(const std::vector<Sample>& samples, Dice& dice) {
  constexpr double kC = 0.05;
  const std::size_t n = kPatchFeatures + 1;  // the last weight is the bias
  std::vector<double> w(n, 0.0), alpha(samples.size(), 0.0), norms;
  const auto at = [&](const Sample& s, std::size_t i) { return i + 1 < n ? static_cast<double>(s.features[i]) : 1.0; };
  for (const Sample& s : samples) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += at(s, i) * at(s, i);
    norms.push_back(sum);
  }
  std::vector<std::size_t> order(samples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (int round = 0; round < 60; ++round) {
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[static_cast<std::size_t>(dice.pick(static_cast<int>(i)))]);
    for (const std::size_t k : order) {
      const Sample& s = samples[k];
      double value = 0;
      for (std::size_t i = 0; i < n; ++i) value += w[i] * at(s, i);
      const double gradient = s.label * value - 1;
      const double next = std::clamp(alpha[k] - gradient / norms[k], 0.0, kC);
      const double step = (next - alpha[k]) * s.label;
      alpha[k] = next;
      if (step == 0) continue;
      for (std::size_t i = 0; i < n; ++i) w[i] += step * at(s, i);
    }
  }
  return w;
}

void report(const char* name, const std::vector<double>& w, const std::vector<Sample>& unseen) {
  int wrong = 0, unsure = 0;
  for (const Sample& s : unseen) {
    double value = w.back();
    for (std::size_t i = 0; i < kPatchFeatures; ++i) value += w[i] * static_cast<double>(s.features[i]);
    wrong += value * s.label < 0 ? 1 : 0;
    unsure += std::abs(value) < 0.25 ? 1 : 0;
  }
  std::fprintf(stderr, "%s: %zu unseen patches, %d wrong, %d nearer than 0.25 to the plane\n", name, unseen.size(), wrong,
               unsure);
}

void print(const char* name, const std::vector<double>& w) {
  std::printf("const ExpressionPlane %s{{", name);
  for (std::size_t i = 0; i < kPatchFeatures; ++i) std::printf("%s%.4ff", i == 0 ? "" : i % 12 == 0 ? ",\n    " : ", ", w[i]);
  std::printf("},\n    %.4ff};\n", w.back());
}

}  // namespace

int main(int argc, char** argv) {
  const int people = argc > 1 ? std::atoi(argv[1]) : 700;
  const auto first = static_cast<std::uint64_t>(argc > 2 ? std::atoll(argv[2]) : 1);
  if (people < 10) {
    std::fputs("usage: train_expressions [PEOPLE] [SEED]\n", stderr);
    return 2;
  }
  Dice dice(first * 0x9E3779B97F4A7C15ull + 11);
  std::vector<Sample> eyes, mouths, unseen_eyes, unseen_mouths;
  for (int n = 0; n < people; ++n) {
    // Far from the seeds that tests draw.
    const std::uint64_t seed = 1'000'000 + first * 100'000 + static_cast<std::uint64_t>(n);
    const bool held_back = n % 8 == 7;
    auto& to_eyes = held_back ? unseen_eyes : eyes;
    auto& to_mouths = held_back ? unseen_mouths : mouths;
    Look look = harmless_lots(dice);
    look.yaw_deg *= 2;
    look.pitch_deg *= 2;
    look.lens_blur_px = dice.between(0.3, 1.4);
    look.side_dark = dice.between(-0.5, 0.5);
    cut(seed, look, dice, 1, 1, to_eyes, to_mouths);
    look.eyes_open = 0;
    look.teeth = dice.chance(0.5);
    look.mouth_open = look.teeth ? dice.between(0.08, 0.7) : dice.between(0.25, 1);
    cut(seed, look, dice, -1, -1, to_eyes, to_mouths);
  }
  const std::vector<double> eye = fit(eyes, dice), mouth = fit(mouths, dice);
  report("eyes", eye, unseen_eyes);
  report("mouths", mouth, unseen_mouths);
  std::printf("// Written by examples/portraits/train_expressions (%d people, seed %llu). Do not edit.\n// clang-format off\n",
              people, static_cast<unsigned long long>(first));
  print("kEyeOpenPlane", eye);
  print("kMouthClosedPlane", mouth);
  std::printf("// clang-format on\n");
  return 0;
}
