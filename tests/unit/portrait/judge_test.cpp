#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <opencv2/core/utility.hpp>
#include <string>
#include <vector>

#include "core/portrait/check.h"
#include "core/portrait/encode.h"
#include "examples/portraits/people.h"
#include "tests/unit/portrait/files.h"
#include "tests/unit/portrait/one_judge.h"

using namespace satchel::core;
using namespace satchel::core::portrait;
using namespace satchel::examples;
using satchel::test::judge;

namespace {

const Finding* finding(const Verdict& verdict, std::string_view code) {
  for (const auto* list : {&verdict.findings, &verdict.passed}) {
    for (const Finding& f : *list) {
      if (f.code == code) return &f;
    }
  }
  return nullptr;
}

bool fails(const Verdict& verdict, std::string_view code) {
  const Finding* f = finding(verdict, code);
  return f != nullptr && f->level == Level::fail;
}

std::string summary(const Verdict& verdict) {
  std::string out;
  for (const Finding& f : verdict.findings)
    out += std::string(f.code) + "=" + std::to_string(f.value) + " (" + std::string(name(f.level)) + ") ";
  return out;
}

/// All numbers of a verdict, to the last bit; what no rule could measure is left out.
std::vector<double> numbers(const Verdict& verdict) {
  std::vector<double> out{verdict.score, verdict.frame.x, verdict.frame.y, verdict.frame.width};
  for (const auto* list : {&verdict.findings, &verdict.passed}) {
    for (const Finding& f : *list) {
      if (!std::isnan(f.value)) out.push_back(f.value);
    }
  }
  if (verdict.face) {
    const FaceGeometry& face = *verdict.face;
    out.insert(out.end(), {face.box.x, face.box.y, face.box.width, face.roll_deg, face.face_width_px});
    if (face.left_eye) out.insert(out.end(), {face.left_eye->x, face.left_eye->y, face.right_eye->x, face.right_eye->y});
  }
  return out;
}

double distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y); }

}  // namespace

TEST_CASE("good portraits are accepted at every size, with the face where it was drawn") {
  struct Size {
    int width, height, people;
  };
  for (const Size size : {Size{480, 640, 20}, Size{960, 1280, 4}, Size{1200, 1600, 2}}) {
    for (int seed = 1; seed <= size.people; ++seed) {
      CAPTURE(size.width, seed);
      Truth truth;
      const Verdict verdict =
          judge().check(draw_person(static_cast<std::uint64_t>(seed), Defect::none, size.width, size.height, &truth));
      INFO(summary(verdict));
      CHECK(verdict.verdict == Level::pass);
      CHECK(verdict.faces == 1);
      CHECK(verdict.width == size.width);
      REQUIRE(verdict.face);
      REQUIRE(verdict.face->left_eye);
      const double apart = distance(truth.left_eye, truth.right_eye);
      CHECK(distance(*verdict.face->left_eye, truth.left_eye) <= 0.05 * apart);
      CHECK(distance(*verdict.face->right_eye, truth.right_eye) <= 0.05 * apart);
      CHECK(std::abs(verdict.face->face_width_px - truth.face_width) <= 0.08 * truth.face_width);
      CHECK(std::abs(verdict.face->roll_deg - truth.roll_deg) <= 1.5);
      REQUIRE(verdict.face->hairline_y);
      CHECK(std::abs(*verdict.face->hairline_y - truth.hairline_y) <= 0.08 * apart);
    }
  }
}

TEST_CASE("each fault is refused for its own reason, which is named first") {
  for (const Defect defect : kDefects) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      CAPTURE(std::string(name(defect)), seed);
      const Verdict verdict = judge().check(draw_person(seed, defect, 480, 640));
      INFO(summary(verdict));
      CHECK(verdict.verdict == Level::fail);
      REQUIRE_FALSE(verdict.findings.empty());
      CHECK(verdict.findings.front().code == expected_code(defect));
    }
  }
}

TEST_CASE("combed hair, an empty wall's grain and a chin over a collar are no faces") {
  struct Mistaken {
    std::uint64_t seed;
    Defect defect;
    int width, faces;
  };
  for (const Mistaken& m : {Mistaken{22, Defect::no_face, 480, 0}, Mistaken{532, Defect::no_face, 480, 0},
                            Mistaken{76, Defect::no_face, 960, 0}, Mistaken{19, Defect::blue_on_blue, 480, 1}}) {
    CAPTURE(m.seed);
    CHECK(judge().check(draw_person(m.seed, m.defect, m.width, m.width * 4 / 3)).faces == m.faces);
  }
}

TEST_CASE("eyes are found in too little light, so that the darkness is the reason named") {
  const Verdict verdict = judge().check(draw_person(501, Defect::dark, 480, 640));
  INFO(summary(verdict));
  CHECK(verdict.findings.front().code == "Q-DARK");
  CHECK_FALSE(fails(verdict, "Q-EYES"));
}

TEST_CASE("a fault brings no false reason beside the true one") {
  for (const Defect defect : {Defect::blurred, Defect::half_dark, Defect::off_centre, Defect::too_small, Defect::tilted}) {
    for (std::uint64_t seed = 11; seed <= 13; ++seed) {
      CAPTURE(std::string(name(defect)), seed);
      const Verdict verdict = judge().check(draw_person(seed, defect, 480, 640));
      for (const Finding& f : verdict.findings) {
        INFO(f.code << " " << f.value);
        CHECK((f.level != Level::fail || f.code == expected_code(defect)));
      }
    }
  }
}

TEST_CASE("the same picture gives the same verdict, whatever was judged before and however many threads OpenCV has") {
  for (const Defect defect : {Defect::none, Defect::tilted, Defect::two_faces}) {
    const Picture picture = draw_person(3, defect, 480, 640);
    const Verdict first = judge().check(picture);
    judge().check(draw_person(5, Defect::no_face, 480, 640));
    const auto fresh = Judge::load();
    const Verdict by_fresh = (*fresh)->check(picture);
    cv::setNumThreads(2);
    const Verdict by_two = judge().check(picture);
    cv::setNumThreads(1);
    for (const Verdict& again : {judge().check(picture), by_fresh, by_two}) {
      CAPTURE(std::string(name(defect)));
      CHECK(numbers(again) == numbers(first));
      CHECK(summary(again) == summary(first));
    }
  }
}

TEST_CASE("a verdict is worst first and its level is its worst finding's") {
  for (const Defect defect : {Defect::none, Defect::dark, Defect::two_faces, Defect::no_face}) {
    const Verdict verdict = judge().check(draw_person(2, defect, 480, 640));
    Level worst = Level::pass;
    for (const Finding& f : verdict.findings) {
      CHECK(f.level != Level::pass);
      if (f.level == Level::fail) worst = Level::fail;
      if (f.level == Level::advice && worst == Level::pass) worst = Level::advice;
    }
    CHECK(verdict.verdict == worst);
    CHECK(std::is_sorted(verdict.findings.begin(), verdict.findings.end(), [](const Finding& a, const Finding& b) {
      const auto rank = [](Level level) { return level == Level::fail ? 0 : level == Level::advice ? 1 : 2; };
      return rank(a.level) < rank(b.level);
    }));
    for (const Finding& f : verdict.passed) CHECK(f.level == Level::pass);
  }
}

TEST_CASE("a camera's 3:2 original is judged by the crop that it allows") {
  Truth truth;
  const Picture wide = draw_person(6, Defect::none, 1800, 1200, &truth);
  const Verdict verdict = judge().check(wide);
  INFO(summary(verdict));
  CHECK(verdict.verdict == Level::advice);
  const Finding* ratio = finding(verdict, "Q-RATIO");
  REQUIRE(ratio != nullptr);
  CHECK(ratio->level == Level::advice);
  CHECK(verdict.frame.width / verdict.frame.height == Approx(0.75).epsilon(0.01));
  const double middle = (truth.left_eye.x + truth.right_eye.x) / 2;
  CHECK(verdict.frame.x + verdict.frame.width / 2 == Approx(middle).margin(30));
}

TEST_CASE("a wide picture whose face has too few pixels is too small, not badly placed") {
  const Verdict verdict = judge().check(draw_person(6, Defect::none, 600, 400));
  INFO(summary(verdict));
  CHECK(fails(verdict, "Q-SIZE"));
  CHECK_FALSE(fails(verdict, "Q-FACE-WIDTH"));
}

TEST_CASE("limits come from the caller") {
  const Picture good = draw_person(1, Defect::none, 480, 640);
  Limits strict;
  strict.blur_fail = strict.blur_pass = 0.1;
  CHECK(fails(judge().check(good, strict), "Q-BLUR"));
  Limits larger;
  larger.enlarge_max = 0.5;
  CHECK(fails(judge().check(good, larger), "Q-SIZE"));
}

TEST_CASE("a rule that cannot see says so and refuses nothing") {
  const Verdict verdict = judge().check(draw_person(1, Defect::too_small, 480, 640));
  const Finding* blur = finding(verdict, "Q-BLUR");
  REQUIRE(blur != nullptr);
  CHECK(blur->level == Level::unknown);
  CHECK(std::isnan(blur->value));
}

TEST_CASE("clothes are compared with a plain ground only") {
  Picture before_a_shelf = draw_person(1, Defect::blue_on_blue, 480, 640);
  CHECK(fails(judge().check(before_a_shelf), "Q-CLOTHES-BACKGROUND"));
  for (int y = 0; y < 320; ++y) {
    for (int x = 0; x < 480; ++x) {
      if (x >= 60 && x < 420) continue;
      const bool book = (x / 12 + y / 50) % 2 == 0;
      for (std::size_t c = 0; c < 3; ++c)
        before_a_shelf.bgr[(static_cast<std::size_t>(y) * 480 + static_cast<std::size_t>(x)) * 3 + c] = book ? 60 : 230;
    }
  }
  const Verdict verdict = judge().check(before_a_shelf);
  INFO(summary(verdict));
  const Finding* clothes = finding(verdict, "Q-CLOTHES-BACKGROUND");
  REQUIRE(clothes != nullptr);
  CHECK(clothes->level == Level::unknown);
}

TEST_CASE("a better placed portrait scores higher than a refused one") {
  for (std::uint64_t seed = 21; seed <= 22; ++seed) {
    const double good = judge().check(draw_person(seed, Defect::none, 480, 640)).score;
    for (const Defect defect : {Defect::blurred, Defect::off_centre, Defect::no_face}) {
      CHECK(judge().check(draw_person(seed, defect, 480, 640)).score < good);
    }
    CHECK(good <= 100);
    CHECK(good > 60);
  }
}

TEST_CASE("a portrait that lies on its side is found and called tilted") {
  const Picture upright = draw_person(9, Defect::none, 480, 640);
  const Bytes sideways = satchel::test::with_orientation(*encode_jpeg(upright, {95, 300, Subsampling::k444}), 6, false);
  const auto verdict = judge().check_file(sideways);  // 6 turns an upright picture onto its side
  REQUIRE(verdict);
  CHECK(verdict->width == 640);
  CHECK(verdict->faces == 1);
  CHECK(fails(*verdict, "Q-TILT"));
}
