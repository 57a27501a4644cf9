#include "core/portrait/catalogue.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "core/portrait/rules.h"
#include "core/portrait/verdict.h"

using namespace satchel::core::portrait;

namespace {

bool has_chinese(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0xE4 && static_cast<unsigned char>(c) <= 0xE9) return true;
  }
  return false;
}

bool is_ascii_sentence(std::string_view text) {
  for (const char c : text) {
    // × and ° are the only other signs in the English words.
    if (static_cast<unsigned char>(c) >= 0x80 && static_cast<unsigned char>(c) != 0xC3 && static_cast<unsigned char>(c) != 0x97)
      return false;
  }
  return !text.empty() && text.back() == '.';
}

}  // namespace

TEST_CASE("every message is there in both languages, with a cure") {
  REQUIRE(all_messages().size() >= 16);
  for (const Message& m : all_messages()) {
    CAPTURE(std::string(m.code));
    CHECK(m.code.starts_with("Q-"));
    CHECK(has_chinese(m.zh));
    CHECK(has_chinese(m.cure_zh));
    CHECK(m.zh.ends_with("。"));
    CHECK(m.cure_zh.ends_with("。"));
    CHECK(is_ascii_sentence(m.en));
    CHECK(is_ascii_sentence(m.cure_en));
    CHECK(m.zh != m.cure_zh);
  }
}

TEST_CASE("a code has one message, or one for each side") {
  std::map<std::string_view, std::multiset<Side>> sides;
  for (const Message& m : all_messages()) sides[m.code].insert(m.side);
  for (const auto& [code, found] : sides) {
    CAPTURE(std::string(code));
    CHECK((found == std::multiset<Side>{Side::any} || found == std::multiset<Side>{Side::low, Side::high}));
  }
  CHECK(message("Q-FACE-WIDTH", Side::low)->en != message("Q-FACE-WIDTH", Side::high)->en);
  CHECK(message("Q-BLUR", Side::low) == message("Q-BLUR"));
  CHECK(message("Q-NOTHING") == nullptr);
}

TEST_CASE("a value is judged by where it lies, and worded by the side on which it misses") {
  const Range pass{10, 20}, fail{5, 25};
  CHECK(judge("Q-FACE-WIDTH", "face_width_px", 15, pass, fail).level == Level::pass);
  CHECK(judge("Q-FACE-WIDTH", "face_width_px", 10, pass, fail).level == Level::pass);
  const Finding low = judge("Q-FACE-WIDTH", "face_width_px", 7, pass, fail);
  CHECK(low.level == Level::advice);
  CHECK(low.en == message("Q-FACE-WIDTH", Side::low)->en);
  const Finding high = judge("Q-FACE-WIDTH", "face_width_px", 26, pass, fail);
  CHECK(high.level == Level::fail);
  CHECK(high.cure_zh == message("Q-FACE-WIDTH", Side::high)->cure_zh);
  CHECK(high.limit_low == 10);
  CHECK(high.limit_high == 20);
  CHECK(advise("Q-HAIRLINE", "hairline_px", 1e9, pass).level == Level::advice);
  CHECK(cannot_tell("Q-HAIRLINE", "hairline_px", pass).level == Level::unknown);
}

TEST_CASE("levels have the names that scripts read") {
  CHECK(name(Level::pass) == "pass");
  CHECK(name(Level::advice) == "advice");
  CHECK(name(Level::fail) == "fail");
  CHECK(name(Level::unknown) == "unknown");
}
