// SATCHEL_SIM_SEED=n replays one run; SATCHEL_SIM_SEEDS=n runs so many, from SATCHEL_SIM_FIRST on. SATCHEL_SIM_FAULTS=cuts,sticks
// switches these on in every run, SATCHEL_SIM_EXACTLY=cuts,sticks these and no others.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "tests/sim/simulation.h"

using namespace satchel;
using tests::Faults;
using tests::Plan;
using tests::Simulation;

namespace {

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::optional<Faults> faults_from_environment(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  std::string unknown;
  const Faults faults = Faults::parse(text, unknown);
  INFO("no such kind of trouble: " << unknown);
  REQUIRE(unknown.empty());
  return faults;
}

Plan plan_for(std::uint64_t seed) {
  return tests::draw_plan(seed, faults_from_environment("SATCHEL_SIM_FAULTS").value_or(Faults{}),
                          faults_from_environment("SATCHEL_SIM_EXACTLY"));
}

}  // namespace

TEST_CASE("whatever happens to machines, lines and sticks, nothing acknowledged is lost and all arrives in the end") {
  const std::uint64_t one = number_from_environment("SATCHEL_SIM_SEED", 0);
  const std::uint64_t first = one != 0 ? one : number_from_environment("SATCHEL_SIM_FIRST", 1);
  const std::uint64_t count = one != 0 ? 1 : number_from_environment("SATCHEL_SIM_SEEDS", 12);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    Simulation run{plan_for(seed)};
    run.run();
    std::cout << run.summary() << "\n";
    if (run.faults().empty()) continue;
    std::cout << run.last_events();
    for (const auto& fault : run.faults())
      FAIL_CHECK("SATCHEL_SIM_SEED=" << seed << ": " << tests::Oracles::kind_name(fault.kind) << ": " << fault.text);
  }
}

TEST_CASE("the same seed is the same run") {
  for (const std::uint64_t seed : {3U, 5U}) {
    Simulation one{plan_for(seed)};
    one.run();
    Simulation two{plan_for(seed)};
    two.run();
    CHECK(one.trace() == two.trace());
    Simulation other{plan_for(seed + 100)};
    other.run();
    CHECK(one.trace() != other.trace());
  }
}
