#pragma once

#include <optional>

#include "core/base/ids.h"
#include "core/store/store.h"
#include "node/dialling.h"
#include "protocol/datagram/gate.h"
#include "protocol/datagram/line_model.h"

namespace satchel::node {

struct Address;

/// What is remembered of an address that was met: it only saves time at the next meeting, and losing it is no harm.
struct PlaceMemory {
  std::optional<core::NodeNumber> node;  ///< who was there
  Dialling::Known known;                 ///< round_trip_us is that of `line`
  std::optional<protocol::Pass> pass;
  std::optional<protocol::LineModel::Memory> line;
};

/// Nothing, where nothing is remembered or the row cannot be read.
PlaceMemory load_place(const core::Store& store, const Address& address);
void put_place(core::WriteBatch& batch, const Address& address, const PlaceMemory& memory);

}  // namespace satchel::node
