#pragma once

#include <cstdint>

#include "protocol/bundle/header.h"

namespace satchel::protocol {

/// What of a lane goes in turn with the rest of it. In each direction of a meeting one bundle of each stream may be open.
struct Stream {
  core::Lane lane = core::Lane::control;
  bool foreign = false;  ///< not written by the one who sends it
  bool urgent = false;

  constexpr Stream() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a lane is its ordinary stream of the sender's own bundles
  constexpr Stream(core::Lane of, bool of_others = false, bool first = false) : lane(of), foreign(of_others), urgent(first) {}
  /// Where `header` goes when `sender` sends it: both sides see the same.
  static Stream of(const Header& header, core::NodeNumber sender) {
    return {header.id.log.lane, header.id.log.author.node != sender, header.urgent};
  }
  /// 0 to kStreams - 1; as it stands on the wire: lane, bits 0–1; 4 foreign; 8 urgent.
  constexpr std::size_t index() const { return core::lane_index(lane) | (foreign ? 4U : 0U) | (urgent ? 8U : 0U); }
  bool operator==(const Stream&) const = default;
};
inline constexpr std::size_t kStreams = 16;
constexpr Stream stream_at(std::size_t index) {
  return {static_cast<core::Lane>(index & 3U), (index & 4U) != 0, (index & 8U) != 0};
}

}  // namespace satchel::protocol
