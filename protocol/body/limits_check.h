#pragma once

#include "core/base/result.h"
#include "core/record/facts.h"

namespace satchel::protocol {

/// What a fact may hold, whichever way it goes (the limits stand in body.h): kLimitExceeded for a text or list that is too long,
/// kMalformed for a text that is not UTF-8, a number that is not finite, a reference over 50 bits.
core::Result<void> check_limits(const core::Fact& fact);

}  // namespace satchel::protocol
