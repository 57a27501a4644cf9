// A corpus after ZXing's manner, drawn instead of stored: for each look how many of its people must be called by their fault, and
// a cap of zero on faults that are accepted without a word and on harmless people that are refused.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "core/portrait/check.h"
#include "examples/portraits/people.h"
#include "tests/unit/portrait/one_judge.h"

using namespace satchel::core::portrait;
using namespace satchel::examples;
using satchel::test::judge;

namespace {

/// People a look; more with SATCHEL_CORPUS_PEOPLE.
int people() {
  const char* asked = std::getenv("SATCHEL_CORPUS_PEOPLE");
  return asked == nullptr ? 2 : std::max(1, std::atoi(asked));
}

Look look_of(std::string_view name, std::uint64_t seed) {
  Dice dice(seed * 77 + 5);
  Look look = harmless_lots(dice);
  look.eyewear = Eyewear::none;
  REQUIRE(look_named(name, dice, look));
  return look;
}

Level level_of(const Verdict& verdict, std::string_view code) {
  for (const auto* list : {&verdict.findings, &verdict.passed}) {
    for (const Finding& f : *list) {
      if (f.code == code) return f.level;
    }
  }
  return Level::unknown;
}

std::string summary(const Verdict& verdict) {
  std::string out;
  for (const Finding& f : verdict.findings) {
    if (f.level != Level::unknown)
      out += std::string(f.code) + "=" + std::to_string(f.value) + " (" + std::string(name(f.level)) + ") ";
  }
  return out;
}

struct Folder {
  std::string_view look;
  std::string_view codes;  ///< any of these is a right answer
  Level least;             ///< the mildest right level
  double share;            ///< of its people that must be called by it
};

void judge_folder(const Folder& folder) {
  int called = 0, accepted = 0;
  const int n = people();
  for (int i = 0; i < n; ++i) {
    const std::uint64_t seed = 300 + static_cast<std::uint64_t>(i);
    const Verdict verdict = judge().check(draw_look(seed, look_of(folder.look, seed), 480, 640), {}, FileMarks{});
    bool hit = false;
    for (const Finding& f : verdict.findings) {
      const bool loud = f.level == Level::fail || (f.level == Level::advice && folder.least == Level::advice);
      hit = hit || (loud && folder.codes.find(f.code) != std::string_view::npos);
    }
    called += hit ? 1 : 0;
    accepted += verdict.verdict == Level::pass ? 1 : 0;
    INFO(folder.look << " " << seed << ": " << summary(verdict));
    CHECK((hit || folder.share < 1));
  }
  CAPTURE(std::string(folder.look), called, n);
  CHECK(called >= folder.share * n);
  CHECK(accepted == 0);
}

}  // namespace

TEST_CASE("closed eyes, open mouths and what glasses hide are called by name and never accepted") {
  for (const Folder& folder : {
           Folder{"closed-eyes", "Q-EYES-CLOSED Q-EYES", Level::fail, 1},
           Folder{"open-mouth", "Q-MOUTH", Level::fail, 1},
           Folder{"laugh", "Q-MOUTH", Level::fail, 1},
           Folder{"glare", "Q-GLARE Q-EYES Q-NO-FACE", Level::fail, 1},
           Folder{"tinted", "Q-TINTED Q-EYES", Level::advice, 0.5},
           Folder{"red-eye", "Q-RED-EYE", Level::fail, 1},
       })
    judge_folder(folder);
}

TEST_CASE("wrong light, shine and colour are called by name and never accepted") {
  for (const Folder& folder : {
           Folder{"top-light", "Q-TOP-LIGHT", Level::advice, 0.5},
           Folder{"nose-shine", "Q-HIGHLIGHT", Level::fail, 1},
           Folder{"colour-cast", "Q-COLOUR", Level::advice, 1},
           Folder{"from-screen", "Q-RECAPTURE", Level::advice, 0.5},
       })
    judge_folder(folder);
}

TEST_CASE("grounds and clothes that the notices refuse are called by name and never accepted") {
  for (const Folder& folder : {
           Folder{"curtain", "Q-BACKGROUND", Level::advice, 1},
           Folder{"lamp-from-side", "Q-BACKGROUND-LIGHT", Level::advice, 1},
           Folder{"shelf", "Q-BACKGROUND", Level::fail, 1},
           Folder{"wrong-ground", "Q-BACKGROUND-COLOUR", Level::fail, 1},
           Folder{"wall-shadow", "Q-BACKGROUND", Level::fail, 1},
           Folder{"stripes", "Q-STRIPES", Level::advice, 1},
           Folder{"ground-clothes", "Q-CLOTHES-BACKGROUND", Level::fail, 1},
       })
    judge_folder(folder);
}

TEST_CASE("ages, skins, hair and clear glasses that deserve no word are not refused") {
  for (const std::string_view look : {"glasses", "bald", "fringe", "elder"}) {
    for (int i = 0; i < people(); ++i) {
      const std::uint64_t seed = 340 + static_cast<std::uint64_t>(i);
      const Verdict verdict = judge().check(draw_look(seed, look_of(look, seed), 480, 640), {}, FileMarks{});
      CAPTURE(std::string(look), seed);
      INFO(summary(verdict));
      CHECK(verdict.verdict != Level::fail);
    }
  }
}

TEST_CASE("a bald head and a fringe have no hairline to measure") {
  for (const std::string_view look : {"bald", "fringe"}) {
    const Verdict verdict = judge().check(draw_look(361, look_of(look, 361), 480, 640));
    CHECK(level_of(verdict, "Q-HAIRLINE") == Level::unknown);
  }
}

TEST_CASE("without the face model, turning and nodding cannot be told") {
  const Verdict verdict = judge().check(draw_look(5, {}, 480, 640));
  CHECK(level_of(verdict, "Q-TURNED") == Level::unknown);
  CHECK(level_of(verdict, "Q-PITCH") == Level::unknown);
  CHECK(level_of(verdict, "Q-SIMILARITY") == Level::unknown);
  CHECK(level_of(verdict, "Q-EDITED") == Level::unknown);  // pixels only
  CHECK_FALSE(judge().has_model());
}

TEST_CASE("glasses refuse a picture only where the campaign says so") {
  const Picture picture = draw_look(342, look_of("glasses", 342), 480, 640);
  CHECK(level_of(judge().check(picture), "Q-GLASSES") == Level::pass);
  Limits strict;
  strict.glasses_allowed = 0;
  CHECK(level_of(judge().check(picture, strict), "Q-GLASSES") == Level::fail);
  CHECK(level_of(judge().check(draw_look(342, {}, 480, 640), strict), "Q-GLASSES") == Level::pass);
}

TEST_CASE("which grounds and which clothes are right is the campaign's to say") {
  Look red;
  red.ground = Ground::wrong_colour;
  const Picture picture = draw_look(343, red, 480, 640);
  CHECK(level_of(judge().check(picture), "Q-BACKGROUND-COLOUR") == Level::fail);
  Limits open;
  for (const std::array<std::uint8_t, 3> ground :
       {std::array<std::uint8_t, 3>{200, 40, 40}, {60, 140, 70}, {160, 120, 80}, {90, 90, 90}})
    open.grounds.push_back(ground);
  CHECK(level_of(judge().check(picture, open), "Q-BACKGROUND-COLOUR") != Level::fail);
  Look white;
  white.clothes = Clothes::white;
  const Picture in_white = draw_look(344, white, 480, 640);
  CHECK(level_of(judge().check(in_white), "Q-CLOTHES-COLOUR") == Level::pass);
  Limits no_white;
  no_white.clothes_white = 2;
  CHECK(level_of(judge().check(in_white, no_white), "Q-CLOTHES-COLOUR") == Level::fail);
}
