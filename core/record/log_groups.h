#pragma once

#include <optional>

#include "core/base/bytes.h"
#include "core/base/ids.h"

namespace satchel::core {

/// How frontiers and receipts write authors: in order, the node as the difference to the author before, so that a row of sites
/// costs one byte for each number (protocol/SPEC.md, "Author row").
class AuthorWriter {
 public:
  /// Authors must come in ascending order.
  void put(ByteWriter& out, const Author& author);

 private:
  std::uint32_t last_node_ = 0;
};

/// Reads what AuthorWriter wrote.
class AuthorReader {
 public:
  /// The next author; anything that is not larger than the one before makes `in` fail.
  Author take(ByteReader& in);

 private:
  std::optional<Author> last_;
};

/// Set bits of the low half say which lanes of an author follow.
inline bool has_lane(std::uint8_t mask, Lane lane) { return ((unsigned{mask} >> lane_index(lane)) & 1U) != 0; }
inline std::uint8_t lane_bit(Lane lane) { return static_cast<std::uint8_t>(1U << lane_index(lane)); }

}  // namespace satchel::core
