#pragma once

#include <memory>

#include "tests/sim/machine.h"
#include "tests/sim/mutation.h"

namespace satchel::tests {

/// The bug before that machine's store; nothing when the mutation has none there.
std::unique_ptr<StoreLayer> plant(Mutation mutation, Machine& machine);
/// The bug in what the machine does after it has opened what came in. True when it did something.
bool misbehave(Mutation mutation, Machine& machine, SeededRng& rng);
/// Forgets what was ever said of the first student that it knows, and starts again. True when there was something.
bool lose_records(Machine& machine);

}  // namespace satchel::tests
