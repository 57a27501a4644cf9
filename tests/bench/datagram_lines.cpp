// datagram_lines: what share of a bad line the datagram carrier turns into bytes of its stream, in virtual time over a line model
// (queue, rate, delay, loss at random or in bursts, outages), for each profile of the line laboratory.
//   build/bench/datagram_lines [SECONDS [SEEDS]]        600 and 3 when nothing is said
// share: delivered / (capacity x (1 - loss) x up-time), all headers on the debit side. again: bytes put on the line beyond those
// delivered, as a part of these. queue: the longest that a byte stood before the line.
#include <cstdio>
#include <cstdlib>

#include "tests/unit/datagram/pair.h"
#include "tests/unit/datagram/profiles.h"

int main(int argc, char** argv) {
  using namespace satchel;
  const std::int64_t seconds = argc > 1 ? std::atoll(argv[1]) : 600;
  const int seeds = argc > 2 ? std::atoi(argv[2]) : 3;
  core::crypto_init();
  std::printf("%-12s %7s %7s %7s %9s\n", "line", "seed", "share", "again", "queue ms");
  for (const tests::Profile& profile : tests::profiles()) {
    for (int seed = 1; seed <= seeds; ++seed) {
      tests::Pair pair{profile.up, profile.down, static_cast<std::uint64_t>(seed)};
      pair.to_send_up = 1ULL << 40U;
      const auto begun = pair.now;
      pair.run(seconds * 1'000'000);
      const std::int64_t up_us = pair.up().up_us(pair.now) - begun.value;
      const double usable =
          static_cast<double>(profile.up.bits_per_second) / 8 * (1 - profile.up.loss) * static_cast<double>(up_us) / 1e6;
      const auto got = static_cast<double>(pair.received_up);
      std::printf("%-12s %7d %6.1f%% %6.1f%% %9.0f\n", profile.name, seed, 100 * got / usable,
                  100 * (static_cast<double>(pair.up().bytes_put()) / got - 1),
                  static_cast<double>(pair.up().longest_wait_us()) / 1e3);
    }
  }
  return 0;
}
