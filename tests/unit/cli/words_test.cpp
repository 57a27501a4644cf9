#include "cli/words.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "core/base/utf8.h"
#include "tests/unit/cli/support.h"

using namespace satchel;
using namespace satchel::cli;

namespace {

std::set<char> slots(std::string_view text) {
  std::set<char> out;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == '{' && text[i + 2] == '}') out.insert(text[i + 1]);
  }
  return out;
}

bool has_chinese(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t point = core::next_code_point(text, at);
    if (point >= 0x4E00 && point <= 0x9FFF) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("every phrase is there in both languages, with the same arguments") {
  for (const PhraseText& phrase : all_phrases()) {
    INFO(phrase.name);
    CHECK_FALSE(phrase.zh.empty());
    CHECK_FALSE(phrase.en.empty());
    CHECK(core::is_plain_text(phrase.zh));
    CHECK(core::is_plain_text(phrase.en));
    CHECK(slots(phrase.zh) == slots(phrase.en));
    // What has words has Chinese ones; only frames such as "{0}: {1}" have none.
    if (phrase.zh == phrase.en) CHECK(std::ranges::none_of(phrase.en, [](char c) { return std::isalpha(c) != 0; }));
    const bool frame = std::ranges::none_of(phrase.en, [](char c) { return std::isalpha(c) != 0; });
    if (!frame) CHECK(has_chinese(phrase.zh));
  }
}

TEST_CASE("arguments take the places that the sentence gives them, made plain") {
  const Words en(Language::en);
  CHECK(en(Phrase::usage_unknown_command, {"sta\x1btus"}) == "There is no command “sta?tus”.");
  const Words zh(Language::zh);
  CHECK(zh(Phrase::joined_campaign, {"2026", "东村", "教学点", "3"}) == "“东村”已加入采集批次“2026”：教学点，编号 3。");
  // An argument that looks like a slot is text.
  CHECK(en(Phrase::usage_missing, {"{0}{0}"}) == "{0}{0} is missing.");
}

TEST_CASE("names of stages, lanes and roles have words, and unknown ones are shown as they are") {
  const Words zh(Language::zh);
  const Words en(Language::en);
  CHECK(zh.stage("rejected") == "退回重拍");
  CHECK(zh.lane("photo") == "标准照");
  CHECK(zh.role("relay") == "中转节点");
  CHECK(en.grade("fail") == "fail");
  CHECK(zh.flag("conflict") == "两处提交了不同的照片");
  CHECK(en.stage("petrified") == "petrified");
}
