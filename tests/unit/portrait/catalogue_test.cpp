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
  CHECK(cannot_tell("Q-HAIRLINE", "hairline_px", pass, Blind::hair).level == Level::unknown);
}

TEST_CASE("every reason for not telling, every source and every item of the checklist is there in both languages") {
  for (const BlindReason& reason : all_blind_reasons()) {
    CAPTURE(std::string(reason.en));
    CHECK(has_chinese(reason.zh));
    CHECK(has_chinese(reason.cure_zh));
    CHECK(is_ascii_sentence(reason.en));
    CHECK(is_ascii_sentence(reason.cure_en));
  }
  std::set<std::string_view> codes;
  for (const Message& m : all_messages()) codes.insert(m.code);
  for (const std::string_view code : codes) {
    CAPTURE(std::string(code));
    REQUIRE(source_of(code) != nullptr);
    CHECK(has_chinese(source_of(code)->zh));
    CHECK(source_of(code)->en.ends_with('.'));
  }
  CHECK(all_sources().size() == codes.size());
  CHECK(source_of("Q-NOTHING") == nullptr);
  REQUIRE(operator_checklist().size() >= 4);
  for (const CheckItem& item : operator_checklist()) {
    CHECK(item.code.starts_with("C-"));
    CHECK(has_chinese(item.zh));
    CHECK(is_ascii_sentence(item.en));
  }
}

TEST_CASE("a rule that cannot tell says why instead of what would be wrong") {
  const Finding blind = cannot_tell("Q-HAIRLINE", "hairline_px", {65, 95}, Blind::hair);
  CHECK(blind.en == blind_reason(Blind::hair).en);
  CHECK(blind.en != message("Q-HAIRLINE")->en);
  CHECK_FALSE(blind.cure_zh.empty());
}

TEST_CASE("the seven reject reasons of the provincial system have each a message with a cure") {
  for (const std::string_view code :
       {"Q-HALF-DARK", "Q-BEAUTIFIED", "Q-RECAPTURE", "Q-BLUR", "Q-OVEREXPOSED", "Q-TOP-LIGHT", "Q-DARK", "Q-SIZE"}) {
    CAPTURE(std::string(code));
    REQUIRE(message(code) != nullptr);
    CHECK_FALSE(message(code)->cure_zh.empty());
  }
}

TEST_CASE("levels have the names that scripts read") {
  CHECK(name(Level::pass) == "pass");
  CHECK(name(Level::advice) == "advice");
  CHECK(name(Level::fail) == "fail");
  CHECK(name(Level::unknown) == "unknown");
}
