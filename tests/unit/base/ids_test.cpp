#include "core/base/ids.h"

#include <catch2/catch.hpp>

using namespace satchel::core;

TEST_CASE("a student reference is read back however a person types it") {
  const StudentRef ref{0x3A5F0C1B2D3E4ULL & ((1ULL << 50) - 1)};
  const std::string text = ref.text();
  REQUIRE(text.size() == 11);
  CHECK(StudentRef::parse(text) == ref);
  std::string lower;
  for (const char c : text) {
    if (c != '-') lower.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  CHECK(StudentRef::parse(lower) == ref);
  CHECK(StudentRef::parse("OOOOO-IILLL") == StudentRef::parse("00000-11111"));
}

TEST_CASE("what is no student reference is refused") {
  for (const char* text : {"", "7K3QX-2MA9", "7K3QX-2MA9DD", "7K3QX2MA9U", "7K3-QX2MA9D", "张三", "7K3QX--2MA9D"}) {
    CHECK_FALSE(StudentRef::parse(text).has_value());
  }
}
