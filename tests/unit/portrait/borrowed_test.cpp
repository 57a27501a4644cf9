// What looks at a picture leaves it as it was: rules share one scene, and one that altered it would alter the next one's answer.
#include <catch2/catch.hpp>
#include <cstring>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "core/portrait/expression.h"
#include "core/portrait/mat.h"
#include "core/portrait/rules.h"
#include "core/portrait/scene.h"
#include "examples/portraits/people.h"

using namespace satchel::core::portrait;
using namespace satchel::examples;

namespace {

bool same(const cv::Mat& a, const cv::Mat& b) {
  if (a.size() != b.size() || a.type() != b.type()) return false;
  for (int y = 0; y < a.rows; ++y) {
    if (std::memcmp(a.ptr(y), b.ptr(y), static_cast<std::size_t>(a.cols) * a.elemSize()) != 0) return false;
  }
  return true;
}

Detectors detectors() {
  Detectors out;
  const std::string folder(kCascadeFolder);
  REQUIRE(out.face.load(folder + "/haarcascade_frontalface_alt2.xml"));
  REQUIRE(out.face_vote.load(folder + "/haarcascade_frontalface_default.xml"));
  REQUIRE(out.eye.load(folder + "/haarcascade_eye_tree_eyeglasses.xml"));
  REQUIRE(out.eye_plain.load(folder + "/haarcascade_eye.xml"));
  return out;
}

/// All pictures that a scene holds.
std::vector<cv::Mat> pixels_of(const Scene& scene) {
  return {scene.picture, scene.standard, scene.patch.bgr, scene.patch.lab, scene.patch.luminance, scene.patch.skin};
}

}  // namespace

TEST_CASE("cutting a patch for the expression leaves the picture as it was, at every step") {
  Truth truth;
  const Picture picture = draw_look(41, {}, 480, 640, &truth);
  const cv::Mat bgr = view(picture), before = bgr.clone();
  const cv::Point2d eye(truth.left_eye.x, truth.left_eye.y);
  for (const double unit : {40.0, 100.0, 150.0, 230.0}) {  // 0.5 to 5 pixels a step
    CAPTURE(unit);
    const std::vector<float> first = patch_features(bgr, {eye, unit, 3}, kMouthPatchUnits);
    CHECK(same(bgr, before));
    CHECK(patch_features(bgr, {eye, unit, 3}, kMouthPatchUnits) == first);
  }
}

TEST_CASE("no rule alters the scene that the others look at") {
  Detectors finders = detectors();
  const Limits limits;
  Look glasses;
  glasses.eyewear = Eyewear::clear;
  Look asleep;  // eyes that are not seen are searched for
  asleep.eyes_open = 0;
  for (const Look& look : {Look{}, glasses, asleep}) {
    const Picture picture = draw_look(42, look, 480, 640);
    const Scene scene = make_scene(picture, limits, finders);
    REQUIRE(scene.has_face());
    std::vector<cv::Mat> before;
    for (const cv::Mat& one : pixels_of(scene)) before.push_back(one.clone());
    for (const Rule& rule : all_rules()) {
      const Finding found = rule.judge(scene);
      CAPTURE(std::string(found.code));
      const std::vector<cv::Mat> now = pixels_of(scene);
      for (std::size_t i = 0; i < now.size(); ++i) CHECK(same(now[i], before[i]));
    }
  }
}
