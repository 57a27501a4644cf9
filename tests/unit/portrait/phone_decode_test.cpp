// WebP and HEIC, as phones and chat programs write them.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "core/portrait/codecs.h"
#include "core/portrait/decode.h"
#include "core/portrait/heif_library.h"
#include "tests/unit/portrait/files.h"
#include "tests/unit/portrait/phone_files.h"

using namespace satchel::core;
using namespace satchel::core::portrait;
using namespace satchel::test;

namespace {

/// The mean difference of two pictures of one size, in 8-bit steps.
double difference(const Picture& a, const Picture& b) {
  REQUIRE(a.width == b.width);
  REQUIRE(a.height == b.height);
  REQUIRE(a.bgr.size() == b.bgr.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.bgr.size(); ++i) sum += std::abs(static_cast<int>(a.bgr[i]) - static_cast<int>(b.bgr[i]));
  return sum / static_cast<double>(a.bgr.size());
}

Code code_of(const Result<Picture>& result) {
  REQUIRE_FALSE(result);
  return result.error().code;
}

/// A quarter turn against the clock: what a camera stores that asks its viewer for orientation 6.
Picture turned_left(const Picture& in) {
  Picture out;
  out.width = out.source_width = in.height;
  out.height = out.source_height = in.width;
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const std::size_t i =
          (static_cast<std::size_t>(x) * static_cast<std::size_t>(in.width) + static_cast<std::size_t>(in.width - 1 - y)) * 3;
      for (std::size_t c = 0; c < 3; ++c) out.bgr.push_back(in.bgr[i + c]);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a WebP decodes, lossy or not, and its transparency shows white") {
  const Picture original = gradient(120, 90);
  CHECK(detect_kind(make_webp(original, WebpKind::lossy)) == "WebP");
  const auto lossy = decode(make_webp(original, WebpKind::lossy));
  REQUIRE(lossy);
  CHECK(difference(*lossy, original) < 4);
  CHECK(decode(make_webp(original, WebpKind::lossless))->bgr == original.bgr);
  const auto alpha = decode(make_webp(original, WebpKind::transparent));
  REQUIRE(alpha);
  CHECK(alpha->bgr[0] == 255);
  const std::size_t at = (40 * 120 + 100) * 3;
  CHECK(std::abs(alpha->bgr[at] - (original.bgr[at] * 100 + 255 * 155) / 255) <= 6);
}

TEST_CASE("a WebP comes out upright, whichever way its EXIF is written") {
  const Picture upright = gradient(90, 120);
  for (const bool prefix : {false, true}) {
    const auto decoded = decode(webp_with_orientation(turned_left(upright), 6, prefix));
    REQUIRE(decoded);
    CHECK(difference(*decoded, upright) < 4);
  }
}

TEST_CASE("a large WebP is shrunk while it is decoded and remembers its size") {
  const Picture large = gradient(800, 600);
  for (const WebpKind kind : {WebpKind::lossy, WebpKind::lossless, WebpKind::transparent}) {
    const auto shrunk = decode(make_webp(large, kind), {250});
    REQUIRE(shrunk);
    CHECK(shrunk->width == 200);
    CHECK(shrunk->height == 150);
    CHECK(shrunk->source_width == 800);
    if (kind != WebpKind::transparent) CHECK(difference(*shrunk, gradient(200, 150)) < 4);
  }
}

TEST_CASE("a WebP that was cut, that moves or that claims too much is refused") {
  const Picture original = gradient(200, 150);
  for (const WebpKind kind : {WebpKind::lossy, WebpKind::lossless, WebpKind::transparent}) {
    const Bytes file = make_webp(original, kind);
    for (std::size_t n = 12; n + 4 < file.size(); n += std::max<std::size_t>(1, file.size() / 40)) {
      CAPTURE(n, file.size());
      CHECK(code_of(decode(ByteView(file).first(n))) == Code::kImageDamaged);
    }
  }
  const auto moving = decode(make_webp(original, WebpKind::animated));
  CHECK(code_of(moving) == Code::kImageFormat);
  CHECK(moving.error().detail.find("animated") != std::string::npos);
  Bytes bomb = make_webp(original, WebpKind::lossy);  // RIFF head, chunk head, frame tag and start code, then the two sides
  bomb[26] = bomb[28] = 0xFF;
  bomb[27] = bomb[29] = 0x3F;
  CHECK(code_of(decode(bomb)) == Code::kImageTooLarge);
}

TEST_CASE("a HEIC decodes where libheif is installed, and is shrunk like the others") {
  if (heif_library() == nullptr) {
    WARN("libheif is not installed here");
    return;
  }
  const Picture original = gradient(64, 48);
  const Bytes file = heic_file();
  CHECK(detect_kind(file) == "HEIC");
  const auto decoded = decode(file);
  REQUIRE(decoded);
  CHECK(difference(*decoded, original) < 5);
  const auto shrunk = decode(file, {32});
  REQUIRE(shrunk);
  CHECK(shrunk->width == 32);
  CHECK(shrunk->source_height == 48);
  for (std::size_t n = 12; n < file.size(); n += 50) {
    CAPTURE(n, file.size());
    CHECK(code_of(decode(ByteView(file).first(n))) == Code::kImageDamaged);
  }
}

TEST_CASE("without libheif a HEIC is refused with the name of the package that cures it") {
  const auto refused = decode_heic(as_bytes("any"), {}, nullptr);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::kHeicMissing);
  CHECK(std::string(info(Code::kHeicMissing).cure_en).find("libheif1") != std::string::npos);
}

TEST_CASE("the content decides, not the name: any kind is told from its bytes") {
  const Picture original = gradient(60, 80);
  const std::pair<Bytes, std::string_view> files[] = {{make_jpeg(original, JpegKind::progressive), "JPEG"},
                                                      {make_png(original, PngKind::palette), "PNG"},
                                                      {make_webp(original, WebpKind::lossless), "WebP"}};
  for (const auto& [file, kind] : files) {
    CHECK(detect_kind(file) == kind);
    CHECK(decode(file));
  }
}
