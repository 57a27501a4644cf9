// SATCHEL_SIM_SEED=n replays one run; SATCHEL_SIM_SEEDS=n runs so many, from SATCHEL_SIM_FIRST on.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "tests/sim/simulation.h"

using namespace satchel;
using tests::Simulation;

namespace {

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST_CASE("whatever happens on the way, nothing confirmed is lost and all arrives in the end") {
  const std::uint64_t one = number_from_environment("SATCHEL_SIM_SEED", 0);
  const std::uint64_t first = one != 0 ? one : number_from_environment("SATCHEL_SIM_FIRST", 1);
  const std::uint64_t count = one != 0 ? 1 : number_from_environment("SATCHEL_SIM_SEEDS", 30);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    Simulation run{seed};
    run.run();
    std::cout << run.summary() << "\n";
    if (run.faults().empty()) continue;
    std::cout << run.last_events();
    for (const std::string& fault : run.faults()) FAIL_CHECK("SATCHEL_SIM_SEED=" << seed << ": " << fault);
  }
}

TEST_CASE("the same seed is the same run") {
  Simulation one{12345};
  one.run();
  Simulation two{12345};
  two.run();
  CHECK(one.trace() == two.trace());
  Simulation other{12346};
  other.run();
  CHECK(one.trace() != other.trace());
}
