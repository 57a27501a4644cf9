#include "node/arguments.h"

#include <catch2/catch.hpp>

using namespace satchel;
using boost::json::object;

TEST_CASE("words for people have room up to a bound, byte by byte, and what is over it is told with its name") {
  const auto note = [](std::size_t n) { return node::note_argument(object{{"note", std::string(n, 'x')}}); };
  const auto by = [](std::size_t n) { return node::reviewer_argument(object{{"by", std::string(n, 'x')}}); };
  const auto why = [](std::size_t n) { return node::why_argument(object{{"override", std::string(n, 'x')}}, "override"); };
  CHECK(note(1000)->size() == 1000);
  CHECK(by(100)->size() == 100);
  CHECK(why(500)->size() == 500);
  for (const auto& refused : {note(1001), by(101), why(501)}) {
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == core::Code::kUsage);
  }
  CHECK(why(501).error().detail == "override is longer than 500 bytes");
  for (const auto& nothing : {node::note_argument({}), node::reviewer_argument({}), node::why_argument({}, "reason")}) {
    CHECK(nothing->empty());
  }
}

TEST_CASE("a number is read whole or not at all") {
  const auto read = [](const char* text) { return node::number_argument(object{{"n", text}}, "n", 7); };
  CHECK(*read("") == 7);
  CHECK(*read("18446744073709551615") == 18446744073709551615U);
  for (const char* wrong : {"18446744073709551616", "-1", "1.5", "1 ", " 1", "0x1", "many"}) {
    CAPTURE(wrong);
    const auto refused = read(wrong);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == core::Code::kUsage);
  }
}
