#include "tests/sim/plan.h"

#include <algorithm>
#include <array>

#include "tests/sim/event_queue.h"

namespace satchel::tests {

namespace {

Faults draw_faults(SeededRng& rng, const Faults& on, const std::optional<Faults>& exactly) {
  Faults drawn;
  for (std::size_t i = 0; i < kFaults; ++i) {
    if (rng.below(3) == 0) drawn.add(static_cast<Fault>(i));
  }
  if (exactly) drawn = *exactly;
  for (const Fault fault : on.all()) drawn.add(fault);
  if (drawn.has(Fault::bad_sticks)) drawn.add(Fault::sticks);
  return drawn;
}

void draw_nodes(Plan& plan, SeededRng& rng) {
  plan.nodes.push_back({core::Role::hub, Conduct::honest, false, false});
  const std::size_t sites = 1 + rng.below(rng.below(3) == 0 ? 8 : 4);
  for (std::size_t i = 0; i < sites; ++i) {
    const bool by_stick = plan.faults.has(Fault::sticks) && rng.below(3) == 0;
    plan.nodes.push_back({core::Role::site, Conduct::honest, false, by_stick});
  }
  const std::size_t relays = rng.below(3);
  for (std::size_t i = 0; i < relays; ++i) plan.nodes.push_back({core::Role::relay, Conduct::honest, false, false});
  if (plan.faults.has(Fault::mule)) plan.nodes.push_back({core::Role::relay, Conduct::honest, true, false});
  if (plan.faults.has(Fault::hostile)) {
    for (std::size_t i = 0; i <= rng.below(2); ++i) {
      plan.nodes.push_back({core::Role::relay, rng.below(3) == 0 ? Conduct::forgets : Conduct::lies, false, false});
    }
  }
}

void draw_line(Plan& plan, SeededRng& rng, std::size_t from, std::size_t to) {
  constexpr std::array<std::uint64_t, 7> kRates{2'000, 9'600, 20'000, 64'000, 256'000, 2'000'000, 10'000'000};
  LinePlan line{from, to, kRates[rng.below(kRates.size())], static_cast<std::int64_t>(2 + rng.below(900)) * kMs};
  line.stays = rng.below(2) == 0;
  line.meddled = plan.faults.has(Fault::meddling) && rng.below(2) == 0;
  if (plan.faults.has(Fault::datagrams) && rng.below(3) > 0) {
    line.datagrams = true;
    constexpr std::array<double, 5> kLoss{0, 0.01, 0.05, 0.15, 0.3};
    line.loss = kLoss[rng.below(kLoss.size())];
    line.burst = rng.below(2) == 0 ? 1 : 4;
    line.doubled = rng.below(3) == 0 ? 0.1 : 0;
    line.overtaken = rng.below(3) == 0 ? 0.1 : 0;
  }
  plan.lines.push_back(line);
}

/// Every honest site can reach the hub over honest machines, or by stick; beyond that anything goes.
void draw_lines(Plan& plan, SeededRng& rng) {
  std::vector<std::size_t> sites, relays, liars;
  for (std::size_t i = 1; i < plan.nodes.size(); ++i) {
    const NodePlan& node = plan.nodes[i];
    (node.role == core::Role::site ? sites : node.conduct == Conduct::honest ? relays : liars).push_back(i);
  }
  for (const std::size_t relay : relays) draw_line(plan, rng, relay, 0);
  for (const std::size_t liar : liars) draw_line(plan, rng, liar, 0);
  for (const std::size_t site : sites) {
    if (plan.nodes[site].by_stick_only) continue;
    const bool direct = relays.empty() || rng.below(2) == 0;
    const std::size_t relay = relays.empty() ? 0 : relays[rng.below(relays.size())];
    if (direct) draw_line(plan, rng, site, 0);
    if (!direct && plan.nodes[relay].mule) draw_line(plan, rng, relay, site);
    if (!direct && !plan.nodes[relay].mule) draw_line(plan, rng, site, relay);
    if (rng.below(3) == 0) draw_line(plan, rng, site, sites[rng.below(sites.size())]);
    for (const std::size_t liar : liars) {
      if (rng.below(2) == 0) rng.below(2) == 0 ? draw_line(plan, rng, site, liar) : draw_line(plan, rng, liar, site);
    }
  }
  if (relays.size() > 1 && rng.below(2) == 0) draw_line(plan, rng, relays[0], relays[1]);
  std::erase_if(plan.lines, [](const LinePlan& line) { return line.from == line.to; });
}

}  // namespace

Plan draw_plan(std::uint64_t seed, const Faults& on, const std::optional<Faults>& exactly) {
  SeededRng rng{seed * 2 + 1};
  Plan plan;
  plan.seed = seed;
  plan.faults = draw_faults(rng, on, exactly);
  draw_nodes(plan, rng);
  draw_lines(plan, rng);
  if (plan.faults.has(Fault::sticks)) plan.sticks = 1 + rng.below(3);
  plan.trouble_us = static_cast<std::int64_t>(3 + rng.below(10)) * kMinute;
  plan.calm_us = 240 * kMinute;
  plan.work_every_us = static_cast<std::int64_t>(8 + rng.below(40)) * kSecond;
  plan.preview_bytes = 200 + rng.below(2'000);
  plan.photo_bytes = 500 + rng.below(rng.below(2) == 0 ? 5'000 : 40'000);
  plan.original_bytes = 2'000 + rng.below(120'000);
  return plan;
}

}  // namespace satchel::tests
