#include "core/portrait/replace.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "core/portrait/check.h"
#include "core/portrait/crop.h"
#include "core/portrait/decode.h"
#include "examples/portraits/people.h"
#include "tests/unit/portrait/cutout.h"
#include "tests/unit/portrait/files.h"

using namespace satchel::core;
using namespace satchel::core::portrait;
using namespace satchel::test;

namespace {

constexpr Ground kBlue{100, 197, 255};

/// The mean distance, in 8-bit steps, of the mixed pixels from what the person before the new ground really looks like.
double edge_error(const Picture& ours, const Picture& truth, const std::vector<float>& person) {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < person.size(); ++i) {
    if (person[i] < 0.05f || person[i] > 0.95f) continue;
    for (std::size_t c = 0; c < 3; ++c)
      sum += std::abs(static_cast<int>(ours.bgr[i * 3 + c]) - static_cast<int>(truth.bgr[i * 3 + c]));
    count += 3;
  }
  return sum / count;
}

}  // namespace

TEST_CASE("a plain ground is replaced: the mask is the person's, and the edge looks as if shot before the new ground") {
  const Ground grounds[] = {{120, 190, 240}, {245, 245, 245}, {235, 225, 205}, {60, 150, 80}};
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    CutoutOptions options;
    options.ground = grounds[seed % 4];
    options.side_light = seed % 3 == 0 ? 0.12 : 0.0;
    const Cutout shot = draw_cutout(seed, options);
    const auto replaced = replace_ground(shot.picture, &shot.face, kBlue);
    REQUIRE(replaced);
    CAPTURE(seed, replaced->residual, replaced->clothes_delta, replaced->person_share);
    if (replaced->change == GroundChange::clothes) {  // white clothes before a white ground, and rightly so
      ++refused;
      continue;
    }
    REQUIRE(replaced->change == GroundChange::replaced);
    CHECK(overlap(replaced->mask, shot.person) >= 0.985);
    options.ground = kBlue;
    options.side_light = 0;
    CHECK(edge_error(replaced->picture, draw_cutout(seed, options).picture, shot.person) < 12);
    CHECK(replaced->picture.bgr[0] == 255);
    CHECK(replaced->picture.bgr[1] == 197);
    CHECK(replaced->picture.bgr[2] == 100);
  }
  CHECK(refused <= 3);
}

TEST_CASE("a ground is left alone, with the reason, where replacing would do harm") {
  CutoutOptions curtain;
  curtain.curtain = true;
  const Cutout folds = draw_cutout(3, curtain);
  CHECK(replace_ground(folds.picture, &folds.face, kBlue)->change == GroundChange::not_plain);
  CutoutOptions alike;
  alike.like_ground = true;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const Cutout same = draw_cutout(seed, alike);
    const auto refused = replace_ground(same.picture, &same.face, kBlue);
    CHECK(refused->change == GroundChange::clothes);
    CHECK(refused->picture.bgr == same.picture.bgr);
    CHECK(refused->mask.empty());
  }
  CHECK(replace_ground(folds.picture, nullptr, kBlue)->change == GroundChange::no_face);
  Picture empty = gradient(480, 640);
  for (std::size_t i = 0; i < empty.bgr.size(); ++i) empty.bgr[i] = 200;  // an empty wall where a face is said to be: "all blue"
  CHECK(replace_ground(empty, &folds.face, kBlue)->change == GroundChange::swallowed);
  CHECK_FALSE(replace_ground(Picture{}, &folds.face, kBlue));
  for (const GroundChange change :
       {GroundChange::no_face, GroundChange::not_plain, GroundChange::clothes, GroundChange::swallowed}) {
    CHECK(words_of(change).change == change);
    CHECK_FALSE(words_of(change).cure_zh.empty());
    CHECK_FALSE(words_of(change).cure_en.empty());
  }
}

TEST_CASE("a standard picture gets a new ground where the profile asks, says so in the file, and repeats") {
  const auto judge = Judge::load();
  REQUIRE(judge);
  const Picture person = satchel::examples::draw_person(12, satchel::examples::Defect::none, 960, 1280);
  const Verdict verdict = (*judge)->check(person);
  StandardOptions options;
  options.ground = Ground{200, 30, 30};
  const auto standard = make_standard(person, verdict, {}, options);
  REQUIRE(standard);
  REQUIRE(standard->ground);
  REQUIRE(standard->ground->change == GroundChange::replaced);
  CHECK(standard->recipe.find("; ground/1 200,30,30; residual ") != std::string::npos);
  CHECK(std::string(as_text(standard->jpeg)).find(standard->recipe) != std::string::npos);
  const auto decoded = decode(standard->jpeg);
  REQUIRE(decoded);
  CHECK(std::abs(decoded->bgr[2] - 200) < 12);
  CHECK(make_standard(person, verdict, {}, options)->jpeg == standard->jpeg);
  CHECK_FALSE(make_standard(person, verdict)->ground);
}
