// Colour profiles: what a phone's Display P3 means in sRGB.
#include <lcms2.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "core/portrait/colour_profile.h"
#include "core/portrait/decode.h"
#include "core/portrait/encode.h"
#include "tests/unit/portrait/files.h"

using namespace satchel::core;
using namespace satchel::core::portrait;

namespace {

/// Primaries and white of Display P3 (SMPTE EG 432-1 with D65), or of sRGB (IEC 61966-2-1), with sRGB's curve.
Bytes profile(bool p3) {
  const cmsCIExyY white{0.3127, 0.3290, 1};
  const cmsCIExyYTRIPLE wide{{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
  const cmsCIExyYTRIPLE usual{{0.640, 0.330, 1}, {0.300, 0.600, 1}, {0.150, 0.060, 1}};
  const cmsFloat64Number curve[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  cmsToneCurve* tone = cmsBuildParametricToneCurve(nullptr, 4, curve);
  cmsToneCurve* tones[] = {tone, tone, tone};
  cmsHPROFILE made = cmsCreateRGBProfile(&white, p3 ? &wide : &usual, tones);
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(made, nullptr, &size);
  Bytes out(size);
  cmsSaveProfileToMem(made, out.data(), &size);
  cmsCloseProfile(made);
  cmsFreeToneCurve(tone);
  return out;
}

Picture flat(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  Picture out = satchel::test::gradient(32, 32);
  for (std::size_t i = 0; i < out.bgr.size(); i += 3) {
    out.bgr[i] = blue;
    out.bgr[i + 1] = green;
    out.bgr[i + 2] = red;
  }
  return out;
}

/// The profile in one APP2 segment behind the start marker (ICC.1:2010, annex B.4).
Bytes with_profile(const Bytes& jpeg, ByteView icc) {
  Bytes out(jpeg.begin(), jpeg.begin() + 2);
  Bytes body = to_bytes(as_bytes(std::string_view("ICC_PROFILE\0\x01\x01", 14)));
  append(body, icc);
  const std::size_t length = body.size() + 2;
  append(out, Bytes{0xFF, 0xE2, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)});
  append(out, body);
  append(out, ByteView(jpeg).subspan(2));
  return out;
}

void check_colour(const Picture& picture, int red, int green, int blue) {
  const std::size_t middle = picture.bgr.size() / 6 * 3;
  CHECK(std::abs(picture.bgr[middle + 2] - red) <= 4);
  CHECK(std::abs(picture.bgr[middle + 1] - green) <= 4);
  CHECK(std::abs(picture.bgr[middle] - blue) <= 4);
}

}  // namespace

TEST_CASE("colours of Display P3 come out as sRGB, those of sRGB and of a damaged profile as they are") {
  // sRGB's full red is (234, 51, 35) in Display P3.
  const Bytes jpeg = *encode_jpeg(flat(234, 51, 35), {98, 300, Subsampling::k444});
  const Bytes wide = profile(true), usual = profile(false);
  check_colour(*decode(with_profile(jpeg, wide)), 255, 0, 0);
  check_colour(*decode(with_profile(jpeg, usual)), 234, 51, 35);
  check_colour(*decode(with_profile(jpeg, ByteView(wide).first(200))), 234, 51, 35);
  check_colour(*decode(with_profile(jpeg, as_bytes("no profile"))), 234, 51, 35);
  check_colour(*decode(jpeg), 234, 51, 35);
}

TEST_CASE("greys stay grey in every profile, and a changed profile never stops a picture") {
  Picture grey = flat(128, 128, 128);
  const Bytes wide = profile(true);
  to_srgb(grey, wide);
  check_colour(grey, 128, 128, 128);
  for (std::size_t i = 0; i < wide.size(); i += 7) {
    Bytes changed = wide;
    changed[i] ^= 0xFF;
    Picture picture = flat(200, 100, 50);
    to_srgb(picture, changed);
    CHECK(picture.bgr.size() == 32 * 32 * 3);
  }
  Picture broken;
  to_srgb(broken, wide);
  CHECK(broken.bgr.empty());
}
