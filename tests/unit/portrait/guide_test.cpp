#include "core/portrait/guide.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <functional>
#include <opencv2/imgproc.hpp>

#include "core/portrait/face_model.h"
#include "core/portrait/mat.h"
#include "examples/portraits/people.h"
#include "tests/support/scratch.h"
#include "tests/unit/portrait/files.h"

using namespace satchel::core::portrait;
using namespace satchel::examples;

namespace {

std::unique_ptr<Guide> guide() {
  auto loaded = Guide::load();
  REQUIRE(loaded);
  return std::move(*loaded);
}

bool says(const Guidance& guidance, Hint hint) {
  return std::find(guidance.hints.begin(), guidance.hints.end(), hint) != guidance.hints.end();
}

/// A camera's 4:3 frame whose middle is the portrait (of 480×640), moved and zoomed.
Picture frame_of(const Picture& person, double zoom, double dx, double dy) {
  cv::Mat out(480, 640, CV_8UC3);
  // 360×480 is the 3:4 part of 640×480.
  cv::warpAffine(view(person), out, cv::Matx23d(0.75 * zoom, 0, 320 + dx - 180 * zoom, 0, 0.75 * zoom, 187.5 + dy - 187.5 * zoom),
                 out.size(), cv::INTER_AREA, cv::BORDER_REPLICATE);
  return to_picture(out);
}

Picture frame_of(std::uint64_t seed, double dx = 0, Defect defect = Defect::none) {
  return frame_of(draw_person(seed, defect, 480, 640), 1, dx, 0);
}

}  // namespace

TEST_CASE("a person who sits right is told so, one who does not is told where to go") {
  int good = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    const Picture person = draw_person(seed, Defect::none, 480, 640);
    const auto watch = guide();
    watch->see(frame_of(person, 1, 0, 0));
    const Guidance still = watch->see(frame_of(person, 1, 0, 0));
    CHECK(still.score > 40);
    CHECK_FALSE(says(still, Hint::closer));
    CHECK_FALSE(says(still, Hint::go_left));
    CHECK_FALSE(says(still, Hint::go_right));
    good += still.hints.empty() ? 1 : 0;
    CHECK(says(guide()->see(frame_of(person, 0.6, 0, 0)), Hint::closer));
    CHECK(says(guide()->see(frame_of(person, 1.4, 0, 0)), Hint::farther));
    CHECK(says(guide()->see(frame_of(person, 1, 50, 0)), Hint::go_left));
    CHECK(says(guide()->see(frame_of(person, 1, -50, 0)), Hint::go_right));
    CHECK(says(guide()->see(frame_of(person, 1, 0, -55)), Hint::camera_up));
    CHECK(says(guide()->see(frame_of(person, 1, 0, 55)), Hint::camera_down));
  }
  CHECK(good >= 3);
}

TEST_CASE("light, movement and an empty chair have their hints") {
  CHECK(says(guide()->see(frame_of(4, 0, Defect::dark)), Hint::more_light));
  int light = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const Guidance half = guide()->see(frame_of(seed, 0, Defect::half_dark));
    light += says(half, Hint::light_left) || says(half, Hint::light_right) ? 1 : 0;
  }
  CHECK(light >= 3);
  const auto watch = guide();
  watch->see(frame_of(4));
  CHECK(says(watch->see(frame_of(4, 20)), Hint::hold_still));
  CHECK(says(guide()->see(frame_of(4, 0, Defect::blurred)), Hint::hold_still));
  CHECK(says(guide()->see(satchel::test::gradient(640, 480)), Hint::come_into_view));
  CHECK(says(guide()->see(Picture{}), Hint::come_into_view));
  CHECK(guide()->see(Picture{}).score == 0);
}

TEST_CASE("a second person, closed eyes, a tilted head and too much light have their hints, and nobody else's") {
  const auto told = [](Hint hint, const std::function<Picture(std::uint64_t)>& draw) {
    int out = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) out += says(guide()->see(frame_of(draw(seed), 1, 0, 0)), hint) ? 1 : 0;
    return out;
  };
  const auto with = [](Defect defect) { return [defect](std::uint64_t seed) { return draw_person(seed, defect, 480, 640); }; };
  const auto eyes_closed = [](std::uint64_t seed) {
    Look look;
    look.eyes_open = 0;
    return draw_look(seed, look, 480, 640);
  };
  for (const auto& [hint, draw] :
       {std::pair<Hint, std::function<Picture(std::uint64_t)>>{Hint::one_person, with(Defect::two_faces)},
        {Hint::straighten, with(Defect::tilted)},
        {Hint::less_light, with(Defect::over_exposed)},
        {Hint::open_eyes, eyes_closed}}) {
    CAPTURE(words_of(hint).code);
    CHECK(told(hint, draw) >= 3);
    CHECK(told(hint, with(Defect::none)) == 0);
  }
}

TEST_CASE("a chin that is too low or too high is told by where the nose stands between eyes and mouth") {
  const Limits limits;
  const auto hint = [&](double nose_share) {
    const FacePoints points{{80, 100}, {160, 100}, {120, 100 + 90 * nose_share}, {90, 190}, {150, 190}};
    return chin_hint(points, limits);
  };
  CHECK(hint(0.45) == Hint::chin_down);
  CHECK_FALSE(hint(0.58));
  CHECK(hint(0.75) == Hint::chin_up);
  CHECK_FALSE(chin_hint({{80, 100}, {160, 100}, {120, 100}, {90, 100}, {150, 100}}, limits));  // no face
}

TEST_CASE("with the face model a level head is told nothing of its chin, in any frame") {
  const char* path = std::getenv("SATCHEL_FACE_MODEL");
  if (path == nullptr) {
    WARN("SATCHEL_FACE_MODEL names no model: not tested");
    return;
  }
  const ModelFile model{path, satchel::core::to_bytes(satchel::core::as_bytes(satchel::tests::read_file(path)))};
  auto watch = Guide::load(kCascadeFolder, {}, model);
  REQUIRE(watch);
  for (std::uint64_t seed = 41; seed <= 43; ++seed) {
    for (int i = 0; i < 9; ++i) {
      const Guidance level = (*watch)->see(frame_of(seed));
      CHECK_FALSE(says(level, Hint::chin_up));
      CHECK_FALSE(says(level, Hint::chin_down));
    }
  }
}

TEST_CASE("a sharp frame scores above a blurred one of the same person, and the same frames give the same hints") {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const auto sharp = guide()->see(frame_of(seed)), soft = guide()->see(frame_of(seed, 0, Defect::blurred));
    CHECK(sharp.score > soft.score);
    const auto again = guide()->see(frame_of(seed));
    CHECK(again.score == sharp.score);
    CHECK(again.hints == sharp.hints);
  }
}

TEST_CASE("every hint has words in both languages and a code of its own") {
  std::vector<std::string_view> codes;
  for (const HintWords& words : all_hints()) {
    CHECK(&words_of(words.hint) == &words);
    CHECK_FALSE(words.zh.empty());
    CHECK_FALSE(words.en.empty());
    codes.push_back(words.code);
  }
  std::sort(codes.begin(), codes.end());
  CHECK(std::adjacent_find(codes.begin(), codes.end()) == codes.end());
  const auto missing = Guide::load("/nonexistent");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == satchel::core::Code::kDetectorMissing);
}
