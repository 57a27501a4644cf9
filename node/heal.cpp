#include "node/heal.h"

#include "node/restate.h"

namespace satchel::node {

using core::Result;

Result<void> heal_incarnation(const LedgerBase& base, Ledger& ledger) {
  core::HighWater& high_water = base.high_water;
  bool reused = !high_water.matches(base.shelf.own_reach()) || base.shelf.forsaken(high_water.incarnation());
  for (const auto& [log, seq] : base.shelf.own_seen_beyond()) reused |= log.author.incarnation == high_water.incarnation();
  std::uint32_t above = 0;
  if (const auto& outrun = base.shelf.outrun(); outrun && outrun->epoch >= high_water.epoch()) {
    // We were set back, or a copy of us is in use: what we wrote since stands under numbers that were given out before.
    if (outrun->hub == high_water.incarnation()) SATCHEL_TRY(base.shelf.forsake(outrun->hub));
    above = outrun->epoch;
    reused = true;
  }
  if (reused) {
    // The database is older than what has left this machine, or there are two of it. Its numbers must not be used again.
    SATCHEL_TRY(high_water.reincarnate(base.surroundings.rng, above));
    base.log.trouble("this database was restored from a copy, or cloned: a new incarnation begins (epoch " +
                     std::to_string(high_water.epoch()) + ")");
  }
  SATCHEL_TRY(ledger.reissue());
  SATCHEL_TRY(restate(base, ledger));
  SATCHEL_TRY(ledger.issue_receipt());
  return {};
}

}  // namespace satchel::node
