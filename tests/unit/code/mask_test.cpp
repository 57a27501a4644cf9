#include "core/code/mask.h"

#include <catch2/catch.hpp>

#include "core/base/utf8.h"

using namespace satchel::core;

TEST_CASE("of a name only the first and the last character are shown, of two only the first, of one none") {
  CHECK(mask_name("测试甲") == "测*甲");
  CHECK(mask_name("欧阳测试") == "欧**试");
  CHECK(mask_name("测试") == "测*");
  CHECK(mask_name("测") == "*");
  CHECK(mask_name("").empty());
  CHECK(mask_name("阿布都·测试") == "阿****试");
  CHECK(mask_name("𠮷野测") == "𠮷*测");
  CHECK(mask_name("Ann") == "A*n");
}

TEST_CASE("of an ID number only the last four characters are shown") {
  CHECK(mask_id_number("99999919990101001X") == "**************001X");
  CHECK(mask_id_number("12345") == "*2345");
  CHECK(mask_id_number("1234") == "****");
  CHECK(mask_id_number("").empty());
}

TEST_CASE("bytes that are no text, and control characters, are never shown") {
  CHECK(mask_name("\xFF测\xFF") == "***");
  CHECK(mask_name("\x1B[31m甲") == "*****甲");
  CHECK(is_utf8(mask_name("\xE6\xB5")));
  CHECK(is_utf8(mask_id_number("123456\xE6\xB5")));
}
