#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/record/frontier.h"
#include "protocol/session/turns.h"

/// What two nodes remember of their last meeting, so that the next one says only what is new. Whoever begins names a digest over
/// all of it; only who holds the very same bytes goes on from there, anybody else is told everything.
namespace satchel::protocol {

/// Names what both remember: long enough that no two memories share it by chance or by somebody's doing.
using MemoryDigest = std::array<std::uint8_t, 16>;

struct Memory {
  core::Frontier ours;    ///< what the peer had been told of us when both were done
  core::Frontier theirs;  ///< what it had told us
  /// Up to where bundles of control and record have been put on the line to it, arrived or not: our own note, not in the digest.
  core::Frontier offered;
  std::uint64_t rate = 0;  ///< bytes a second that the line to it took; 0: not measured. Our own note, too
  Passed passed{};         ///< what has gone to it before what. Our own note, too
  bool operator==(const Memory&) const = default;
};

/// The same at both ends: `self` is the one whose memory it is.
MemoryDigest digest_of(const Memory& memory, core::NodeNumber self, core::NodeNumber peer);

/// As it lies in the shelf: our own bytes. kStoreDamaged.
core::Bytes encode(const Memory& memory);
core::Result<Memory> decode_memory(core::ByteView bytes);

/// What has been added to a frontier: positions that were raised, named by their index in the order of its logs, and new logs.
struct FrontierDelta {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> raised;  ///< index, by how much; indexes ascend
  core::Frontier fresh;
  bool operator==(const FrontierDelta&) const = default;
};

/// From `base` to `now`; logs of `base` that `now` does not name stay as they are.
FrontierDelta difference(const core::Frontier& base, const core::Frontier& now);
/// kMalformed when the delta was not made for this base; kLimitExceeded.
core::Result<core::Frontier> apply(const core::Frontier& base, const FrontierDelta& delta);
/// Canonical bytes (protocol/SPEC.md, "Hello"): two bytes a log that was raised, in the ordinary case.
core::Bytes encode(const FrontierDelta& delta);
core::Result<FrontierDelta> decode_delta(core::ByteView bytes);

/// One bundle more is held: raises `frontier` when the bundle is the next one of its log, and over those of `beyond` that follow;
/// else it waits in `beyond`. Both sides of a meeting do the same with the same confirmations.
void raise_over_gaps(core::Frontier& frontier, std::set<core::BundleId>& beyond, const core::BundleId& id);

/// True when `held` reaches at least as far as `base` in every log: after a crash or a restore it may not.
bool reaches(const core::Frontier& held, const core::Frontier& base);

}  // namespace satchel::protocol
