#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "core/portrait/check.h"
#include "core/portrait/crop.h"
#include "core/portrait/decode.h"
#include "core/portrait/encode.h"
#include "core/portrait/phash.h"
#include "core/portrait/retakes.h"
#include "examples/portraits/dice.h"
#include "examples/portraits/people.h"
#include "tests/unit/portrait/files.h"
#include "tests/unit/portrait/one_judge.h"

using namespace satchel::core;
using namespace satchel::core::portrait;
using namespace satchel::examples;
using satchel::test::judge;

namespace {

/// Dots per inch in the JFIF segment; 0 without one.
int jfif_dpi(ByteView jpeg) {
  if (jpeg.size() < 20 || as_text(jpeg.subspan(6, 4)) != "JFIF" || jpeg[13] != 1) return 0;
  const int x = jpeg[14] * 256 + jpeg[15], y = jpeg[16] * 256 + jpeg[17];
  return x == y ? x : 0;
}

Picture noise(int width, int height) {
  Dice dice(5);
  Picture out = satchel::test::gradient(width, height);
  for (std::uint8_t& value : out.bgr) value = static_cast<std::uint8_t>(dice.pick(256));
  return out;
}

}  // namespace

TEST_CASE("the standard picture is 480 by 640, 300 dpi and 20 to 40 KB") {
  for (const auto& [width, height] : {std::pair{480, 640}, std::pair{960, 1280}, std::pair{1800, 1200}}) {
    CAPTURE(width, height);
    const Picture picture = draw_person(12, Defect::none, width, height);
    const auto standard = make_standard(picture, judge().check(picture));
    REQUIRE(standard);
    CHECK(standard->in_window);
    CHECK(standard->jpeg.size() >= 20'000);
    CHECK(standard->jpeg.size() <= 40'000);
    CHECK(standard->quality >= 60);
    CHECK(jfif_dpi(standard->jpeg) == 300);
    const auto decoded = decode(standard->jpeg);
    REQUIRE(decoded);
    CHECK(decoded->width == 480);
    CHECK(decoded->height == 640);
    CHECK(judge().check(*decoded).verdict != Level::fail);
  }
}

TEST_CASE("a crop of a wide original lands on the aim") {
  for (std::uint64_t seed = 31; seed <= 35; ++seed) {
    CAPTURE(seed);
    Truth truth;
    const Picture wide = draw_person(seed, Defect::none, 1800, 1200, &truth);
    const auto standard = make_standard(wide, judge().check(wide));
    REQUIRE(standard);
    const Transform& t = standard->transform;
    CHECK(t.cropped);
    CHECK(t.scale <= 1.0);
    const double mid_x = ((truth.left_eye.x + truth.right_eye.x) / 2 - t.crop.x) * t.scale;
    const double mid_y = ((truth.left_eye.y + truth.right_eye.y) / 2 - t.crop.y) * t.scale;
    CHECK(mid_x == Approx(240).margin(6));
    CHECK(mid_y == Approx(250).margin(6));
    CHECK(truth.face_width * t.scale == Approx(240).margin(14));
  }
}

TEST_CASE("a 3:4 picture with pixels to spare is brought nearer to the aim, one without is not cut") {
  int cropped = 0;
  for (const std::uint64_t seed : {3u, 26u, 30u}) {  // faces a little small, so that there is room to cut
    CAPTURE(seed);
    Truth truth;
    const Picture picture = draw_person(seed, Defect::none, 900, 1200, &truth);
    const auto standard = make_standard(picture, judge().check(picture));
    REQUIRE(standard);
    const Transform& t = standard->transform;
    cropped += t.cropped ? 1 : 0;
    CHECK(std::abs((truth.left_eye.y + truth.right_eye.y) / 2 * t.scale - t.crop.y * t.scale - 250) <= 6);
    CHECK(std::abs((truth.left_eye.x + truth.right_eye.x) / 2 * t.scale - t.crop.x * t.scale - 240) <= 6);
    const Picture small = draw_person(seed, Defect::none, 480, 640);
    CHECK_FALSE(make_standard(small, judge().check(small))->transform.cropped);
  }
  CHECK(cropped >= 2);
}

TEST_CASE("a nudge moves the person by frame pixels, and the picture's edges stop it") {
  const Picture wide = draw_person(33, Defect::too_small, 1800, 1200);  // room on all sides
  const Verdict verdict = judge().check(wide);
  const Transform plain = make_standard(wide, verdict)->transform;
  StandardOptions options;
  options.nudge = {12, -8, 1};
  const Transform moved = make_standard(wide, verdict, {}, options)->transform;
  CHECK((plain.crop.x - moved.crop.x) * plain.scale == Approx(12).margin(1.1));
  CHECK((moved.crop.y - plain.crop.y) * plain.scale == Approx(8).margin(1.1));
  CHECK(moved.crop.width == plain.crop.width);
  options.nudge = {0, 0, 1.1};
  const Transform grown = make_standard(wide, verdict, {}, options)->transform;
  CHECK(grown.crop.width * 1.1 == Approx(plain.crop.width).margin(2));
  const double eyes = plain.crop.y + 250 / plain.scale;  // stay where they are while the face grows
  CHECK((eyes - grown.crop.y) * grown.scale == Approx(250).margin(1.5));
  options.nudge = {5000, 5000, 0.01};
  const Transform far = make_standard(wide, verdict, {}, options)->transform;
  CHECK(far.crop.x >= 0);
  CHECK(far.crop.y + far.crop.height <= 1200);
}

TEST_CASE("what was done to the pixels stands in the file, and nothing of the camera's EXIF does") {
  const Picture wide = draw_person(31, Defect::none, 1800, 1200);
  const Bytes camera = satchel::test::with_orientation(*encode_jpeg(wide, {}), 1, true);
  const Picture decoded = *decode(camera);
  const auto standard = make_standard(decoded, judge().check(decoded));
  REQUIRE(standard);
  const std::string file(as_text(standard->jpeg));
  CHECK(standard->recipe.starts_with("satchel standard/1; source 1800x1200; crop "));
  CHECK(file.find(standard->recipe) != std::string::npos);
  CHECK(file.find("Exif") == std::string::npos);
}

TEST_CASE("colour is kept at full resolution where the profile asks") {
  const Picture person = draw_person(12, Defect::none, 480, 640);
  const Verdict verdict = judge().check(person);
  StandardOptions options;
  options.chroma = Subsampling::k444;
  const auto full = make_standard(person, verdict, {}, options);
  const auto half = make_standard(person, verdict);
  REQUIRE(full);
  CHECK(full->in_window);
  CHECK(full->quality <= half->quality);
  CHECK(full->jpeg != half->jpeg);
}

TEST_CASE("retakes and copies fall into one group, whatever their order") {
  const std::uint64_t first = perceptual_hash(draw_person(1, Defect::none, 480, 640));
  const std::uint64_t copy = perceptual_hash(*decode(*encode_jpeg(draw_person(1, Defect::none, 960, 1280), {70})));
  const std::uint64_t other = perceptual_hash(satchel::test::gradient(480, 640));
  CHECK(group_retakes(std::array{first, other, copy}) == std::vector<std::size_t>{0, 1, 0});
  CHECK(group_retakes(std::array{other, copy, first}) == std::vector<std::size_t>{0, 1, 1});
  // A chain joins its ends: 0x0F and 0xF0 are 8 bits apart, each 4 from what stands between.
  CHECK(group_retakes(std::array<std::uint64_t, 3>{0x0F, 0xF0, 0xFF}, 4) == std::vector<std::size_t>{0, 0, 0});
  CHECK(group_retakes(std::array<std::uint64_t, 3>{0x0F, 0xF0, 0xFF00}, 4) == std::vector<std::size_t>{0, 1, 2});
  CHECK(group_retakes(std::array<std::uint64_t, 2>{0, 0}) == std::vector<std::size_t>{0, 1});
  CHECK(group_retakes({}).empty());
}

TEST_CASE("a picture of exactly the standard's size keeps its pixels") {
  const Picture picture = draw_person(12, Defect::none, 480, 640);
  const auto standard = make_standard(picture, judge().check(picture));
  REQUIRE(standard);
  CHECK(standard->picture.bgr == picture.bgr);
}

TEST_CASE("a refused picture still has a standard one, for an operator who overrides") {
  for (const Defect defect : {Defect::no_face, Defect::two_faces, Defect::too_small}) {
    for (const auto& [width, height] : {std::pair{480, 640}, std::pair{700, 400}}) {
      const Picture picture = draw_person(2, defect, width, height);
      const auto standard = make_standard(picture, judge().check(picture));
      REQUIRE(standard);
      CHECK(standard->picture.width == 480);
      CHECK(standard->picture.height == 640);
    }
  }
  CHECK_FALSE(make_standard(Picture{}, Verdict{}));
}

TEST_CASE("a shrunk decode gives its crop in pixels of the source") {
  const Bytes file = *encode_jpeg(draw_person(8, Defect::none, 1800, 1200), {});
  const Picture half = *decode(file, {900});
  const auto standard = make_standard(half, judge().check(half));
  REQUIRE(standard);
  CHECK(standard->transform.crop.height > 1000);
}

TEST_CASE("a preview is 120 by 160 and never over 4 KB") {
  for (const Picture& standard : {draw_person(1, Defect::none, 480, 640), noise(480, 640)}) {
    const auto preview = make_preview(standard);
    REQUIRE(preview);
    CHECK(preview->size() <= 4096);
    const auto decoded = decode(*preview);
    REQUIRE(decoded);
    CHECK(decoded->width == 120);
    CHECK(decoded->height == 160);
  }
}

TEST_CASE("an export is 120 by 160 at 300 dpi") {
  const auto file = make_export(draw_person(1, Defect::none, 480, 640));
  REQUIRE(file);
  CHECK(jfif_dpi(*file) == 300);
  const auto decoded = decode(*file);
  REQUIRE(decoded);
  CHECK(decoded->width == 120);
  CHECK(decoded->height == 160);
}

TEST_CASE("a size window is kept where it can be, and the quality never goes below its floor") {
  const Picture person = draw_person(4, Defect::none, 480, 640);
  const auto fits = encode_jpeg_window(person, 20'000, 40'000, 60);
  REQUIRE(fits);
  CHECK(fits->in_window);
  const auto one_better = encode_jpeg(person, {fits->quality + 1, 300, Subsampling::k420});
  REQUIRE(one_better);
  CHECK(one_better->size() > 40'000);
  const auto too_much = encode_jpeg_window(noise(480, 640), 20'000, 40'000, 60);
  REQUIRE(too_much);
  CHECK_FALSE(too_much->in_window);
  CHECK(too_much->quality == 60);
  CHECK_FALSE(encode_jpeg(Picture{}));
  CHECK_FALSE(encode_png(Picture{}));
}

TEST_CASE("encoding twice gives the same bytes") {
  const Picture person = draw_person(4, Defect::none, 480, 640);
  CHECK(*encode_jpeg(person) == *encode_jpeg(person));
  CHECK(*encode_png(person) == *encode_png(person));
}

TEST_CASE("a person is drawn the same way twice, and differently from the next seed") {
  CHECK(draw_person(5, Defect::none, 240, 320).bgr == draw_person(5, Defect::none, 240, 320).bgr);
  CHECK(draw_person(5, Defect::none, 240, 320).bgr != draw_person(6, Defect::none, 240, 320).bgr);
  CHECK(defect_named("blue-on-blue") == Defect::blue_on_blue);
  CHECK_FALSE(defect_named("ugly"));
}

TEST_CASE("the perceptual hash knows a picture again after scaling and encoding, and tells two apart") {
  const Picture a = draw_person(1, Defect::none, 480, 640);
  const std::uint64_t hash = perceptual_hash(a);
  CHECK(hash_distance(hash, perceptual_hash(draw_person(1, Defect::none, 960, 1280))) <= 6);
  CHECK(hash_distance(hash, perceptual_hash(*decode(*encode_jpeg(a, {60, 300, Subsampling::k420})))) <= 6);
  CHECK(hash_distance(hash, perceptual_hash(satchel::test::gradient(480, 640))) > 12);
  CHECK(hash_distance(0, ~std::uint64_t{0}) == 64);
  CHECK(perceptual_hash(Picture{}) == 0);
}
