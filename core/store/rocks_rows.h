#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/bytes.h"
#include "core/store/value_log.h"

/// How RocksStore writes its rows, below the Store contract: what stands in RocksDB's log and tables.
namespace satchel::core {

/// Rows of our own, which the Store never shows. Counts the synced commits, so that after damage to the log one can tell whether
/// anything that was promised lies behind it.
inline constexpr std::string_view kSyncedCount = "\xFF\xFFsatchel synced commits";
/// The bytes with which keys of rows begin, or began, whose value lies in the value log: 32 bytes, a bit for each.
inline constexpr std::string_view kFarKeys = "\xFF\xFFsatchel far keys";

inline bool own_row(ByteView key) { return same_bytes(key, as_bytes(kSyncedCount)) || same_bytes(key, as_bytes(kFarKeys)); }

/// A row's value is what was put, or this mark and the place where it lies in the value log. What was put and begins with the
/// mark itself lies there, too, so that no value can be mistaken for a place.
inline constexpr std::string_view kFarMark = "\xFF\xFEsatchel";

/// From here on a value lies in the value log. Below it, the one more row that RocksDB copies costs less than the place beside
/// the value and the reading of two files.
inline constexpr std::size_t kFarSize = 2048;

inline bool begins_as_far(ByteView value) {
  return value.size() >= kFarMark.size() && same_bytes(value.first(kFarMark.size()), as_bytes(kFarMark));
}
inline bool lies_far(ByteView value) { return value.size() >= kFarSize || begins_as_far(value); }

inline Bytes far_row(const ValuePlace& place) {
  ByteWriter out;
  out.raw(as_bytes(kFarMark));
  put_place(out, place);
  return std::move(out).take();
}
/// nullopt for a value that stands in its row.
inline std::optional<ValuePlace> place_in(ByteView row) {
  if (row.size() != kFarMark.size() + ValuePlace::kSize || !begins_as_far(row)) return std::nullopt;
  ByteReader in{row.subspan(kFarMark.size())};
  return read_place(in);
}

}  // namespace satchel::core
