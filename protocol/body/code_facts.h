#pragma once

#include "protocol/body/fact_parts.h"

namespace satchel::protocol {

// The bodies about collection codes.

void put(schema::CodeRevocation::Builder out, const core::CodeRevocationFact& fact);
void put(schema::ForeignCode::Builder out, const core::ForeignCodeFact& fact);
void put(schema::ForeignAnswer::Builder out, const core::ForeignAnswerFact& fact);
core::Fact take(schema::CodeRevocation::Reader in);
core::Fact take(Taker& taker, schema::ForeignCode::Reader in);
core::Fact take(Taker& taker, schema::ForeignAnswer::Reader in);

}  // namespace satchel::protocol
