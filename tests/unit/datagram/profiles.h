#pragma once

#include <vector>

#include "tests/support/line.h"

namespace satchel::tests {

struct Profile {
  const char* name;
  LineShape up;
  LineShape down;
};

/// The lines of the laboratory (tests/lab); delays are half the round trip.
inline std::vector<Profile> profiles() {
  LineShape slow{.bits_per_second = 64'000, .delay_us = 300'000, .loss = 0.02};
  LineShape slow_down = slow;
  slow_down.bits_per_second = 128'000;
  const LineShape lossy{.bits_per_second = 128'000, .delay_us = 400'000, .loss = 0.08};
  LineShape sat{.bits_per_second = 512'000, .delay_us = 325'000, .loss = 0.01, .burst = 4};
  LineShape sat_down = sat;
  sat_down.bits_per_second = 2'000'000;
  const LineShape flaky{
      .bits_per_second = 1'000'000, .delay_us = 100'000, .loss = 0.01, .up_us = 20'000'000, .down_us = 10'000'000};
  const LineShape dsl{.bits_per_second = 2'000'000, .delay_us = 20'000, .loss = 0.001};
  const LineShape village{
      .bits_per_second = 20'000, .delay_us = 300'000, .up_us = 20'000'000, .down_us = 20'000'000, .drawn = true};
  return {{"2g", slow, slow_down},      {"edge-lossy", lossy, lossy}, {"sat", sat, sat_down},
          {"sat-down", sat_down, sat},  {"3g-flaky", flaky, flaky},   {"dsl", dsl, dsl},
          {"village", village, village}};
}

}  // namespace satchel::tests
