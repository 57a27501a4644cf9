// One face under two names, and two faces under one.
#include "core/portrait/faces.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace satchel::core::portrait;

namespace {

constexpr RecogniserScale kScale{0.5, 10'000};

/// A face as a direction in a plane: two are as like as the cosine of the angle between them.
SeenAs seen(std::size_t person, double degrees) {
  const double angle = degrees * 3.14159265358979 / 180;
  return {person, {{static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))}}};
}

}  // namespace

TEST_CASE("one face under two people is told, the most alike first, and who looks otherwise is not") {
  const std::vector<SeenAs> pictures{seen(1, 0), seen(2, 10), seen(3, 90), seen(4, 2), seen(5, 170)};
  const FaceComparison found = compare_faces(pictures, kScale, 10);
  CHECK(found.strangers == 10);
  REQUIRE(found.same.size() == 3);
  CHECK(found.same_count == 3);
  CHECK((found.same[0].one == 0 && found.same[0].two == 3));
  CHECK((found.same[1].one == 1 && found.same[1].two == 3));
  CHECK((found.same[2].one == 0 && found.same[2].two == 1));
  CHECK(found.same[0].similarity > found.same[1].similarity);
  CHECK(found.unlike.empty());
}

TEST_CASE("two faces under one person are told, and retakes of one face are not") {
  const std::vector<SeenAs> pictures{seen(1, 0), seen(1, 20), seen(1, 100), seen(2, 200)};
  const FaceComparison found = compare_faces(pictures, kScale, 10);
  REQUIRE(found.unlike.size() == 2);
  CHECK((found.unlike[0].one == 0 && found.unlike[0].two == 2));
  CHECK((found.unlike[1].one == 1 && found.unlike[1].two == 2));
  CHECK(found.same.empty());
}

TEST_CASE("a cut list holds what matters most, whatever the order of the pictures, and says how many there are") {
  std::vector<SeenAs> pictures;
  for (std::size_t i = 0; i < 12; ++i) pictures.push_back(seen(i, static_cast<double>((i * 7) % 12)));
  const FaceComparison whole = compare_faces(pictures, kScale, 1000);
  REQUIRE(whole.same.size() == 66);
  const FaceComparison cut = compare_faces(pictures, kScale, 5);
  CHECK(cut.same_count == 66);
  REQUIRE(cut.same.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK((cut.same[i].one == whole.same[i].one && cut.same[i].two == whole.same[i].two));
  CHECK(compare_faces(pictures, kScale, 0).same.empty());
}

TEST_CASE("faces of nothing and of another model are passed over, and the work stops when it is told to") {
  std::vector<SeenAs> pictures{seen(1, 0), seen(2, 0), {3, {}}, {4, {{1, 0, 0}}}};
  CHECK(compare_faces(pictures, kScale, 10).strangers == 1);
  CHECK(compare_faces(pictures, kScale, 10, [](std::size_t done) { return done < 1; }).strangers == 0);
}
