#pragma once

#include <cstdint>
#include <vector>

#include "core/base/bytes.h"
#include "core/store/store.h"
#include "protocol/bundle/header.h"

namespace satchel::protocol {

/// What the shelf keeps in memory of a body that is arriving. Everything can be made anew from the store, and is after a failed
/// commit: `loaded` says whether the fields below it are true.
struct Arriving {
  Header header;
  core::Hash previous;
  std::uint64_t offset = 0;  ///< bytes 0 … offset have come; of those from held_from on no row is committed
  bool row_due = false;      ///< its own row goes with the first piece
  /// The last piece, which becomes durable together with what finish() writes; and up to where rows are in the store.
  core::WriteBatch held;
  std::uint64_t held_from = 0;

  bool loaded = false;
  core::Bytes list;                    ///< the chunk list once it has arrived and gives the root
  core::Bytes proof;                   ///< bytes since the start of the list or chunk that is arriving, when it is not kept fresh
  std::vector<std::uint64_t> in_rows;  ///< offsets of the rows of the block that is arriving
};

/// Whether `proof`, the whole list or chunk that starts at `start`, is what the header (through `list`) names.
bool proves(const Header& header, core::ByteView list, std::uint64_t start, core::ByteView proof);

}  // namespace satchel::protocol
