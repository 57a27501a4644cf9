#include "tests/sim/simulation.h"

#include <sstream>

#include "core/store/keys.h"

namespace satchel::tests {

namespace {

constexpr std::int64_t kLookUs = 10 * kSecond;

}  // namespace

Simulation::Simulation(const Plan& plan, Mutation mutation) : world_(plan, mutation) {
  work_.begin();
  weather_.begin();
  sticks_.begin();
}

bool Simulation::all_run() const {
  for (std::size_t i = 0; i < world_.size(); ++i) {
    if (!world_.runs(i)) return false;
  }
  return true;
}

void Simulation::run() {
  const auto quiet = [this] { return faults().empty(); };
  const core::MonoUs end_of_trouble = world_.events.now() + world_.plan().trouble_us;
  while (quiet() && world_.events.step(end_of_trouble)) {
  }
  if (!quiet()) return;
  weather_.end();
  work_.end();
  sticks_.end_of_trouble();
  const core::MonoUs last = world_.events.now() + world_.plan().calm_us;
  bool converged = false;
  for (core::MonoUs at = world_.events.now() + kLookUs; at < last && quiet() && !converged; at = at + kLookUs) {
    while (quiet() && world_.events.step(at)) {
    }
    converged = all_run() && world_.oracles.missing().empty();
  }
  if (quiet() && !converged) world_.oracles.fault(Oracles::Kind::late, "after hours of calm:\n" + world_.oracles.missing());
  if (quiet()) world_.oracles.check_end();
  if (quiet()) {
    Oracles::Traffic traffic = world_.traffic();
    traffic.useful_bytes = useful_bytes();
    world_.oracles.check_traffic(traffic);
  }
  world_.note("end");
}

/// Of every bundle, once for each honest machine that knows of it and did not write it.
std::uint64_t Simulation::useful_bytes() const {
  std::map<core::BundleId, std::uint64_t> sizes;
  for (std::size_t i = 0; i < world_.size(); ++i) {
    const Machine& one = world_.machine(i);
    for (const auto& [log, reached] : one.shelf->own_reach()) {
      for (core::Seq seq{1}; seq <= reached; ++seq.value) {
        const auto header = one.shelf->header({log, seq});
        if (header && *header) sizes[{log, seq}] = (*header)->bytes.size() + (*header)->body_size();
      }
    }
  }
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < world_.size(); ++i) {
    const Machine& one = world_.machine(i);
    const core::Frontier held = one.shelf->frontier();
    for (const auto& [id, size] : sizes) {
      if (id.log.author.node != one.member.number && held.covers(id)) out += size;
    }
  }
  return out;
}

std::string Simulation::summary() const {
  std::ostringstream out;
  const Plan& plan = world_.plan();
  out << "SATCHEL_SIM_SEED=" << plan.seed << " nodes=" << plan.nodes.size() << " lines=" << plan.lines.size() << " "
      << plan.faults.text();
  for (const auto& [what, count] : world_.counts()) out << " " << what << "=" << count;
  out << " bytes=" << world_.traffic().wire_bytes << " minutes=" << world_.events.now().value / kMinute
      << " steps=" << world_.events.steps() << " trace=" << world_.trace().hex().substr(0, 16);
  return out.str();
}

std::string Simulation::last_events() const {
  std::string out;
  for (const std::string& each : world_.last_events()) out += each + "\n";
  return out;
}

}  // namespace satchel::tests
