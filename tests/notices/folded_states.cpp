// What a home holds of each student, read as the program reads it.
#include <catch2/catch.hpp>

#include "node/digest.h"
#include "node/node.h"
#include "node/system_clock.h"
#include "node/system_disk.h"
#include "tests/notices/story.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

namespace satchel::tests {

std::map<std::string, std::string> folded_states(const std::filesystem::path& home) {
  node::SystemDisk disk;
  node::SystemClock clock;
  SeededRng rng(1);
  const node::Surroundings surroundings{disk, clock, rng, {}};
  const auto opened = node::Node::open(surroundings, home.string(), core::OpenMode::read_only);
  REQUIRE(opened);
  const auto enrolled = (*opened)->enrolled();
  REQUIRE(enrolled);
  std::map<std::string, std::string> out;
  REQUIRE(node::each_digest((*opened)->store(), [&](core::StudentRef ref, const node::Digest&) {
    const auto state = (*enrolled)->ledger->student(ref);
    REQUIRE(state);
    REQUIRE(*state);
    const core::Bytes bytes = core::encode(**state);
    out[ref.text()] = std::string(bytes.begin(), bytes.end());
  }));
  REQUIRE_FALSE(out.empty());
  return out;
}

}  // namespace satchel::tests
