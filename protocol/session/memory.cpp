#include "protocol/session/memory.h"

#include <algorithm>
#include <limits>

#include "core/crypto/hash.h"

namespace satchel::protocol {

using core::ByteReader;
using core::Bytes;
using core::ByteView;
using core::ByteWriter;
using core::Code;
using core::Error;
using core::Frontier;
using core::Result;

namespace {

/// A frontier of the largest campaign: kFrontierEntriesMax entries of about 20 bytes.
constexpr std::size_t kFrontierBytesMax = 2 * 1024 * 1024;

}  // namespace

MemoryDigest digest_of(const Memory& memory, core::NodeNumber self, core::NodeNumber peer) {
  const bool first = self < peer;
  ByteWriter both;
  both.u32(std::min(self, peer).value).u32(std::max(self, peer).value);
  both.sized(core::encode(first ? memory.ours : memory.theirs)).sized(core::encode(first ? memory.theirs : memory.ours));
  const core::Hash hash = core::hash("satchel memory", both.bytes());
  MemoryDigest out{};
  std::copy_n(hash.value.begin(), out.size(), out.begin());
  return out;
}

Bytes encode(const Memory& memory) {
  ByteWriter out;
  out.sized(core::encode(memory.ours)).sized(core::encode(memory.theirs)).sized(core::encode(memory.offered));
  out.varint(memory.rate);
  for (const std::uint64_t bytes : memory.passed.smaller) out.varint(bytes);
  for (const std::uint64_t bytes : memory.passed.urgent) out.varint(bytes);
  return std::move(out).take();
}

Result<Memory> decode_memory(ByteView bytes) {
  ByteReader in{bytes};
  const ByteView ours = in.sized(kFrontierBytesMax);
  const ByteView theirs = in.sized(kFrontierBytesMax);
  const ByteView offered = in.sized(kFrontierBytesMax);
  Memory out;
  out.rate = in.varint();
  for (std::uint64_t& each : out.passed.smaller) each = in.varint();
  for (std::uint64_t& each : out.passed.urgent) each = in.varint();
  auto first = core::decode_frontier(ours);
  auto second = core::decode_frontier(theirs);
  auto third = core::decode_frontier(offered);
  if (!in.done() || !first || !second || !third) return Error{Code::kStoreDamaged, "memory of a peer"};
  out.ours = *std::move(first);
  out.theirs = *std::move(second);
  out.offered = *std::move(third);
  return out;
}

FrontierDelta difference(const Frontier& base, const Frontier& now) {
  FrontierDelta out;
  std::uint64_t index = 0;
  for (const auto& [log, seq] : base.entries()) {
    const core::Seq reached = now.at(log);
    if (reached > seq) out.raised.emplace_back(index, reached.value - seq.value);
    ++index;
  }
  for (const auto& [log, seq] : now.entries()) {
    if (base.at(log).value == 0) out.fresh.raise(log, seq);
  }
  return out;
}

Result<Frontier> apply(const Frontier& base, const FrontierDelta& delta) {
  Frontier out = base;
  auto at = base.entries().begin();
  std::uint64_t index = 0;
  for (const auto& [wanted, more] : delta.raised) {
    for (; index < wanted && at != base.entries().end(); ++index) ++at;
    if (at == base.entries().end()) return Error{Code::kMalformed, "news of a log that is not remembered"};
    if (more > std::numeric_limits<std::uint64_t>::max() - at->second.value) return Error{Code::kMalformed, "position"};
    out.raise(at->first, core::Seq{at->second.value + more});
  }
  for (const auto& [log, seq] : delta.fresh.entries()) {
    if (base.at(log).value != 0) return Error{Code::kMalformed, "a remembered log as a new one"};
    out.raise(log, seq);
  }
  if (out.entries().size() > core::kFrontierEntriesMax) return Error{Code::kLimitExceeded, "frontier"};
  return out;
}

Bytes encode(const FrontierDelta& delta) {
  ByteWriter out;
  out.varint(delta.raised.size());
  std::uint64_t next = 0;
  for (const auto& [index, more] : delta.raised) {
    out.varint(index - next).varint(more);
    next = index + 1;
  }
  out.raw(core::encode(delta.fresh));
  return std::move(out).take();
}

Result<FrontierDelta> decode_delta(ByteView bytes) {
  ByteReader in{bytes};
  FrontierDelta out;
  std::uint64_t next = 0;
  // A count beyond the bytes present ends with the first read that does not fit.
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const std::uint64_t gap = in.varint();
    const std::uint64_t more = in.varint();
    if (gap > core::kFrontierEntriesMax || more == 0 || next + gap >= core::kFrontierEntriesMax) in.fail();
    if (!in.ok()) break;
    out.raised.emplace_back(next + gap, more);
    next += gap + 1;
  }
  const ByteView fresh = in.rest();
  if (!in.ok()) return Error{Code::kMalformed, "news of a frontier"};
  SATCHEL_TRY_ASSIGN(out.fresh, core::decode_frontier(fresh));
  return out;
}

void raise_over_gaps(Frontier& frontier, std::set<core::BundleId>& beyond, const core::BundleId& id) {
  beyond.insert(id);
  for (core::BundleId next = id; next.seq.value == frontier.at(next.log).value + 1 && beyond.erase(next) > 0;) {
    frontier.raise(next.log, next.seq);
    ++next.seq.value;
  }
}

bool reaches(const Frontier& held, const Frontier& base) {
  return std::ranges::all_of(base.entries(), [&held](const auto& entry) { return held.at(entry.first) >= entry.second; });
}

}  // namespace satchel::protocol
