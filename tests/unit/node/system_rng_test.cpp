#include "node/system_rng.h"

#include <catch2/catch.hpp>

#include "tests/support/with_crypto.h"

namespace satchel::node {

TEST_CASE("the system's random source does not repeat") {
  SystemRng rng;
  CHECK(rng.u64() != rng.u64());
}

}  // namespace satchel::node
