#pragma once

#include <optional>
#include <string>

#include "tests/sim/stick_box.h"
#include "tests/sim/weather.h"
#include "tests/sim/work.h"

namespace satchel::tests {

/// One run of a swarm: some minutes of work and trouble, then calm until everything is where the model says. One seed, one run:
/// it chooses who is there, which kinds of trouble there are, and every moment of it.
class Simulation {
 public:
  explicit Simulation(const Plan& plan, Mutation mutation = Mutation::none);
  /// To the end, or to the first fault. Then look at faults().
  void run();
  const std::vector<Oracles::Verdict>& faults() const { return world_.oracles.faults(); }
  /// Of everything that happened, in order.
  const core::Hash& trace() const { return world_.trace(); }
  /// One line: how to run it again, what kinds of trouble, how long, how much.
  std::string summary() const;
  /// The last events before the end, for a person.
  std::string last_events() const;
  std::int64_t virtual_us() const { return world_.events.now().value; }
  std::size_t nodes() const { return world_.size(); }
  std::uint64_t steps() const { return world_.events.steps(); }

 private:
  bool all_run() const;
  std::uint64_t useful_bytes() const;

  World world_;
  Work work_{world_};
  Weather weather_{world_};
  StickBox sticks_{world_};
};

}  // namespace satchel::tests
