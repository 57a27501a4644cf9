#include "core/code/qr.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace satchel::core;

namespace {

/// As long as a real collection code.
const std::string kText = "SC1." + std::string(120, 'q') + "_-" + std::string(90, '7');

GrayImage drawn(int module_px = 4, const std::string& text = kText) {
  auto image = draw_qr(text, module_px);
  REQUIRE(image.has_value());
  return *image;
}

GrayImage blank(int width, int height, std::uint8_t grey = 255) {
  return {width, height, Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), grey)};
}

std::size_t index(const GrayImage& image, int x, int y) {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x);
}

/// The grey value between pixels; white outside.
double sample(const GrayImage& image, double x, double y) {
  const int left = static_cast<int>(std::floor(x));
  const int top = static_cast<int>(std::floor(y));
  double sum = 0;
  for (int dy = 0; dy < 2; ++dy) {
    for (int dx = 0; dx < 2; ++dx) {
      const bool inside = left + dx >= 0 && top + dy >= 0 && left + dx < image.width && top + dy < image.height;
      const double grey = inside ? image.gray[index(image, left + dx, top + dy)] : 255;
      sum += grey * (1 - std::abs(x - left - dx)) * (1 - std::abs(y - top - dy));
    }
  }
  return sum;
}

/// Turned about its middle and scaled, on a white sheet that holds all of it.
GrayImage turned(const GrayImage& image, double degrees, double scale = 1) {
  const double angle = degrees * 3.14159265358979 / 180;
  const int side = static_cast<int>(1.5 * scale * std::max(image.width, image.height));
  GrayImage out = blank(side, side);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const double dx = (x - side / 2.0) / scale;
      const double dy = (y - side / 2.0) / scale;
      const double from_x = std::cos(angle) * dx + std::sin(angle) * dy + image.width / 2.0;
      const double from_y = -std::sin(angle) * dx + std::cos(angle) * dy + image.height / 2.0;
      out.gray[index(out, x, y)] = static_cast<std::uint8_t>(sample(image, from_x, from_y));
    }
  }
  return out;
}

GrayImage blurred(const GrayImage& image, int radius) {
  GrayImage out = image;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      double sum = 0;
      for (int dy = -radius; dy <= radius; ++dy) {
        for (int dx = -radius; dx <= radius; ++dx) sum += sample(image, x + dx, y + dy);
      }
      out.gray[index(image, x, y)] = static_cast<std::uint8_t>(sum / ((2 * radius + 1) * (2 * radius + 1)));
    }
  }
  return out;
}

template <class Change>
GrayImage changed(GrayImage image, Change change) {
  for (std::uint8_t& grey : image.gray) grey = static_cast<std::uint8_t>(std::clamp<int>(change(static_cast<int>(grey)), 0, 255));
  return image;
}

void check_read(const GrayImage& image) {
  const auto texts = read_qr(image);
  REQUIRE(texts.has_value());
  CHECK(*texts == std::vector<std::string>{kText});
}

}  // namespace

TEST_CASE("what is drawn is read again, at any size of a module") {
  const int module_px = GENERATE(1, 2, 3, 4, 8, 20);
  INFO(module_px);
  check_read(drawn(module_px));
}

TEST_CASE("a drawn code has its quiet zone of four modules, and modules of the wanted size") {
  const int module_px = 5;
  const GrayImage image = drawn(module_px);
  CHECK(image.width == image.height);
  CHECK(image.width % module_px == 0);
  CHECK((image.width / module_px - 8 - 17) % 4 == 0);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < 4 * module_px; ++x) {
      REQUIRE(image.gray[index(image, x, y)] == 255);
      REQUIRE(image.gray[index(image, y, x)] == 255);
      REQUIRE(image.gray[index(image, image.width - 1 - x, y)] == 255);
      REQUIRE(image.gray[index(image, y, image.height - 1 - x)] == 255);
    }
  }
  CHECK(image.gray[index(image, 4 * module_px, 4 * module_px)] == 0);
}

TEST_CASE("error correction is level M: what does not fit into version 40-M is refused") {
  CHECK(draw_qr(std::string(2330, 'a'), 1).has_value());
  CHECK(draw_qr(std::string(2331, 'a'), 1).error().code == Code::kLimitExceeded);
  CHECK(draw_qr("", 4).error().code == Code::kLimitExceeded);
  CHECK(draw_qr("a", 0).error().code == Code::kLimitExceeded);
  CHECK(draw_qr("a", 65).error().code == Code::kLimitExceeded);
  // 211 bytes need version 10 at level M (213 bytes), 9 at level L, 13 at level Q: 57 modules and the quiet zone.
  CHECK(drawn(1, std::string(211, 'a')).width == 57 + 8);
}

TEST_CASE("a code is read at any angle") {
  const double degrees = GENERATE(3.0, 17.0, 45.0, 90.0, 135.0, 180.0, 271.0);
  INFO(degrees);
  check_read(turned(drawn(), degrees));
}

TEST_CASE("a code is read smaller and larger than drawn") {
  const double scale = GENERATE(0.6, 0.85, 1.3, 2.7, 5.0);
  INFO(scale);
  check_read(turned(drawn(), 4, scale));
}

TEST_CASE("a code is read mirrored, as a front camera saves it") {
  GrayImage image = drawn();
  for (int y = 0; y < image.height; ++y) {
    const auto row = image.gray.begin() + static_cast<std::ptrdiff_t>(index(image, 0, y));
    std::reverse(row, row + image.width);
  }
  check_read(image);
}

TEST_CASE("a code is read out of focus") { check_read(blurred(drawn(6), 3)); }

TEST_CASE("a code is read through noise") {
  const unsigned seed = GENERATE(1U, 2U, 3U);
  INFO("seed " << seed);
  std::mt19937 dice{seed};
  check_read(changed(drawn(), [&](int grey) { return grey + static_cast<int>(dice() % 161) - 80; }));
}

TEST_CASE("a code is read pale, dark, inverted, and in light that falls off") {
  check_read(changed(drawn(), [](int grey) { return 150 + grey / 8; }));
  check_read(changed(drawn(), [](int grey) { return 10 + grey / 8; }));
  check_read(changed(drawn(), [](int grey) { return 255 - grey; }));
  GrayImage image = drawn();
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      std::uint8_t& grey = image.gray[index(image, x, y)];
      grey = static_cast<std::uint8_t>(grey * (image.width + 2 * x) / (3 * image.width));
    }
  }
  check_read(image);
}

TEST_CASE("a code without any quiet zone is read") {
  const GrayImage whole = drawn(4);
  const int cut = 16;
  GrayImage image = blank(whole.width - 2 * cut, whole.height - 2 * cut);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) image.gray[index(image, x, y)] = whole.gray[index(whole, x + cut, y + cut)];
  }
  check_read(image);
}

TEST_CASE("a code is read in a corner of a large, busy picture") {
  GrayImage image = blank(2400, 1800, 200);
  std::mt19937 dice{1};
  for (std::uint8_t& grey : image.gray) grey = static_cast<std::uint8_t>(150 + dice() % 60);
  const GrayImage code = drawn(4);
  for (int y = 0; y < code.height; ++y) {
    for (int x = 0; x < code.width; ++x) image.gray[index(image, 1900 + x, 1300 + y)] = code.gray[index(code, x, y)];
  }
  check_read(image);
}

TEST_CASE("two codes in one picture are both told, in order of their texts") {
  const GrayImage a = drawn(4, "code a");
  const GrayImage b = drawn(4, "code b");
  GrayImage both = blank(a.width + b.width + 40, std::max(a.height, b.height) + 40);
  for (int y = 0; y < a.height; ++y) {
    for (int x = 0; x < a.width; ++x) {
      both.gray[index(both, x, y)] = b.gray[index(b, x, y)];
      both.gray[index(both, b.width + 40 + x, y + 40)] = a.gray[index(a, x, y)];
    }
  }
  const auto texts = read_qr(both);
  REQUIRE(texts.has_value());
  CHECK(*texts == std::vector<std::string>{"code a", "code b"});
}

TEST_CASE("a picture without a code gives the code that says so, whatever its size") {
  CHECK(read_qr(blank(1, 1)).error().code == Code::kCodeNotFound);
  CHECK(read_qr(blank(3, 900)).error().code == Code::kCodeNotFound);
  CHECK(read_qr(blank(640, 480)).error().code == Code::kCodeNotFound);
  CHECK(read_qr(blank(640, 480, 0)).error().code == Code::kCodeNotFound);
  GrayImage noise = blank(500, 400);
  std::mt19937 dice{7};
  for (std::uint8_t& grey : noise.gray) grey = static_cast<std::uint8_t>(dice());
  CHECK(read_qr(noise).error().code == Code::kCodeNotFound);
}

TEST_CASE("a half-covered code is not found rather than misread") {
  GrayImage image = drawn(4);
  for (int y = image.height / 3; y < image.height; ++y) {
    for (int x = image.width / 3; x < image.width; ++x) image.gray[index(image, x, y)] = 128;
  }
  CHECK(read_qr(image).error().code == Code::kCodeNotFound);
}

TEST_CASE("a buffer that does not fit its size is refused") {
  CHECK(read_qr({0, 0, {}}).error().code == Code::kLimitExceeded);
  CHECK(read_qr({-4, 4, {}}).error().code == Code::kLimitExceeded);
  CHECK(read_qr({10, 10, Bytes(99)}).error().code == Code::kLimitExceeded);
  CHECK(read_qr({100'000, 100'000, {}}).error().code == Code::kLimitExceeded);
}
