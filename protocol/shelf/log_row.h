#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/result.h"

namespace satchel::protocol {

/// What the shelf keeps in memory of one log, and on disk beside every change of it, so that opening reads one row a log and
/// not one a bundle.
struct LogRow {
  core::Seq contiguous;            ///< 1 … contiguous are held, or were held and freed under a receipt
  core::Seq highest;               ///< largest held at all (beyond a gap)
  core::Seq root_at;               ///< the last bundle of the contiguous part whose root we know …
  core::Hash root;                 ///< … and its root
  std::uint64_t held_bundles = 0;  ///< header rows
  std::uint64_t held_bytes = 0;    ///< headers and bodies that lie here
  std::uint64_t total_bytes = 0;   ///< own logs: of all bundles ever added, freed or not
  std::uint64_t last_arrival = 0;  ///< hop-local counter
  bool operator==(const LogRow&) const = default;
};

core::Bytes encode(const LogRow& row);
core::Result<LogRow> decode_log_row(core::ByteView bytes);

}  // namespace satchel::protocol
