#include "core/portrait/recogniser.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <string>

#include "tests/support/scratch.h"
#include "tests/support/seeded_rng.h"

using namespace satchel;
using namespace satchel::core;
using namespace satchel::core::portrait;

namespace {

// An ONNX file is a protocol buffer (onnx.proto3); what is written here is all that a network of two layers needs.
std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>(value | 0x80U);
  return out + static_cast<char>(value);
}
std::string number(int field, std::uint64_t value) { return varint(static_cast<std::uint64_t>(field) << 3U) + varint(value); }
std::string part(int field, const std::string& bytes) {
  return varint((static_cast<std::uint64_t>(field) << 3U) | 2U) + varint(bytes.size()) + bytes;
}
std::string ints(const std::string& name, std::initializer_list<std::uint64_t> values) {
  std::string out = part(1, name);
  for (const std::uint64_t value : values) out += number(8, value);
  return part(5, out + number(20, 7));
}
std::string tensor(const std::string& name, std::initializer_list<std::uint64_t> shape) {
  std::string dims;
  for (const std::uint64_t size : shape) dims += part(1, number(1, size));
  return part(1, name) + part(2, part(1, number(1, 1) + part(2, dims)));
}

/// A network with the shape of a recogniser that knows nothing of faces: the brightness and colour of 16×16 tiles. It tells
/// pictures apart, which is all that these tests need.
std::string tiles_network() {
  const std::string pool = part(1, "data") + part(2, "tiles") + part(3, "pool") + part(4, "AveragePool") +
                           ints("kernel_shape", {7, 7}) + ints("strides", {7, 7});
  const std::string axis = part(5, part(1, "axis") + number(3, 1) + number(20, 2));
  const std::string flat = part(1, "tiles") + part(2, "fc1") + part(3, "flat") + part(4, "Flatten") + axis;
  const std::string graph = part(1, pool) + part(1, flat) + part(2, "tiles") + part(11, tensor("data", {1, 3, 112, 112})) +
                            part(12, tensor("fc1", {1, 768}));
  return number(1, 7) + part(8, part(1, "") + number(2, 11)) + part(7, graph);
}

ModelFile write_model(const tests::Scratch& scratch, const std::string& contents) {
  const std::filesystem::path path = scratch / "model.onnx";
  tests::write_file(path, contents);
  return {path.string(), to_bytes(as_bytes(contents))};
}

/// Something that differs from person to person, with the five points where a face has them.
cv::Mat person(std::uint64_t seed, int shift = 0) {
  tests::SeededRng rng(seed);
  cv::Mat small(9, 9, CV_8UC3), out;
  for (auto at = small.begin<cv::Vec3b>(); at != small.end<cv::Vec3b>(); ++at) {
    for (int c = 0; c < 3; ++c) (*at)[c] = static_cast<unsigned char>(rng.below(256));
  }
  cv::resize(small, out, {200, 200}, 0, 0, cv::INTER_CUBIC);
  if (shift != 0) out += cv::Scalar::all(shift);
  return out;
}

SeenFace face() {
  SeenFace out;
  out.box = {30, 20, 140, 160};
  out.points = {{70, 80}, {130, 80}, {100, 110}, {76, 145}, {124, 145}};
  return out;
}

FaceFeatures direction(double angle) { return {{static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))}}; }

}  // namespace

TEST_CASE("a recogniser finds a picture like itself, in other light too, and others unlike it") {
  const tests::Scratch scratch;
  const RecogniserFile file{write_model(scratch, tiles_network()), {0.5, 10'000}};
  auto loaded = Recogniser::load(file);
  REQUIRE(loaded.has_value());
  const auto one = (*loaded)->features(person(1), face());
  const auto same = (*loaded)->features(person(1, 6), face());
  const auto other = (*loaded)->features(person(2), face());
  REQUIRE((one && same && other));
  CHECK(one->values.size() == 768);
  CHECK(*cosine(*one, *one) == Approx(1));
  CHECK(*cosine(*one, *same) > 0.99);
  CHECK(*cosine(*one, *other) < *cosine(*one, *same) - 0.05);
}

TEST_CASE("what is no recogniser, or comes without a scale, is refused") {
  const tests::Scratch scratch;
  const auto code = [&](const std::string& contents, double at_80) {
    const auto loaded = Recogniser::load({write_model(scratch, contents), {at_80, 10'000}});
    return loaded ? Code::kInternal : loaded.error().code;
  };
  CHECK(code("not a network", 0.4) == Code::kModelUnfit);
  CHECK(code("", 0.4) == Code::kModelUnfit);
  CHECK(code(tiles_network(), 0) == Code::kRecogniserUncalibrated);
  CHECK(code(tiles_network(), std::nan("")) == Code::kRecogniserUncalibrated);
  CHECK(code(tiles_network(), 1) == Code::kRecogniserUncalibrated);
}

TEST_CASE("80 of 100 stands where one pair of strangers in 10,000 would pass") {
  // 200 people: 19,900 pairs, of which one may pass. One pair of twins and one that is less alike.
  std::vector<FaceFeatures> people;
  for (int i = 0; i < 198; ++i) {
    FaceFeatures one;
    one.values.assign(201, 0.0F);
    one.values[static_cast<std::size_t>(i)] = 1;
    one.values[200] = 0.1F;
    people.push_back(one);
  }
  for (const float twin : {0.50F, 0.45F}) {
    FaceFeatures one = people.front();
    one.values[199] = twin;
    people.push_back(one);
  }
  const RecogniserScale scale = calibrate(people);
  CHECK(scale.pairs == 19'900);
  std::size_t pass = 0;
  for (std::size_t i = 0; i < people.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) pass += similarity(*cosine(people[i], people[k]), scale) >= 80 ? 1U : 0U;
  }
  CHECK(pass == 1);
  CHECK(calibrate({}).pairs == 0);
  CHECK(calibrate({direction(0), direction(1)}).pairs < kPairsLeast);
}

TEST_CASE("similarity grows with the cosine, from 0 to 100") {
  const RecogniserScale scale{0.4, 10'000};
  CHECK(similarity(-1, scale) == 0);
  CHECK(similarity(0, scale) == 0);
  CHECK(similarity(0.4, scale) == Approx(80));
  CHECK(similarity(1, scale) == Approx(100));
  for (double at = -1; at < 0.99; at += 0.01) CHECK(similarity(at, scale) <= similarity(at + 0.01, scale));
  CHECK_FALSE(cosine(direction(0), {{1, 2, 3}}));
  CHECK_FALSE(cosine({}, {}));
  CHECK_FALSE(cosine({{0, 0}}, {{0, 0}}));
}
