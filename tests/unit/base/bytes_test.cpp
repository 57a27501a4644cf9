#include "core/base/bytes.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace satchel::core;

TEST_CASE("a varint comes back as it was written, at every length") {
  for (const std::uint64_t v : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{16383},
                                std::uint64_t{16384}, std::uint64_t{1} << 62, std::numeric_limits<std::uint64_t>::max()}) {
    const Bytes bytes = std::move(ByteWriter{}.varint(v)).take();
    ByteReader reader{bytes};
    CHECK(reader.varint() == v);
    CHECK(reader.done());
  }
}

TEST_CASE("an over-long or over-large varint is refused") {
  for (const char* hex : {"8000", "ff00", "ffffffffffffffffff02", "ffffffffffffffffffff01", "80"}) {
    const Bytes bytes = *from_hex(hex);
    ByteReader reader{bytes};
    reader.varint();
    CHECK_FALSE(reader.ok());
  }
}

TEST_CASE("a length that promises more than is there fails and stays failed") {
  const Bytes bytes = *from_hex("05aabb");
  ByteReader reader{bytes};
  CHECK(reader.sized(100).empty());
  CHECK_FALSE(reader.ok());
  CHECK(reader.u8() == 0);
  CHECK_FALSE(reader.done());
}

TEST_CASE("a length over the caller's bound fails although the bytes are there") {
  const Bytes bytes = *from_hex("03aabbcc");
  ByteReader reader{bytes};
  CHECK(reader.sized(2).empty());
  CHECK_FALSE(reader.ok());
}

TEST_CASE("integers keep their byte order") {
  CHECK(to_hex(ByteWriter{}.u16(0x0102).u32(0x03040506).bytes()) == "020106050403");
  CHECK(to_hex(ByteWriter{}.u32_be(0x03040506).u64_be(7).bytes()) == "030405060000000000000007");
}

TEST_CASE("hex refuses odd lengths and strange characters") {
  CHECK_FALSE(from_hex("abc").has_value());
  CHECK_FALSE(from_hex("zz").has_value());
  CHECK(to_hex(*from_hex("00FFa5")) == "00ffa5");
}
