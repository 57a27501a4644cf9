#include "protocol/datagram/incoming.h"

#include <algorithm>
#include <iterator>

namespace satchel::protocol {

using core::ByteView;
using core::Code;
using core::Error;
using core::MonoUs;
using core::Result;

namespace {

/// Packets closer together than this come over a fast line: one acknowledgement for more of them.
constexpr std::int64_t kFastGapUs = 1'500;
constexpr int kAckEveryFast = 8;
/// A pause that long is no gap between packets.
constexpr std::int64_t kGapMostUs = 2'000'000;

}  // namespace

Result<bool> Incoming::take(const Packet& packet, MonoUs now) {
  const std::uint64_t number = expand(packet.number, 16, newest_ ? *newest_ + 1 : 0);
  if (number < floor_ || numbers_.contains(number)) {
    if (packet.has_data || packet.asks) ack_due_ = now;  // our word of it was lost, most likely
    return false;
  }
  if (packet.has_data) {
    SATCHEL_TRY_ASSIGN(const bool kept, take_data(packet));
    if (!kept) return false;
    if (data_at_.value > 0 && now - data_at_ < kGapMostUs) gap_us_ += ((now - data_at_) - gap_us_) / 8;
  }
  note_arrival(number, packet.has_data || packet.asks, now);
  if (packet.asks) ack_due_ = now;
  if (packet.has_data) data_at_ = now;
  return true;
}

void Incoming::note_arrival(std::uint64_t number, bool wants_ack, MonoUs now) {
  const bool in_order = !newest_ || number == *newest_ + 1;
  numbers_.add({number, number + 1});
  while (numbers_.count() > 2 * kAckRunsMax) {
    floor_ = numbers_.first().to;
    numbers_.drop_below(floor_);
  }
  if (!newest_ || number > *newest_) {
    newest_ = number;
    newest_at_ = now;
  }
  if (!wants_ack) return;
  ++unacknowledged_;
  const bool sparse = now - data_at_ >= kAckWaitUs;
  const int company = gap_us_ > 0 && gap_us_ < kFastGapUs ? kAckEveryFast : kAckEvery;
  if (!in_order || sparse || unacknowledged_ >= company) {
    ack_due_ = now;
  } else if (!ack_due_) {
    ack_due_ = now + kAckWaitUs;
  }
}

Result<bool> Incoming::take_data(const Packet& packet) {
  const std::uint64_t from = expand(packet.offset, 24, whole());
  const std::uint64_t to = from + packet.data.size();
  if (to > taken_ + kStreamWindow) return false;
  const std::uint64_t furthest = pieces_.empty() ? whole() : pieces_.rbegin()->first + pieces_.rbegin()->second.size();
  if (end_ ? to > *end_ || (packet.fin && to != *end_) : packet.fin && to < furthest)
    return Error{Code::kMalformed, "a stream with two ends"};
  if (pieces_.size() >= kPiecesMost && from > whole()) return false;
  if (packet.fin) end_ = to;
  keep(from, packet.data);
  join();
  return true;
}

/// Keeps what is not there yet.
void Incoming::keep(std::uint64_t from, ByteView bytes) {
  std::uint64_t at = std::max(from, whole());
  const std::uint64_t to = from + bytes.size();
  while (at < to) {
    const auto after = pieces_.upper_bound(at);
    if (after != pieces_.begin()) {
      const auto before = std::prev(after);
      const std::uint64_t known = before->first + before->second.size();
      if (known > at) {
        at = known;
        continue;
      }
    }
    const std::uint64_t until = after == pieces_.end() ? to : std::min(to, after->first);
    const ByteView part = bytes.subspan(static_cast<std::size_t>(at - from), static_cast<std::size_t>(until - at));
    if (at == whole()) {
      core::append(ready_, part);
    } else {
      pieces_.emplace_hint(after, at, core::to_bytes(part));
    }
    at = until;
  }
}

void Incoming::join() {
  while (!pieces_.empty() && pieces_.begin()->first <= whole()) {
    const auto first = pieces_.begin();
    const std::uint64_t skip = whole() - first->first;
    if (skip < first->second.size()) core::append(ready_, ByteView{first->second}.subspan(static_cast<std::size_t>(skip)));
    pieces_.erase(first);
  }
}

void Incoming::taken(std::size_t n) {
  SATCHEL_CHECK(n <= ready_.size() - ready_at_);
  ready_at_ += n;
  taken_ += n;
  if (ready_at_ == ready_.size() || ready_at_ >= 64 * 1024) {
    ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(ready_at_));
    ready_at_ = 0;
  }
}

Ack Incoming::acknowledge(MonoUs now) {
  SATCHEL_CHECK(newest_.has_value());
  constexpr std::uint64_t kRunMost = 0x7FFF;
  Ack ack;
  ack.newest = static_cast<std::uint16_t>(*newest_);
  ack.waited = static_cast<std::uint16_t>(std::clamp<std::int64_t>((now - newest_at_) / 250, 0, 0xFFFF));
  ack.whole = static_cast<std::uint32_t>(whole() & 0xFFFFFFU);
  auto run = numbers_.by_start().rbegin();
  ack.run = static_cast<std::uint16_t>(std::min(run->second - run->first, kRunMost));
  std::uint64_t below = run->first;
  // A run that was cut short says less than the truth, and what lies below it would be misplaced.
  bool exact = ack.run == run->second - run->first;
  for (++run; exact && run != numbers_.by_start().rend() && ack.runs.size() < kAckRunsMax; ++run) {
    const std::uint64_t missing = below - run->second;
    const std::uint64_t count = std::min(run->second - run->first, kRunMost);
    if (missing > kRunMost) break;
    ack.runs.push_back({static_cast<std::uint16_t>(missing), static_cast<std::uint16_t>(count)});
    exact = count == run->second - run->first;
    below = run->first;
  }
  ack_due_.reset();
  unacknowledged_ = 0;
  return ack;
}

}  // namespace satchel::protocol
