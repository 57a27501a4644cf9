#include "core/campaign/natural_order.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace satchel::core;

TEST_CASE("class 5 stands before class 10, in full-width and half-width brackets alike") {
  CHECK(natural_compare("19史（5）", "19史（10）") < 0);
  CHECK(natural_compare("19史(5)", "19史（10）") < 0);
  CHECK(natural_compare("19史（５）", "19史（10）") < 0);
  CHECK(natural_compare("9史（1）", "19史（1）") < 0);
}

TEST_CASE("numbers are compared by value, whatever their length") {
  CHECK(natural_compare("9", "10") < 0);
  CHECK(natural_compare("99999999999999999999999999998", "99999999999999999999999999999") < 0);
  CHECK(natural_compare("1", "99999999999999999999999999999") < 0);
  CHECK(natural_compare("a007b1", "a7b2") < 0);
}

TEST_CASE("texts that differ only in writing are still ordered, and only equal texts are equal") {
  CHECK(natural_compare("5", "05") != 0);
  CHECK(natural_compare("5", "05") == -natural_compare("05", "5"));
  CHECK(natural_compare("班5", "班5") == 0);
  CHECK(natural_compare("", "a") < 0);
  CHECK(natural_compare("", "") == 0);
}

TEST_CASE("the natural order is a strict total order, also over bytes that are no text") {
  std::vector<std::string> texts{"",    "0",  "00",   "1",  "01", "10",       "a",        "A",     "a1",        "a01",
                                 "班1", "班", "班１", "（", "(",  "\xFF\xFE", "\xE7\x8F", "1\xFF", "19史（5）", "19史（10）"};
  for (const std::string& a : texts) {
    for (const std::string& b : texts) {
      CHECK((natural_compare(a, b) == 0) == (a == b));
      CHECK(natural_compare(a, b) == -natural_compare(b, a));
      for (const std::string& c : texts) {
        if (natural_compare(a, b) < 0 && natural_compare(b, c) < 0) CHECK(natural_compare(a, c) < 0);
      }
    }
  }
}
