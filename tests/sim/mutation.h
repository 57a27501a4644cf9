#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace satchel::tests {

/// A bug, planted where the simulator holds the real code: each kind of oracle must find its own (mutations_test.cpp).
enum class Mutation : std::uint8_t {
  none,
  confirms_unsynced,  ///< the store says that all is on the disk before it is
  loses_records,      ///< the hub loses what was said of a student
  changes_bytes,      ///< … or keeps a byte of a body wrongly
  stale_state,        ///< … or does not keep what was folded
  relay_reads,        ///< a relay has come by the hub's key
  receipt_too_high,   ///< the hub signs for one bundle more than it has
  shows_too_early,    ///< a site takes the first bundle of a log for the one that carries a submission
  forgets_frontier,   ///< a node forgets how far logs reach
  reuses_numbers,     ///< a disk that was set back goes on under its old numbers
  sends_again,        ///< in half of all meetings a node says "I have nothing", and keeps nothing of what comes
  breaks_frames,      ///< bytes change inside the carrier, and nobody is at fault
};
inline constexpr std::size_t kMutations = 12;
inline constexpr std::array<std::string_view, kMutations> kMutationNames{
    "none",        "confirms-unsynced", "loses-records",   "changes-bytes",    "stale-state",
    "relay-reads", "receipt-too-high",  "shows-too-early", "forgets-frontier", "reuses-numbers",
    "sends-again", "breaks-frames"};

}  // namespace satchel::tests
