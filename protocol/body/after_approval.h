#pragma once

#include "protocol/body/fact_parts.h"

// The bodies of what follows an approval: proof, errata, delivery, purge, purged. For this folder alone.
namespace satchel::protocol {

void put(schema::Proof::Builder out, const core::ProofFact& fact);
void put(schema::Errata::Builder out, const core::ErrataFact& fact);
void put(schema::Delivery::Builder out, const core::DeliveryFact& fact);
void put(schema::Purge::Builder out, const core::PurgeFact& fact);
void put(schema::Purged::Builder out, const core::PurgedFact& fact);

core::Fact take(Taker& taker, schema::Proof::Reader in);
core::Fact take(schema::Errata::Reader in);
core::Fact take(Taker& taker, schema::Delivery::Reader in);
core::Fact take(Taker& taker, schema::Purge::Reader in);
core::Fact take(Taker& taker, schema::Purged::Reader in);

}  // namespace satchel::protocol
