#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/crypto/membership.h"
#include "core/record/frontier.h"
#include "protocol/shelf/routing.h"

/// What goes into a shelf and comes out of it: plain values.
namespace satchel::protocol {

/// How much a node keeps for others. What is for the node itself, and its own, is bounded by the disk alone.
struct ShelfLimits {
  std::array<std::uint64_t, 4> author_lane_bytes{16ULL << 20, 64ULL << 20, 512ULL << 20, 2048ULL << 20};
  std::uint64_t foreign_bytes = 8192ULL << 20;
  /// Below this much free disk nothing foreign is taken …
  std::uint64_t free_bytes_min = 64ULL << 20;
  /// … and below this nothing but control for ourselves: the database needs so much to recover from a full disk.
  std::uint64_t own_free_bytes_min = 20ULL << 20;
  /// False: everything goes to everybody, as if there were no rule about it. For comparison only (tests/bench/gossip.cpp).
  bool routed = true;
};

/// The other side of a meeting, as far as it decides what to send.
struct Peer {
  core::NodeNumber number;
  core::Role role = core::Role::site;
  bool carries = true;   ///< takes bundles for others (every node does unless it says otherwise)
  Way way{};             ///< what it says of itself as a way to the hub
  bool by_hand = false;  ///< no peer but a stick or a file: copies on it cost no line
};

/// A bundle of which we hold the first `offset` bytes of the body.
struct Partial {
  core::BundleId id;
  std::uint64_t offset = 0;  ///< durable
  bool operator==(const Partial&) const = default;
};

/// A complete bundle that a peer lacks, with what decides when it goes.
struct Offer {
  core::BundleId id;
  bool urgent = false;        ///< its author says so, in its header
  bool begun = false;         ///< the peer holds a part of it
  std::uint64_t left = 0;     ///< bytes of the body that the peer lacks
  std::uint64_t arrival = 0;  ///< hop-local: of two, the smaller one has waited longer; never falls along a log
};

/// How far a peer's list has been read, page by page. Urgent bundles stand before the others of their logs.
struct Listed {
  core::Frontier all;
  core::Frontier urgent;
  void note(const Offer& offer);
};

/// Bundles that lie whole beyond a gap of their log: `count` from `first` on.
struct BeyondGap {
  core::LogId log;
  core::Seq first;
  std::uint64_t count = 0;
  bool operator==(const BeyondGap&) const = default;
};

struct Begin {
  enum class Outcome {
    take,           ///< send the body from `offset` on
    have,           ///< nothing to send
    need_previous,  ///< ask for it again with its previous root
    refused,        ///< `refusal` says why; the same bundle may be offered to others
  };
  Outcome outcome = Outcome::refused;
  std::uint64_t offset = 0;
  std::optional<core::Error> refusal;
  /// have, and only just taken in: the header of a body that was let go, or a body that was whole when a kill fell before
  /// finish(). So flush() and confirm.
  bool header_kept = false;
};

struct Progress {
  std::uint64_t offset = 0;  ///< the next byte wanted
  bool whole = false;        ///< every byte is here and proven: call finish()
  bool damaged = false;      ///< what came did not fit its hash; `offset` is back at the start of that chunk
};

struct Tally {
  std::uint64_t bundles = 0;
  std::uint64_t bytes = 0;  ///< headers and bodies
  bool operator==(const Tally&) const = default;
};
using LaneTally = std::array<Tally, 4>;

struct Quarantined {
  core::BundleId id;
  core::Code code;
};

struct Equivocation {
  core::BundleId id;
  std::array<core::Bytes, 2> headers;  ///< both signed by the author: the one that we keep, then the other one
};

/// Which receipt it was.
struct ForeignReceipt {
  core::Incarnation hub;
  std::uint32_t epoch = 0;
  std::uint64_t version = 0;
};

struct VerifyReport {
  std::uint64_t bundles = 0;
  std::uint64_t bytes = 0;
  std::uint64_t faults = 0;
};

}  // namespace satchel::protocol
