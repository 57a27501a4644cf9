#include "core/base/codes.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace satchel::core;

TEST_CASE("every code says what happened and what to do, in both languages, under a name of its own") {
  std::set<std::string> ids;
  for (const CodeInfo& code : all_codes()) {
    INFO(code.id);
    CHECK(ids.insert(std::string(code.id)).second);
    CHECK(code.id.substr(0, 2) == "E-");
    for (const std::string_view zh : {code.zh, code.cure_zh}) {
      CHECK(zh.size() >= 6);
      CHECK(static_cast<unsigned char>(zh.front()) >= 0x30);
      CHECK(zh.substr(zh.size() - 3) == "。");
    }
    for (const std::string_view en : {code.en, code.cure_en}) {
      CHECK(en.size() >= 8);
      CHECK(en.back() == '.');
    }
    CHECK(code.exit != Exit::ok);
    CHECK(&info(code.code) == &code);
  }
}
