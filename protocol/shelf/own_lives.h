#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/record/receipts.h"

namespace satchel::protocol {

/// What a node knows of its own lives from receipts and refusals. One row, written together with the receipt that it follows
/// from.
struct OwnLives {
  /// Lives of which somebody proved that another machine wrote under their numbers, too. Nothing is written into them any more,
  /// and nothing of them is offered: what they hold and the hub does not is said again in the present life.
  std::set<core::Incarnation> forsaken;
  /// Something in a forsaken life is still to be said again.
  bool due = false;
  /// Own uplink logs: how far a receipt with a fitting tag showed that the hub has what we wrote. Never beyond what we hold.
  std::map<core::LogId, core::Reached> proven;

  core::Reached at(const core::LogId& log) const;
  bool operator==(const OwnLives&) const = default;
};

core::Bytes encode(const OwnLives& lives);
/// kStoreDamaged.
core::Result<OwnLives> decode_own_lives(core::ByteView bytes);

}  // namespace satchel::protocol
