#include "node/system_disk.h"

#include <catch2/catch.hpp>

using namespace satchel;

TEST_CASE("what is there and no ordinary file is told as unreadable") {
  const node::SystemDisk disk;
  const auto read = disk.read("/dev/null", 16);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == core::Code::kFileUnreadable);
}
