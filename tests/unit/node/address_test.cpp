#include <catch2/catch.hpp>

#include "node/exchange.h"

using namespace satchel;

TEST_CASE("an address is a host and a port") {
  const auto plain = node::parse_address("192.0.2.7:7420");
  REQUIRE(plain.has_value());
  CHECK(plain->host == "192.0.2.7");
  CHECK(plain->port == "7420");
  CHECK(plain->text() == "192.0.2.7:7420");
  const auto six = node::parse_address("[2001:db8::7]:7420");
  REQUIRE(six.has_value());
  CHECK(six->host == "2001:db8::7");
  CHECK(six->text() == "[2001:db8::7]:7420");
  CHECK(node::parse_address("hub.example:1").has_value());
  CHECK(node::parse_address("127.0.0.1:0").has_value());
}

TEST_CASE("what is no address is refused as one") {
  for (const char* text : {"", ":", "host", "host:", ":7420", "host:port", "host:70000", "host:-1", "2001:db8::7:7420",
                           "[2001:db8::7]", "[2001:db8::7]7420", "host:7420x", "ho st:7420", "host:74 20"}) {
    INFO(text);
    const auto parsed = node::parse_address(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == core::Code::kAddressBad);
  }
}
