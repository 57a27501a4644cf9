#include "core/record/frontier.h"

#include <limits>

#include "core/record/log_groups.h"

namespace satchel::core {
namespace {

using Entries = std::map<LogId, Seq>;
using Place = Entries::const_iterator;

bool same_group(const LogId& a, const LogId& b) { return a.author == b.author && a.audience == b.audience; }

/// Wraps, so that kEveryone takes one byte.
std::uint32_t audience_code(Audience audience) { return audience.value + 1; }

/// One audience of an author: its code, which lanes follow, their positions. Gives the place behind.
Place put_group(ByteWriter& out, Place at, Place end) {
  const LogId group = at->first;
  std::uint8_t mask = 0;
  Place after = at;
  for (; after != end && same_group(after->first, group); ++after) mask |= lane_bit(after->first.lane);
  out.varint(audience_code(group.audience)).u8(mask);
  for (; at != after; ++at) out.varint(at->second.value);
  return after;
}

Place put_author(ByteWriter& out, AuthorWriter& authors, Place at, Place end) {
  const Author author = at->first.author;
  authors.put(out, author);
  ByteWriter groups;
  std::uint64_t count = 0;
  for (; at != end && at->first.author == author; ++count) at = put_group(groups, at, end);
  out.varint(count).raw(groups.bytes());
  return at;
}

/// Reads one audience of `author`, which must be larger than `last`.
void take_group(ByteReader& in, const Author& author, std::optional<Audience>& last, Frontier& out) {
  const std::uint64_t code = in.varint();
  const std::uint8_t mask = in.u8();
  const Audience audience{static_cast<std::uint32_t>(code - 1)};
  if (code > std::numeric_limits<std::uint32_t>::max() || mask == 0 || mask > 15 || (last && audience <= *last)) in.fail();
  last = audience;
  for (const Lane lane : kLanes) {
    if (!in.ok() || !has_lane(mask, lane)) continue;
    const Seq seq{in.varint()};
    if (seq.value == 0) in.fail();
    if (in.ok()) out.raise({author, audience, lane}, seq);
  }
}

}  // namespace

Seq Frontier::at(const LogId& log) const {
  const auto found = entries_.find(log);
  return found == entries_.end() ? Seq{} : found->second;
}

void Frontier::raise(const LogId& log, Seq seq) {
  if (seq.value == 0) return;
  Seq& held = entries_[log];
  held = std::max(held, seq);
}

void Frontier::merge(const Frontier& other) {
  for (const auto& [log, seq] : other.entries_) raise(log, seq);
}

Bytes encode(const Frontier& frontier) {
  ByteWriter rows;
  AuthorWriter authors;
  std::uint64_t count = 0;
  const Entries& entries = frontier.entries();
  for (Place at = entries.begin(); at != entries.end(); ++count) at = put_author(rows, authors, at, entries.end());
  return ByteWriter{}.varint(count).raw(rows.bytes()).bytes();
}

Result<Frontier> decode_frontier(ByteView bytes) {
  ByteReader in{bytes};
  Frontier out;
  AuthorReader authors;
  // A count beyond the bytes present ends with the first read that does not fit.
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const Author author = authors.take(in);
    const std::uint64_t groups = in.varint();
    if (groups == 0) in.fail();
    std::optional<Audience> last;
    for (std::uint64_t group = 0; group < groups && in.ok(); ++group) {
      take_group(in, author, last, out);
      if (out.entries().size() > kFrontierEntriesMax) return Code::kLimitExceeded;
    }
  }
  if (!in.done()) return Code::kMalformed;
  return out;
}

}  // namespace satchel::core
