#include "tests/lab/loss.h"

#include "tests/lab/chance.h"

namespace satchel::lab {

Loss Loss::independent(double mean) { return Loss{.to_bad = 0, .to_good = 1, .in_good = mean, .in_bad = mean}; }

Loss Loss::bursts(double mean, double run) {
  // The share of time in the bad state is to_bad / (to_bad + to_good); a stay there lasts 1 / to_good packets.
  const double to_good = 1 / run;
  return Loss{.to_bad = to_good * mean / (1 - mean), .to_good = to_good, .in_good = 0, .in_bad = 1};
}

bool LossProcess::next() {
  const double change = bad_ ? loss_.to_good : loss_.to_bad;
  if (share(rng_) < change) bad_ = !bad_;
  return share(rng_) < (bad_ ? loss_.in_bad : loss_.in_good);
}

}  // namespace satchel::lab
