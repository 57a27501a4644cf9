// Each kind of oracle finds a bug of its kind, planted where the simulator holds the real code. The table in README.md says how
// many seeds it took; SATCHEL_SIM_MUTATION=name prints the whole run of one that is caught.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <set>

#include "tests/sim/simulation.h"

using namespace satchel;
using tests::Fault;
using tests::Faults;
using tests::Mutation;
using tests::Oracles;
using tests::Plan;
using tests::Simulation;

namespace {

struct Planted {
  Mutation mutation;
  std::set<Oracles::Kind> by;  ///< any of these finds it
  std::set<Fault> trouble;     ///< and no other
  std::uint64_t seeds_most;
};

Plan plan_for(const Planted& planted, std::uint64_t seed) {
  Faults faults;
  for (const Fault fault : planted.trouble) faults.add(fault);
  Plan plan = tests::draw_plan(seed, {}, faults);
  plan.calm_us = 30 * tests::kMinute;
  plan.photo_bytes = 20'000;
  plan.work_every_us = 10 * tests::kSecond;
  return plan;
}

/// The seed that found it, or 0.
std::uint64_t seeds_needed(const Planted& planted) {
  for (std::uint64_t seed = 1; seed <= planted.seeds_most; ++seed) {
    Simulation run{plan_for(planted, seed), planted.mutation};
    run.run();
    for (const Oracles::Verdict& fault : run.faults()) {
      if (!planted.by.contains(fault.kind)) continue;
      std::cout << tests::kMutationNames[static_cast<std::size_t>(planted.mutation)] << ": " << Oracles::kind_name(fault.kind)
                << " after " << seed << ": " << fault.text.substr(0, 100) << "\n";
      return seed;
    }
  }
  return 0;
}

using Kind = Oracles::Kind;
const std::vector<Planted> kPlanted{
    {Mutation::confirms_unsynced, {Kind::lost}, {Fault::power}, 10},
    {Mutation::loses_records, {Kind::late, Kind::lost, Kind::diverged}, {}, 10},
    {Mutation::changes_bytes, {Kind::late, Kind::diverged}, {}, 10},
    {Mutation::stale_state, {Kind::diverged}, {}, 40},
    {Mutation::relay_reads, {Kind::opened}, {}, 10},
    {Mutation::receipt_too_high, {Kind::unproven}, {}, 10},
    {Mutation::shows_too_early, {Kind::unproven}, {}, 40},
    {Mutation::forgets_frontier, {Kind::went_back}, {}, 10},
    {Mutation::reuses_numbers, {Kind::late, Kind::unproven, Kind::diverged}, {Fault::restores}, 40},
    {Mutation::sends_again, {Kind::wasteful}, {}, 80},
    {Mutation::breaks_frames, {Kind::broken}, {}, 10},
};

}  // namespace

TEST_CASE("each planted bug is found by an oracle of its kind within a few seeds") {
  const char* only = std::getenv("SATCHEL_SIM_MUTATION");
  for (const Planted& planted : kPlanted) {
    const std::string name{tests::kMutationNames[static_cast<std::size_t>(planted.mutation)]};
    if (only != nullptr && name != only) continue;
    INFO(name << " within " << planted.seeds_most << " seeds");
    CHECK(seeds_needed(planted) > 0);
  }
}

TEST_CASE("without a planted bug the same runs are clean") {
  for (const Planted& planted : kPlanted) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      Simulation run{plan_for(planted, seed)};
      run.run();
      INFO("seed " << seed << " " << run.summary());
      CHECK(run.faults().empty());
    }
  }
}
