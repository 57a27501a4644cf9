#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// How often a beacon speaks, and how much it does for those who speak to it. All of it our own choice.
namespace satchel::protocol {

/// Gaps between the first calls after a start or a change of the network: a teacher who plugs the cable in waits for this. The
/// first is so short because the interface has just told us that it is up.
inline constexpr std::array<std::int64_t, 4> kBeaconQuickMs{250, 1'000, 3'000, 10'000};
/// And then for good: 63 bytes twice a minute cost nobody anything, and a laptop that is set down for a minute is found.
inline constexpr std::int64_t kBeaconSteadyMs = 30'000;
/// Each gap is drawn from the whole of ± this share of it, so that sixty nodes that a returning mains switches on at one moment
/// do not speak at one moment.
inline constexpr std::int64_t kBeaconJitterPercent = 40;
/// An answer counts for so long after the call: a local network needs milliseconds, a busy old PC seconds.
inline constexpr std::int64_t kBeaconAnswerMs = 5'000;
/// Calls of ours that may still be answered.
inline constexpr std::size_t kBeaconCallsKept = 32;
/// Nonces of others' calls that we remember: who plays an old call again gets nothing for it. 4 KiB.
inline constexpr std::size_t kBeaconHeardKept = 256;
/// Datagrams that we send because others spoke: so many at once, and then so many a second. A room of sixty nodes that come up
/// together is answered within a few rounds; a flood makes us say no more than 500 bytes a second.
inline constexpr std::int64_t kBeaconRepliesAtOnce = 32;
inline constexpr std::int64_t kBeaconRepliesPerSecond = 8;

}  // namespace satchel::protocol
