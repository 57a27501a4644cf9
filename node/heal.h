#pragma once

#include "node/ledger.h"

namespace satchel::node {

/// At each start, and after something came in: when the database turns out to be older than what has left this machine, or to be
/// one of two, a new incarnation begins, and what the former one holds and the hub is not proven to have is said again in it. At
/// the hub a receipt follows. No effect when nothing is wrong; goes on after a kill.
core::Result<void> heal_incarnation(const LedgerBase& base, Ledger& ledger);

}  // namespace satchel::node
