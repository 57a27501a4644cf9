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
constexpr unsigned kHasBeyond = 0x80;

Error malformed() { return Error{Code::kMalformed, "hello"}; }

void put_log(ByteWriter& out, const core::LogId& log) {
  out.varint(log.author.node.value).u64(log.author.incarnation.value).varint(log.audience.value);
  out.u8(static_cast<std::uint8_t>(log.lane));
}

void put_partial(ByteWriter& out, const Partial& partial) {
  put_log(out, partial.id.log);
  out.varint(partial.id.seq.value).varint(partial.offset);
}

bool read_number(ByteReader& in, std::uint32_t& out) {
  const std::uint64_t value = in.varint();
  out = static_cast<std::uint32_t>(value);
  return value == out;
}

std::optional<core::LogId> read_log(ByteReader& in) {
  core::LogId log;
  if (!read_number(in, log.author.node.value)) return std::nullopt;
  log.author.incarnation.value = in.u64();
  if (!read_number(in, log.audience.value)) return std::nullopt;
  const std::uint8_t lane = in.u8();
  if (!in.ok() || lane >= core::kLanes.size()) return std::nullopt;
  log.lane = static_cast<core::Lane>(lane);
  return log;
}

std::optional<Partial> read_partial(ByteReader& in) {
  const auto log = read_log(in);
  if (!log) return std::nullopt;
  Partial out{{*log, core::Seq{in.varint()}}, in.varint()};
  if (!in.ok() || out.id.seq.value == 0) return std::nullopt;
  return out;
}

/// Logs in order, each with its runs: how many lie between a run and the one before it (the first counts from 0), and how many
/// it holds.
void put_beyond(ByteWriter& out, const std::vector<BeyondGap>& runs) {
  std::vector<std::pair<const core::LogId*, std::size_t>> logs;
  for (const BeyondGap& run : runs) {
    if (logs.empty() || *logs.back().first != run.log) logs.emplace_back(&run.log, 0);
    ++logs.back().second;
  }
  out.varint(logs.size());
  auto run = runs.begin();
  for (const auto& [log, count] : logs) {
    put_log(out, *log);
    out.varint(count);
    std::uint64_t next = 0;
    for (std::size_t i = 0; i < count; ++i, ++run) {
      out.varint(run->first.value - next).varint(run->count);
      next = run->first.value + run->count;
    }
  }
}

/// The runs of one log. A run that touches the one before it would be one run.
bool read_runs(ByteReader& in, const core::LogId& log, std::uint64_t& bundles, std::vector<BeyondGap>& out) {
  std::uint64_t next = 0;
  const std::uint64_t count = in.varint();
  if (count == 0) return false;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::uint64_t gap = in.varint();
    const std::uint64_t length = in.varint();
    bundles += std::min<std::uint64_t>(length, kBeyondMax + 1);
    if (gap == 0 || length == 0 || gap > ~0ULL - next || length > ~0ULL - next - gap) return false;
    if (bundles > kBeyondMax || out.size() == kBeyondRunsMax) return false;
    out.push_back({log, core::Seq{next + gap}, length});
    next += gap + length;
  }
  return in.ok();
}

bool read_beyond(ByteReader& in, std::vector<BeyondGap>& out) {
  std::uint64_t bundles = 0;
  const std::uint64_t count = in.varint();
  if (count == 0) return false;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const auto log = read_log(in);
    if (!log || (!out.empty() && !(out.back().log < *log))) return false;
    if (!read_runs(in, *log, bundles, out)) return false;
  }
  return in.ok();
}

unsigned shape_of(const Hello& hello) {
  unsigned shape = static_cast<unsigned>(hello.role);
  if (hello.whole) shape |= kWhole;
  if (!hello.certificate.empty()) shape |= kDescribed;
  if (hello.nothing) shape |= kNothing;
  if (hello.memory) shape |= kNamesMemory;
  if (hello.news) shape |= kNews;
  if (!hello.beyond.empty()) shape |= kHasBeyond;
  return shape;
}

/// A memory goes with news and never without, and news are always whole.
bool fits_together(unsigned shape) {
  const bool news = (shape & kNews) != 0;
  return (shape & kRoleMask) <= static_cast<unsigned>(core::Role::relay) && ((shape & kNamesMemory) == 0 || news) &&
         (!news || (shape & kWhole) != 0);
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
  if (!hello.beyond.empty()) put_beyond(out, hello.beyond);
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
  if ((shape & kHasBeyond) != 0 && !read_beyond(in, out.beyond)) return malformed();
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
