#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace satchel::core {

struct SignPublicTag;
struct BoxPublicTag;
struct SignatureTag;
struct HashTag;
/// Ed25519 public key: who a node is.
using SignPublic = FixedBytes<SignPublicTag, 32>;
/// X25519 public key: to whom bytes are sealed, and the static key of a link.
using BoxPublic = FixedBytes<BoxPublicTag, 32>;
using Signature = FixedBytes<SignatureTag, 64>;
/// BLAKE2b-256.
using Hash = FixedBytes<HashTag, 32>;

/// A whole number that only mixes with its own kind.
template <class Tag, class Rep>
struct StrongNumber {
  Rep value{};
  auto operator<=>(const StrongNumber&) const = default;
};

struct CampaignTag;
struct NodeNumberTag;
struct IncarnationTag;
struct SeqTag;
/// First 8 bytes of the hash of the hub's founding statement: which collection round.
using CampaignId = StrongNumber<CampaignTag, std::uint64_t>;
/// Dense number that the hub gives a node when it enrols it; 0 is the hub itself.
using NodeNumber = StrongNumber<NodeNumberTag, std::uint32_t>;
/// 64 random bits made together with a node's database; a restored or cloned database gets new ones (see protocol/SPEC.md).
using Incarnation = StrongNumber<IncarnationTag, std::uint64_t>;
/// Position in a log, from 1, without gaps. 0 is "nothing yet".
using Seq = StrongNumber<SeqTag, std::uint64_t>;

inline constexpr NodeNumber kHubNumber{0};

/// Priority class of a bundle, most urgent first. The values stand on the wire.
enum class Lane : std::uint8_t { control = 0, record = 1, photo = 2, original = 3 };
inline constexpr std::array kLanes{Lane::control, Lane::record, Lane::photo, Lane::original};
inline constexpr std::size_t lane_index(Lane lane) { return static_cast<std::size_t>(lane); }
std::string_view lane_name(Lane lane);

/// Who wrote a log: one node in one life of its database.
struct Author {
  NodeNumber node;
  Incarnation incarnation;
  auto operator<=>(const Author&) const = default;
};

/// For whom a log is written. Logs are split by audience because a frontier must be free of gaps at every node, and a
/// site takes only what is for it: a hub with 300 sites would else send each site the news of all others.
/// 0: the hub. n: node number n. kEveryone: all enrolled nodes (enrolments, revocations).
struct AudienceTag;
using Audience = StrongNumber<AudienceTag, std::uint32_t>;
inline constexpr Audience kToHub{0};
inline constexpr Audience kEveryone{0xFFFFFFFF};

/// One log of bundles: contiguous sequence numbers, in one lane.
struct LogId {
  Author author;
  Audience audience;
  Lane lane = Lane::control;
  auto operator<=>(const LogId&) const = default;
};

/// One bundle's place.
struct BundleId {
  LogId log;
  Seq seq;
  auto operator<=>(const BundleId&) const = default;
};

/// A student of this campaign, as shown and typed: ten characters of Crockford's base 32, split by a dash ("7K3QX-2MA9D").
/// The first 50 bits of a keyed hash of the unique number, so that it may stand in a log, a file name or a process list.
struct StudentRef {
  std::uint64_t value = 0;  ///< below 2^50
  auto operator<=>(const StudentRef&) const = default;
  std::string text() const;
  /// Takes lower case, no dash, and O for 0, I and L for 1; nullopt for anything else.
  static std::optional<StudentRef> parse(std::string_view text);
};

/// A record's identity: the hash of its signed bytes (core/record/entry.h).
using RecordId = Hash;

}  // namespace satchel::core
