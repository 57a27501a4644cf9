#include "core/transcode/transcode.h"

#include <catch2/catch.hpp>

#include "core/portrait/encode.h"
#include "core/transcode/container.h"
#include "examples/portraits/people.h"
#include "tests/unit/portrait/files.h"

using namespace satchel;
using core::Bytes;
using core::ByteView;
using core::Code;

namespace {

Bytes portrait(std::uint64_t seed, int width = 480, int height = 640) {
  return core::portrait::encode_jpeg(examples::draw_person(seed, examples::Defect::none, width, height), {92, 300}).value();
}

/// A JPEG with that segment behind its start marker.
Bytes with_segment(ByteView jpeg, std::uint8_t marker, ByteView content) {
  core::ByteWriter out;
  out.raw(jpeg.first(2)).u8(0xFF).u8(marker);
  out.u8(static_cast<std::uint8_t>((content.size() + 2) >> 8)).u8(static_cast<std::uint8_t>(content.size() + 2));
  out.raw(content).raw(jpeg.subspan(2));
  return std::move(out).take();
}

Bytes box(std::string_view type, ByteView content) {
  core::ByteWriter out;
  out.u32_be(static_cast<std::uint32_t>(8 + content.size())).raw(core::as_bytes(type)).raw(content);
  return std::move(out).take();
}

/// The container inside the form of a file without a head.
Bytes container(std::uint64_t seed) {
  const Bytes form = *core::to_jxl(portrait(seed, 120, 160));
  REQUIRE(form[0] == 0);
  return core::to_bytes(ByteView{form}.subspan(1));
}

void comes_back(ByteView jpeg) {
  const auto jxl = core::to_jxl(jpeg);
  REQUIRE(jxl.has_value());
  CHECK(jxl->size() < jpeg.size());
  const auto back = core::from_jxl(*jxl);
  REQUIRE(back);
  CHECK(core::same_bytes(*back, jpeg));
}

}  // namespace

TEST_CASE("a portrait comes back byte for byte, and is at least an eighth smaller on the wire") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const Bytes jpeg = portrait(seed);
    comes_back(jpeg);
    CHECK(core::to_jxl(jpeg)->size() * 8 < jpeg.size() * 7);
  }
}

TEST_CASE("progressive and grey files, and files larger than the first buffer, come back byte for byte") {
  const auto picture = examples::draw_person(3, examples::Defect::none, 960, 1280);
  comes_back(test::make_jpeg(picture, test::JpegKind::progressive));
  comes_back(test::make_jpeg(picture, test::JpegKind::grey));
  comes_back(portrait(4, 2400, 3200));
}

TEST_CASE("what a camera writes beside the picture comes back with it: place, comment, bytes behind the end") {
  Bytes exif = core::to_bytes(core::as_bytes(std::string_view("Exif\0\0MM\0*\0\0\0\10\0\0\0\0\0\0", 20)));
  exif.resize(5000, 7);
  Bytes jpeg = with_segment(portrait(5), 0xE1, exif);
  comes_back(jpeg);
  jpeg = with_segment(jpeg, 0xFE, core::as_bytes("a comment"));
  comes_back(jpeg);
  jpeg = with_segment(jpeg, 0xE1, core::as_bytes("http://ns.adobe.com/xap/1.0/"));
  comes_back(jpeg);
  jpeg.insert(jpeg.end(), 300, 0x55);
  comes_back(jpeg);
}

TEST_CASE("the same file always gives the same bytes") {
  const Bytes jpeg = portrait(6);
  CHECK(core::to_jxl(jpeg) == core::to_jxl(jpeg));
}

TEST_CASE("what JPEG XL cannot hold or make smaller travels as it is") {
  const auto picture = examples::draw_person(7, examples::Defect::none, 240, 320);
  CHECK_FALSE(core::to_jxl({}));
  CHECK_FALSE(core::to_jxl(core::as_bytes("not a picture")));
  CHECK_FALSE(core::to_jxl(test::make_png(picture, test::PngKind::rgb)));
  CHECK_FALSE(core::to_jxl(test::make_jpeg(picture, test::JpegKind::cmyk_adobe)));
  Bytes jpeg = portrait(8);
  jpeg.resize(jpeg.size() / 2);
  CHECK_FALSE(core::to_jxl(jpeg));
  // More pixels than we would hold in memory, whatever the file says of them.
  CHECK_FALSE(core::to_jxl(test::claiming_size(portrait(8), 8000, 8000)));
}

TEST_CASE("a damaged or cut JPEG XL is refused or gives other bytes, and never more than its bounds") {
  const Bytes jxl = *core::to_jxl(portrait(9, 120, 160));
  for (std::size_t n = 0; n < jxl.size(); n += 7) CHECK_FALSE(core::from_jxl(ByteView{jxl}.first(n)));
  for (std::size_t at = 0; at < jxl.size(); at += 5) {
    Bytes flipped = jxl;
    flipped[at] ^= 0x10U;
    const auto back = core::from_jxl(flipped);
    if (back) CHECK(back->size() <= core::kTranscodedMax);
  }
}

TEST_CASE("a container with strange boxes is not shown to the decoder") {
  const Bytes jxl = container(10);
  CHECK(core::check_container(jxl));
  const auto refused = [&](ByteView tail) {
    Bytes bad = jxl;
    core::append(bad, tail);
    const auto checked = core::check_container(bad);
    return !checked && checked.error().code == Code::kImageDamaged;
  };
  CHECK(refused(box("brob", Bytes(40, 1))));
  CHECK(refused(box("ftyp", Bytes(12, 1))));
  CHECK(refused(box("jbrd", Bytes(12, 0xFF))));
  CHECK(refused(Bytes{0, 0, 0, 1, 'j', 'x', 'l', 'p', 0, 0, 0, 0, 0, 0, 0, 16}));
  CHECK(refused(Bytes{0, 0, 0, 7, 'j', 'x', 'l', 'p'}));
  CHECK(refused(Bytes{0, 0, 1, 0, 'j', 'x', 'l', 'p'}));
  CHECK(refused(Bytes{0, 0}));
  CHECK_FALSE(core::check_container(ByteView{jxl}.first(32)));  // no JPEG inside
  CHECK_FALSE(core::check_container({}));
}

TEST_CASE("a few bytes that name thousands of markers of 64 KiB are refused before they are believed") {
  const Bytes jxl = container(11);
  Bytes bomb(ByteView{jxl}.first(32).begin(), ByteView{jxl}.first(32).end());
  core::append(bomb, box("jbrd", Bytes(12'000, 0x82)));  // 0xE0, again and again: every six bits
  const auto checked = core::check_container(bomb);
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == Code::kImageTooLarge);
  // An end of image that never comes.
  Bytes endless(ByteView{jxl}.first(32).begin(), ByteView{jxl}.first(32).end());
  core::append(endless, box("jbrd", Bytes(20, 0)));
  CHECK(core::check_container(endless).error().code == Code::kImageDamaged);
}

TEST_CASE("a JPEG that names thousands of markers travels as it is") {
  Bytes jpeg = portrait(12, 120, 160);
  for (std::size_t i = 0; i < core::kJpegMarkersMax; ++i) jpeg = with_segment(jpeg, 0xFE, core::as_bytes("x"));
  CHECK_FALSE(core::to_jxl(jpeg));
}
