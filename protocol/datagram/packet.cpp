#include "protocol/datagram/packet.h"

namespace satchel::protocol {

namespace {

using core::ByteReader;
using core::Bytes;
using core::ByteView;
using core::ByteWriter;
using core::Code;
using core::Error;
using core::Result;

// The first byte: the kind in its low three bits, what is there in the others.
constexpr std::uint8_t kKindMask = 0x07;
constexpr std::uint8_t kByAnswerer = 0x08;
constexpr std::uint8_t kHasAck = 0x10;
constexpr std::uint8_t kHasData = 0x20;
constexpr std::uint8_t kMore = 0x40;
constexpr std::uint8_t kFinOrAsks = 0x80;  ///< with data: the end; without: an answer is wanted

void put_u24(ByteWriter& out, std::uint32_t value) {
  out.u8(static_cast<std::uint8_t>(value)).u16(static_cast<std::uint16_t>(value >> 8U));
}

std::uint32_t take_u24(ByteReader& in) {
  const std::uint32_t low = in.u8();
  return low | (static_cast<std::uint32_t>(in.u16()) << 8U);
}

void put_ack(ByteWriter& out, const Ack& ack) {
  out.u16(ack.newest).varint(ack.waited);
  put_u24(out, ack.whole);
  out.varint(ack.run).u8(static_cast<std::uint8_t>(ack.runs.size()));
  for (const Ack::Run& each : ack.runs) out.varint(each.missing).varint(each.run);
}

std::uint16_t take_count(ByteReader& in, std::uint64_t least, std::uint64_t most) {
  const std::uint64_t value = in.varint();
  if (value < least || value > most) in.fail();
  return static_cast<std::uint16_t>(value);
}

Ack take_ack(ByteReader& in) {
  Ack ack;
  ack.newest = in.u16();
  ack.waited = take_count(in, 0, 0xFFFF);
  ack.whole = take_u24(in);
  ack.run = take_count(in, 1, 0x7FFF);
  const std::size_t count = in.u8();
  if (count > kAckRunsMax) in.fail();
  for (std::size_t i = 0; in.ok() && i < count; ++i) {
    const std::uint16_t missing = take_count(in, 1, 0x7FFF);
    ack.runs.push_back({missing, take_count(in, 1, 0x7FFF)});
  }
  return ack;
}

void take_body(ByteReader& in, std::uint8_t flags, Packet& packet) {
  packet.number = in.u16();
  packet.more = (flags & kMore) != 0;
  packet.has_data = (flags & kHasData) != 0;
  packet.fin = packet.has_data && (flags & kFinOrAsks) != 0;
  packet.asks = !packet.has_data && (flags & kFinOrAsks) != 0;
  if ((flags & kHasAck) != 0) packet.ack = take_ack(in);
  if (packet.has_data) {
    packet.offset = take_u24(in);
    packet.data = in.rest();
    if (packet.data.empty() && !packet.fin) in.fail();
  }
}

}  // namespace

Bytes encode(const Packet& packet) {
  std::uint8_t first = static_cast<std::uint8_t>(packet.kind);
  if (packet.by_answerer) first |= kByAnswerer;
  if (packet.numbered()) {
    if (packet.ack) first |= kHasAck;
    if (packet.has_data) first |= kHasData;
    if (packet.more) first |= kMore;
    if (packet.has_data ? packet.fin : packet.asks) first |= kFinOrAsks;
  }
  ByteWriter out;
  out.u8(first).u64(packet.id.value);
  switch (packet.kind) {
    case PacketKind::open: out.u8(kDatagramVersion).raw(packet.pass.view()); break;
    case PacketKind::pass: out.raw(packet.pass.view()); break;
    case PacketKind::challenge:
    case PacketKind::response: out.u64(packet.token); break;
    case PacketKind::carry:
    case PacketKind::gone: break;
  }
  if (packet.numbered()) {
    out.u16(packet.number);
    if (packet.ack) put_ack(out, *packet.ack);
    if (packet.has_data) {
      put_u24(out, packet.offset);
      out.raw(packet.data);
    }
  }
  return std::move(out).take();
}

std::size_t encoded_size(const Ack& ack) {
  ByteWriter out;
  put_ack(out, ack);
  return out.bytes().size();
}

Result<Packet> decode_packet(ByteView datagram) {
  ByteReader in{datagram};
  Packet packet;
  const std::uint8_t first = in.u8();
  const unsigned kind = first & kKindMask;
  if (kind < 1 || kind > 6 || datagram.size() > kDatagramMax) return Error{Code::kMalformed, "datagram"};
  packet.kind = static_cast<PacketKind>(kind);
  packet.by_answerer = (first & kByAnswerer) != 0;
  packet.id.value = in.u64();
  if (packet.kind == PacketKind::open) {
    if (in.u8() != kDatagramVersion && in.ok()) return Code::kVersionUnknown;
    packet.pass = in.fixed<Pass>();
  }
  if (packet.kind == PacketKind::pass) packet.pass = in.fixed<Pass>();
  if (packet.kind == PacketKind::challenge || packet.kind == PacketKind::response) packet.token = in.u64();
  if (packet.numbered()) {
    take_body(in, first, packet);
  } else if ((first & ~(kKindMask | kByAnswerer)) != 0) {
    in.fail();
  }
  // Only callers open, only answerers hand out passes.
  if (packet.kind == PacketKind::open && packet.by_answerer) in.fail();
  if (packet.kind == PacketKind::pass && !packet.by_answerer) in.fail();
  if (!in.done()) return Error{Code::kMalformed, "datagram"};
  return packet;
}

std::uint64_t expand(std::uint32_t low, unsigned bits, std::uint64_t expected) {
  const std::uint64_t span = std::uint64_t{1} << bits;
  const std::uint64_t candidate = (expected & ~(span - 1)) | low;
  if (candidate + span / 2 <= expected) return candidate + span;
  if (candidate > expected + span / 2 && candidate >= span) return candidate - span;
  return candidate;
}

}  // namespace satchel::protocol
