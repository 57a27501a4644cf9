// A high-water file that a failing disk gives back.
#include "core/base/check.h"
#include "core/record/high_water.h"
#include "tests/support/memory_disk.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tests::MemoryDisk disk;
  tests::SeededRng rng{1};
  SATCHEL_CHECK(disk.make_folder("home").has_value());
  SATCHEL_CHECK(disk.write_atomic("home/highwater", {data, size}).has_value());
  const auto high_water = core::HighWater::open(disk, "home/highwater", rng);
  // A damaged one is an error for a person, never a new beginning.
  SATCHEL_CHECK(core::same_bytes(disk.raw("home/highwater"), {data, size}));
  if (high_water) SATCHEL_CHECK(high_water->incarnation().value != 0);
  return 0;
}
