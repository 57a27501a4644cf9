#pragma once

#include <cstdint>

#include "tests/support/seeded_rng.h"

namespace satchel::lab {

/// The Gilbert–Elliott model of loss: a line is in a good or in a bad state, and changes with a chance at each packet.
struct Loss {
  double to_bad = 0;   ///< chance of a good line to turn bad before a packet
  double to_good = 1;  ///< chance of a bad line to turn good before a packet
  double in_good = 0;  ///< share of packets lost while it is good
  double in_bad = 1;   ///< share of packets lost while it is bad

  /// Each packet by itself. `mean` in [0, 1).
  static Loss independent(double mean);
  /// Runs of lost packets of `run` packets in the mean (at least 1), `mean` of all packets lost.
  static Loss bursts(double mean, double run);
};

class LossProcess {
 public:
  LossProcess(const Loss& loss, std::uint64_t seed) : loss_(loss), rng_(seed) {}
  /// Whether the next packet is lost.
  bool next();

 private:
  Loss loss_;
  tests::SeededRng rng_;
  bool bad_ = false;
};

}  // namespace satchel::lab
