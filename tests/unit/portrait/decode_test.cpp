#include "core/portrait/decode.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "core/portrait/encode.h"
#include "core/portrait/exif.h"
#include "tests/unit/portrait/files.h"

using namespace satchel::core;
using namespace satchel::core::portrait;
using namespace satchel::test;

namespace {

/// The largest difference of two pictures of one size, in 8-bit steps, leaving out a share of the worst pixels (JPEG edges).
int difference(const Picture& a, const Picture& b) {
  REQUIRE(a.width == b.width);
  REQUIRE(a.height == b.height);
  REQUIRE(a.bgr.size() == b.bgr.size());
  std::vector<int> all;
  for (std::size_t i = 0; i < a.bgr.size(); ++i) all.push_back(std::abs(static_cast<int>(a.bgr[i]) - static_cast<int>(b.bgr[i])));
  std::sort(all.begin(), all.end());
  return all[all.size() * 98 / 100];
}

std::array<int, 3> pixel(const Picture& p, int x, int y) {
  const std::size_t i = (static_cast<std::size_t>(y) * static_cast<std::size_t>(p.width) + static_cast<std::size_t>(x)) * 3;
  return {p.bgr[i], p.bgr[i + 1], p.bgr[i + 2]};
}

/// `upright` as a camera held in the given way would store it: the inverse of what the EXIF value asks a viewer to do. (x, y) is
/// the stored pixel; EXIF 2.32 table 6 tells which side of the scene the stored row 0 and column 0 are.
Picture stored_as(const Picture& upright, int orientation) {
  const int w = upright.width, h = upright.height;
  Picture out;
  out.width = out.source_width = orientation >= 5 ? h : w;
  out.height = out.source_height = orientation >= 5 ? w : h;
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      int ux = x, uy = y;
      switch (orientation) {
        case 2: ux = w - 1 - x; break;                  // row 0 top, column 0 right
        case 3: ux = w - 1 - x, uy = h - 1 - y; break;  // bottom, right
        case 4: uy = h - 1 - y; break;                  // bottom, left
        case 5: ux = y, uy = x; break;                  // row 0 left, column 0 top
        case 6: ux = w - 1 - y, uy = x; break;          // right, top
        case 7: ux = w - 1 - y, uy = h - 1 - x; break;  // right, bottom
        case 8: ux = y, uy = h - 1 - x; break;          // left, bottom
        default: break;
      }
      for (const int value : pixel(upright, ux, uy)) out.bgr.push_back(static_cast<std::uint8_t>(value));
    }
  }
  return out;
}

Code code_of(const Result<Picture>& result) {
  REQUIRE_FALSE(result);
  return result.error().code;
}

}  // namespace

TEST_CASE("a JPEG of every EXIF orientation comes out upright") {
  const Picture upright = gradient(96, 64);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    for (const bool big_endian : {false, true}) {
      CAPTURE(orientation, big_endian);
      const Bytes plain = *encode_jpeg(stored_as(upright, orientation), {95, 300, Subsampling::k444});
      const auto decoded = decode(with_orientation(plain, orientation, big_endian));
      REQUIRE(decoded);
      CHECK(decoded->source_width == 96);
      CHECK(decoded->source_height == 64);
      CHECK(difference(*decoded, upright) <= 8);
    }
  }
}

TEST_CASE("an EXIF segment that is malformed means upright") {
  CHECK(exif_orientation({}) == 1);
  const Bytes good = with_orientation(Bytes{0xFF, 0xD8}, 6, true);
  const ByteView app1 = ByteView(good).subspan(6);
  CHECK(exif_orientation(app1) == 6);
  for (std::size_t n = 0; n < app1.size(); ++n) {
    CAPTURE(n);
    const int orientation = exif_orientation(app1.first(n));
    // The value itself ends six bytes before the segment does; before that there is nothing to read.
    CHECK((orientation == 1 || (n + 6 >= app1.size() && orientation == 6)));
  }
  const Bytes whole = to_bytes(app1);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    Bytes changed = whole;
    changed[i] = 0xFF;
    const int orientation = exif_orientation(changed);
    CAPTURE(i);
    CHECK(orientation >= 1);
    CHECK(orientation <= 8);
  }
}

TEST_CASE("baseline, progressive, grey and CMYK JPEGs decode to the same picture") {
  const Picture original = gradient(120, 90);
  for (const JpegKind kind : {JpegKind::baseline, JpegKind::progressive, JpegKind::cmyk_adobe}) {
    CAPTURE(static_cast<int>(kind));
    const auto decoded = decode(make_jpeg(original, kind));
    REQUIRE(decoded);
    CHECK(difference(*decoded, original) <= 14);
  }
  const auto grey = decode(make_jpeg(original, JpegKind::grey));
  REQUIRE(grey);
  const auto [b, g, r] = pixel(*grey, 60, 45);
  CHECK(b == g);
  CHECK(g == r);
  CHECK(std::abs(g - pixel(original, 60, 45)[1]) <= 4);
}

TEST_CASE("every kind of PNG decodes, and transparency shows white") {
  const Picture original = gradient(120, 90);
  CHECK(decode(make_png(original, PngKind::rgb))->bgr == original.bgr);
  CHECK(decode(make_png(original, PngKind::interlaced))->bgr == original.bgr);
  for (const PngKind kind : {PngKind::grey, PngKind::grey16}) {
    const auto grey = decode(make_png(original, kind));
    REQUIRE(grey);
    CHECK(pixel(*grey, 70, 50) ==
          std::array<int, 3>{pixel(original, 70, 50)[1], pixel(original, 70, 50)[1], pixel(original, 70, 50)[1]});
  }
  const auto palette = decode(make_png(original, PngKind::palette));
  REQUIRE(palette);
  CHECK(pixel(*palette, 1, 1) == std::array<int, 3>{0, 0, 255});
  CHECK(pixel(*palette, 119, 1) == std::array<int, 3>{0, 255, 0});
  const auto alpha = decode(make_png(original, PngKind::rgba));
  REQUIRE(alpha);
  CHECK(pixel(*alpha, 0, 40) == std::array<int, 3>{255, 255, 255});
  const int half = pixel(original, 100, 40)[0];
  CHECK(std::abs(pixel(*alpha, 100, 40)[0] - (half * 100 + 255 * 155) / 255) <= 1);
}

TEST_CASE("a picture written as PNG comes back equal, as JPEG nearly so") {
  const Picture original = gradient(131, 77);
  CHECK(decode(*encode_png(original))->bgr == original.bgr);
  const auto jpeg = decode(*encode_jpeg(original, {95, 300, Subsampling::k444}));
  REQUIRE(jpeg);
  CHECK(difference(*jpeg, original) <= 8);
}

TEST_CASE("a file that was cut anywhere is refused, never shown half grey") {
  const Picture original = gradient(200, 150);
  for (const Bytes& file : {make_jpeg(original, JpegKind::baseline), make_jpeg(original, JpegKind::progressive),
                            make_png(original, PngKind::rgb), make_png(original, PngKind::interlaced)}) {
    REQUIRE(decode(file));
    const std::size_t step = std::max<std::size_t>(1, file.size() / 150);
    for (std::size_t n = 9; n < file.size(); n += step) {
      CAPTURE(n, file.size());
      CHECK(code_of(decode(ByteView(file).first(n))) == Code::kImageDamaged);
    }
    CHECK(code_of(decode(ByteView(file).first(file.size() - 1))) == Code::kImageDamaged);
  }
}

TEST_CASE("a header that claims 60000 by 60000 pixels is refused before anything is allocated") {
  const Picture small = gradient(64, 64);
  for (const Bytes& file :
       {make_jpeg(small, JpegKind::baseline), make_jpeg(small, JpegKind::progressive), make_png(small, PngKind::rgb)}) {
    CHECK(code_of(decode(claiming_size(file, 60000, 60000))) == Code::kImageTooLarge);
    // Within the limit, but a few hundred bytes cannot hold it.
    CHECK(code_of(decode(claiming_size(file, 9900, 9900))) == Code::kImageDamaged);
  }
  CHECK(code_of(decode(claiming_size(make_jpeg(small, JpegKind::baseline), 0, 64))) == Code::kImageDamaged);
  CHECK(code_of(decode(claiming_size(make_png(small, PngKind::rgb), 0, 64))) == Code::kImageDamaged);
}

TEST_CASE("a JPEG of twelve bits a colour is refused for its colours, and not as damaged") {
  Bytes file = make_jpeg(gradient(64, 64), JpegKind::baseline);
  const Bytes frame{0xFF, 0xC0};
  const auto at = std::search(file.begin(), file.end(), frame.begin(), frame.end());
  REQUIRE(file.end() - at > 4);
  REQUIRE(at[4] == 8);  // ITU-T T.81, B.2.2: the sample precision
  at[4] = 12;
  CHECK(code_of(decode(file)) == Code::kImageColour);
}

TEST_CASE("an empty file and other kinds of file are refused by name") {
  CHECK(code_of(decode({})) == Code::kFileEmpty);
  using namespace std::string_literals;
  const std::pair<std::string, std::string> kinds[] = {{"\0\0\0\x18"
                                                        "ftypavif\0\0\0\0"s,
                                                        "AVIF"},
                                                       {"GIF89a......"s, "GIF"},
                                                       {"BM........"s, "BMP"},
                                                       {"%PDF-1.7"s, "PDF"},
                                                       {"II*\0...."s, "TIFF"},
                                                       {"hello world"s, "unknown"},
                                                       {"x"s, "unknown"}};
  for (const auto& [content, kind] : kinds) {
    const auto result = decode(as_bytes(content));
    CHECK(code_of(result) == Code::kImageFormat);
    CHECK(result.error().detail.find(kind) != std::string::npos);
  }
}

TEST_CASE("a large picture is shrunk while it is decoded and remembers its size") {
  const Picture large = gradient(1600, 1200);
  for (const Bytes& file :
       {make_jpeg(large, JpegKind::baseline), make_jpeg(large, JpegKind::cmyk_adobe), make_png(large, PngKind::rgb)}) {
    const auto shrunk = decode(file, {500});
    REQUIRE(shrunk);
    CHECK(std::max(shrunk->width, shrunk->height) <= 500);
    CHECK(std::max(shrunk->width, shrunk->height) >= 250);
    CHECK(shrunk->source_width == 1600);
    CHECK(shrunk->source_height == 1200);
    CHECK(shrunk->source_scale() == Approx(1600.0 / shrunk->width));
    CHECK(std::abs(pixel(*shrunk, shrunk->width / 2, shrunk->height / 2)[0] - pixel(large, 800, 600)[0]) <= 8);
  }
  const auto tiny = decode(make_jpeg(large, JpegKind::baseline), {40});
  REQUIRE(tiny);
  CHECK(tiny->width <= 40);
}

TEST_CASE("a shrunk portrait-format JPEG keeps its orientation and its upright size") {
  const Picture upright = gradient(600, 800);
  const Bytes file = with_orientation(*encode_jpeg(stored_as(upright, 6), {}), 6, false);
  const auto decoded = decode(file, {400});
  REQUIRE(decoded);
  CHECK(decoded->source_width == 600);
  CHECK(decoded->source_height == 800);
  CHECK(decoded->width < decoded->height);
  CHECK(pixel(*decoded, 5, 5)[2] > 180);  // the red corner is at the top left again
}
