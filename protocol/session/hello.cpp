#include <algorithm>

#include "protocol/link/limits.h"
#include "protocol/session/messages.h"

namespace satchel::protocol {

namespace {

using core::ByteReader;
using core::Bytes;
using core::ByteView;
using core::ByteWriter;
using core::Code;
using core::Error;
using core::Result;

constexpr unsigned kRoleMask = 0x03;
constexpr unsigned kWhole = 0x04;
constexpr unsigned kDescribed = 0x08;
constexpr unsigned kNothing = 0x10;
constexpr unsigned kNamesMemory = 0x20;
constexpr unsigned kNews = 0x40;
constexpr unsigned kAllBits = kRoleMask | kWhole | kDescribed | kNothing | kNamesMemory | kNews;

Error malformed() { return Error{Code::kMalformed, "hello"}; }

void put_partial(ByteWriter& out, const Partial& partial) {
  const core::LogId& log = partial.id.log;
  out.varint(log.author.node.value).u64(log.author.incarnation.value).varint(log.audience.value);
  out.u8(static_cast<std::uint8_t>(log.lane)).varint(partial.id.seq.value).varint(partial.offset);
}

bool read_number(ByteReader& in, std::uint32_t& out) {
  const std::uint64_t value = in.varint();
  out = static_cast<std::uint32_t>(value);
  return value == out;
}

std::optional<Partial> read_partial(ByteReader& in) {
  Partial out;
  core::LogId& log = out.id.log;
  if (!read_number(in, log.author.node.value)) return std::nullopt;
  log.author.incarnation.value = in.u64();
  if (!read_number(in, log.audience.value)) return std::nullopt;
  const std::uint8_t lane = in.u8();
  out.id.seq.value = in.varint();
  out.offset = in.varint();
  if (!in.ok() || lane >= core::kLanes.size() || out.id.seq.value == 0) return std::nullopt;
  log.lane = static_cast<core::Lane>(lane);
  return out;
}

unsigned shape_of(const Hello& hello) {
  unsigned shape = static_cast<unsigned>(hello.role);
  if (hello.whole) shape |= kWhole;
  if (!hello.certificate.empty()) shape |= kDescribed;
  if (hello.nothing) shape |= kNothing;
  if (hello.memory) shape |= kNamesMemory;
  if (hello.news) shape |= kNews;
  return shape;
}

/// A memory goes with news and never without, and news are always whole.
bool fits_together(unsigned shape) {
  const bool news = (shape & kNews) != 0;
  return (shape & kRoleMask) <= static_cast<unsigned>(core::Role::relay) && (shape & ~kAllBits) == 0 &&
         ((shape & kNamesMemory) == 0 || news) && (!news || (shape & kWhole) != 0);
}

Result<void> take_frontier(ByteView bytes, bool news, Hello& out) {
  if (!news) {
    SATCHEL_TRY_ASSIGN(out.frontier, core::decode_frontier(bytes));
    return {};
  }
  SATCHEL_TRY_ASSIGN(out.news, decode_delta(bytes));
  return {};
}

}  // namespace

Bytes encode(const Hello& hello) {
  ByteWriter out;
  out.u8(kLinkVersion).u8(static_cast<std::uint8_t>(shape_of(hello)));
  out.varint(hello.node.value);
  out.varint(hello.receipt.epoch).varint(hello.receipt.version);
  out.u8(encode(hello.way));
  if (hello.memory) out.raw(*hello.memory);
  out.sized(hello.news ? encode(*hello.news) : core::encode(hello.frontier));
  out.varint(hello.partials.size());
  for (const Partial& partial : hello.partials) put_partial(out, partial);
  if (!hello.certificate.empty()) out.sized(hello.certificate);
  out.raw(hello.messages);
  return std::move(out).take();
}

Result<Hello> decode_hello(ByteView bytes) {
  if (bytes.size() > kGreetingMax) return Error{Code::kLimitExceeded, "hello"};
  ByteReader in{bytes};
  const std::uint8_t version = in.u8();
  if (in.ok() && version != kLinkVersion) return Error{Code::kVersionUnknown, "session version " + std::to_string(version)};
  const unsigned shape = in.u8();
  Hello out;
  if (!fits_together(shape)) return malformed();
  out.role = static_cast<core::Role>(shape & kRoleMask);
  out.whole = (shape & kWhole) != 0;
  if (!read_number(in, out.node.value)) return malformed();
  out.nothing = (shape & kNothing) != 0;
  if (!read_number(in, out.receipt.epoch)) return malformed();
  out.receipt.version = in.varint();
  out.way = decode_way(in.u8());
  if ((shape & kNamesMemory) != 0) std::ranges::copy(in.raw(MemoryDigest{}.size()), out.memory.emplace().begin());
  const ByteView frontier = in.sized(2 * kFrontierPart);
  const std::uint64_t count = in.varint();
  if (!in.ok()) return malformed();
  if (count > kPartialsMax) return Error{Code::kLimitExceeded, "partial bundles in the hello"};
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto partial = read_partial(in);
    if (!partial) return malformed();
    out.partials.push_back(*partial);
  }
  const bool described = (shape & kDescribed) != 0;
  if (described) out.certificate = core::to_bytes(in.sized(kHelloMax));
  out.messages = core::to_bytes(in.rest());
  if (!in.done() || out.certificate.empty() == described) return malformed();
  if (bytes.size() - out.messages.size() > kHelloMax) return Error{Code::kLimitExceeded, "hello"};
  if (out.messages.size() > kGreetingMessagesMax) return Error{Code::kLimitExceeded, "messages in the handshake"};
  SATCHEL_TRY(take_frontier(frontier, (shape & kNews) != 0, out));
  return out;
}

}  // namespace satchel::protocol
