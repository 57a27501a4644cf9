#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "protocol/bundle/header.h"

/// The shelf's rows about one bundle, as they lie in the store. Our own bytes: what does not parse is kStoreDamaged.
namespace satchel::protocol {

/// Row h: a complete bundle.
struct HeaderRow {
  bool body_dropped = false;
  std::uint64_t arrival = 0;     ///< hop-local counter: orders the inbox
  std::uint64_t cumulative = 0;  ///< own logs: bytes of this log up to and with this bundle
  core::Hash previous;           ///< root of the bundle before it
  core::Bytes header;
};
core::Bytes encode(const HeaderRow& row);
core::Result<HeaderRow> decode_header_row(core::ByteView bytes);
/// Without decoding the rest; for scans over many rows.
bool body_dropped(core::ByteView header_row);

/// The same for when it came.
std::uint64_t arrival_of(core::ByteView header_row);

/// Row p: a bundle whose body is arriving.
struct PartialRow {
  core::Hash previous;
  core::Bytes header;
};
core::Bytes encode(const PartialRow& row);
core::Result<PartialRow> decode_partial_row(core::ByteView bytes);

/// A header that was parsed before it was stored.
core::Result<Header> stored_header(core::ByteView bytes);

}  // namespace satchel::protocol
