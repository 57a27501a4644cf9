#pragma once

#include "node/ledger.h"

namespace satchel::node {

/// The word that goes before `word` where it may meet a verdict that it must not stand beside, in a turn with it: everything said
/// of the submission up to the number before is void, an approval too, which is final otherwise.
core::VerdictFact take_back_before(const core::VerdictFact& word);

/// At a hub whose database was set back, or that has a double: says anew what it knows of every student, with numbers above all
/// that it may have forgotten (Ledger::number), so that no site goes on believing a word that the hub knows nothing of: roster
/// rows and their index, what counts of the review, the timetable and the profile. What was never decided is said to be waiting.
/// A hundred students a step, each synced; begins again after a kill; no effect when this epoch has done it, or elsewhere. Gives
/// how many students it was. Not said anew: unlocks, whose attempts would count twice, choices in conflicts, and what is final
/// (exports, deliveries, purges).
core::Result<std::size_t> restate(const LedgerBase& base, Ledger& ledger);

}  // namespace satchel::node
