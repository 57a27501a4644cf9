#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/crypto/membership.h"
#include "tests/sim/faults.h"
#include "tests/support/seeded_rng.h"

namespace satchel::tests {

/// How a machine of the swarm behaves.
enum class Conduct : std::uint8_t {
  honest,
  forgets,  ///< takes everything, confirms it, and has it no more: withholds
  lies,     ///< speaks the protocol as it likes (adversary.h)
};

struct NodePlan {
  core::Role role = core::Role::site;
  Conduct conduct = Conduct::honest;
  bool mule = false;
  bool by_stick_only = false;
};

/// Between two nodes. A rate holds for each direction.
struct LinePlan {
  std::size_t from = 0;  ///< dials
  std::size_t to = 0;
  std::uint64_t bits_per_second = 0;
  std::int64_t delay_us = 0;
  bool datagrams = false;
  double loss = 0, doubled = 0, overtaken = 0;
  double burst = 1;
  bool stays = false;  ///< a meeting stays open as long as it can, as the program does when it runs
  bool meddled = false;
};

/// What is drawn from a seed before anything happens: who is there, which lines, which kinds of trouble.
struct Plan {
  std::uint64_t seed = 0;
  Faults faults;
  std::vector<NodePlan> nodes;  ///< the hub first
  std::vector<LinePlan> lines;
  std::size_t sticks = 0;
  std::int64_t trouble_us = 0;
  std::int64_t calm_us = 0;                                            ///< at most: then everything must be where it belongs
  std::int64_t work_every_us = 0;                                      ///< mean, over the whole swarm
  std::size_t preview_bytes = 0, photo_bytes = 0, original_bytes = 0;  ///< at most
};

/// `on` is added to what the seed draws; `exactly`, if given, replaces it.
Plan draw_plan(std::uint64_t seed, const Faults& on = {}, const std::optional<Faults>& exactly = std::nullopt);

}  // namespace satchel::tests
