#include <catch2/catch.hpp>
#include <cstdlib>

#include "core/portrait/check.h"
#include "core/portrait/decode.h"
#include "core/portrait/encode.h"
#include "examples/portraits/dice.h"
#include "examples/portraits/people.h"
#include "tests/unit/portrait/files.h"
#include "tests/unit/portrait/phone_files.h"

using namespace satchel::core;
using namespace satchel::core::portrait;
using namespace satchel::examples;
using namespace satchel::test;

namespace {

/// One to eight changes: a byte, a run, a cut, a piece moved.
Bytes damaged(const Bytes& file, Dice& dice) {
  Bytes out = file;
  const int changes = 1 + dice.pick(8);
  for (int i = 0; i < changes && out.size() > 16; ++i) {
    const auto at = static_cast<std::size_t>(dice.pick(static_cast<int>(out.size())));
    switch (dice.pick(5)) {
      case 0: out[at] = static_cast<std::uint8_t>(dice.pick(256)); break;
      case 1: out[at] ^= static_cast<std::uint8_t>(1 << dice.pick(8)); break;
      case 2:
        for (std::size_t k = at; k < std::min(out.size(), at + 16); ++k) out[k] = static_cast<std::uint8_t>(dice.pick(256));
        break;
      case 3: out.resize(at + 1); break;
      default: {
        const Bytes piece(out.begin() + static_cast<std::ptrdiff_t>(at),
                          out.begin() + static_cast<std::ptrdiff_t>(std::min(out.size(), at + 40)));
        out.insert(out.begin() + static_cast<std::ptrdiff_t>(at / 2), piece.begin(), piece.end());
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("each of 200 damaged files gets a verdict or a clear error") {
  const char* wanted = std::getenv("SATCHEL_HOSTILE_SEED");
  const std::uint64_t seed = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 20260701;
  INFO("SATCHEL_HOSTILE_SEED=" << seed);
  Dice dice(seed);
  const auto judge = Judge::load();
  REQUIRE(judge);
  const Picture person = draw_person(7, Defect::none, 60, 80);
  const Bytes originals[] = {make_webp(person, WebpKind::lossy),
                             make_webp(person, WebpKind::lossless),
                             heic_file(),
                             *encode_jpeg(person, {}),
                             with_orientation(*encode_jpeg(person, {}), 6, true),
                             make_jpeg(person, JpegKind::progressive),
                             make_jpeg(person, JpegKind::cmyk_adobe),
                             *encode_png(person)};
  int verdicts = 0, errors = 0;
  for (int i = 0; i < 200; ++i) {
    CAPTURE(i);
    const Bytes file = damaged(originals[static_cast<std::size_t>(i) % std::size(originals)], dice);
    const auto verdict = (*judge)->check_file(file);
    if (verdict) {
      ++verdicts;
      CHECK(verdict->verdict == Level::fail);  // 60×80 is too small, whatever else is wrong
      CHECK_FALSE(verdict->findings.empty());
    } else {
      ++errors;
      const Code code = verdict.error().code;
      CHECK((code == Code::kImageDamaged || code == Code::kImageFormat || code == Code::kImageTooLarge ||
             code == Code::kImageColour || code == Code::kHeicMissing));
    }
  }
  CHECK(verdicts > 5);  // the damage is neither always fatal nor always harmless
  CHECK(errors > 50);
}

TEST_CASE("pictures of odd sizes get a verdict") {
  const auto judge = Judge::load();
  REQUIRE(judge);
  const std::pair<int, int> sizes[] = {{1, 1}, {1, 700}, {700, 1}, {2, 3}, {3, 4}, {23, 17}, {300, 40}, {2600, 20}};
  for (const auto& [width, height] : sizes) {
    CAPTURE(width, height);
    const Verdict verdict = (*judge)->check(gradient(width, height));
    CHECK(verdict.verdict == Level::fail);
    CHECK(verdict.width == width);
    CHECK(verdict.height == height);
    CHECK(verdict.faces == 0);
  }
  Picture broken;
  broken.width = broken.height = 50;
  CHECK((*judge)->check(broken).findings.front().code == "Q-MEASURE");
}

TEST_CASE("a folder without detectors is an error that names the file") {
  const auto judge = Judge::load("/nonexistent");
  REQUIRE_FALSE(judge);
  CHECK(judge.error().code == Code::kDetectorMissing);
  CHECK(judge.error().detail.find("/nonexistent/haarcascade_frontalface_alt2.xml") != std::string::npos);
}
