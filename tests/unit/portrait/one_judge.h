#pragma once

#include <catch2/catch.hpp>

#include "core/portrait/check.h"

namespace satchel::test {

/// One for all tests of the executable: loading costs more than judging.
inline core::portrait::Judge& judge() {
  static const auto loaded = core::portrait::Judge::load();
  REQUIRE(loaded);
  return **loaded;
}

}  // namespace satchel::test
