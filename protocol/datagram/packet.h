#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "protocol/datagram/limits.h"

namespace satchel::protocol {

struct ConnectionTag;
/// 64 random bits, chosen by the caller: who was not on the way cannot guess them, and so cannot speak into the stream.
using ConnectionId = core::StrongNumber<ConnectionTag, std::uint64_t>;
struct PassTag;
/// The answerer's proof to itself that somebody at an address read what it sent there.
using Pass = core::FixedBytes<PassTag, 16>;

/// The values stand on the wire.
enum class PacketKind : std::uint8_t {
  open = 1,       ///< as carry, with the version and a pass: what a caller sends until it is answered
  pass = 2,       ///< show this when you open
  carry = 3,      ///< bytes of the stream, acknowledgements, questions
  gone = 4,       ///< no such stream, or no longer
  challenge = 5,  ///< say this back from where you are now
  response = 6,   ///< said back
};

/// What a receiver has: its newest packet, runs of packets below, and how far the stream is whole.
struct Ack {
  /// `missing` packets that are not there, then `run` that are, going down.
  struct Run {
    std::uint16_t missing = 1;
    std::uint16_t run = 1;
    bool operator==(const Run&) const = default;
  };
  std::uint16_t newest = 0;  ///< low bits of the packet's number
  std::uint16_t waited = 0;  ///< since it came, in quarters of a millisecond
  std::uint32_t whole = 0;   ///< low 24 bits of the stream offset up to which nothing is missing
  std::uint16_t run = 1;     ///< packets that are there from the newest downwards
  std::vector<Run> runs;
  bool operator==(const Ack&) const = default;
};

/// One datagram. Which members count hangs on the kind.
struct Packet {
  PacketKind kind = PacketKind::carry;
  bool by_answerer = false;
  ConnectionId id;
  Pass pass;                 ///< open (zeros: none), pass
  std::uint64_t token = 0;   ///< challenge, response
  std::uint16_t number = 0;  ///< open, carry: low bits
  bool more = false;         ///< open, carry: the sender has more to bring than this packet
  bool asks = false;         ///< open, carry, without data: an answer is wanted
  std::optional<Ack> ack;
  bool has_data = false;
  bool fin = false;          ///< with data: the stream ends where these bytes end
  std::uint32_t offset = 0;  ///< with data: low 24 bits of the first byte's offset
  core::ByteView data;       ///< borrowed

  bool numbered() const noexcept { return kind == PacketKind::open || kind == PacketKind::carry; }
};

core::Bytes encode(const Packet& packet);
std::size_t encoded_size(const Ack& ack);
/// kMalformed or kVersionUnknown; `data` borrows from `datagram`.
core::Result<Packet> decode_packet(core::ByteView datagram);

/// The whole number nearest to `expected` whose low `bits` are `low`.
std::uint64_t expand(std::uint32_t low, unsigned bits, std::uint64_t expected);

}  // namespace satchel::protocol
