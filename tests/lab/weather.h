#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/support/seeded_rng.h"

namespace satchel::lab {

/// Since the line began.
using Time = std::chrono::nanoseconds;

/// When a line comes and goes. With `up` zero it never goes.
struct Outages {
  Time up{0};
  Time down{0};
  bool random = false;  ///< exponentially distributed with these means; else exactly these lengths
};

/// The schedule of one line: up from 0 on, then down, up, down, the same for one seed. Both directions share it.
class Weather {
 public:
  Weather(const Outages& outages, std::uint64_t seed) : outages_(outages), rng_(seed) {}

  /// Counts the stretches from 0 on: even ones are up, odd ones down. `t` is not negative.
  std::size_t stretch(Time t);
  bool up(Time t) { return stretch(t) % 2 == 0; }
  /// The first moment from `t` on at which the line is down; Time::max() when there is none.
  Time next_down(Time t);
  /// How long the line was up in [0, until).
  Time up_time(Time until);

 private:
  Time draw(Time mean);
  void extend_beyond(Time t);

  Outages outages_;
  tests::SeededRng rng_;
  std::vector<Time> begins_{Time{0}};  ///< of each stretch
};

}  // namespace satchel::lab
