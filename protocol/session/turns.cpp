#include "protocol/session/turns.h"

#include <algorithm>

#include "protocol/link/limits.h"

namespace satchel::protocol {

namespace {

std::size_t side_of(core::Lane lane, bool foreign) { return core::lane_index(lane) | (foreign ? 4U : 0U); }

}  // namespace

void Turns::clear() {
  for (Line& line : lines_) line = {};
}

void Turns::add(const Stream& stream, const Waiting& bundle) {
  Line& line = lines_[stream.index()];
  const Order order{!bundle.begun, bundle.arrival, bundle.id};
  if (!line.by_order.emplace(order, bundle).second) return;
  line.by_size.emplace(bundle.left, order);
  line.bytes += bundle.left;
}

bool Turns::empty() const {
  return std::ranges::all_of(lines_, [](const Line& line) { return line.by_order.empty(); });
}

std::size_t Turns::size() const {
  std::size_t out = 0;
  for (const Line& line : lines_) out += line.by_order.size();
  return out;
}

std::uint64_t Turns::bytes(core::Lane lane) const {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < kStreams; ++i) {
    if (stream_at(i).lane == lane) out += lines_[i].bytes;
  }
  return out;
}

Turns::Waiting Turns::take_out(Line& line, std::map<Order, Waiting>::iterator at) {
  const Waiting out = at->second;
  line.by_size.erase({out.left, at->first});
  line.bytes -= out.left;
  line.by_order.erase(at);
  return out;
}

/// The smallest that waits, if it is so much smaller than the one that is first, and that one may still be passed.
std::optional<Turns::Waiting> Turns::take_smaller(const Stream& stream, std::uint64_t than) {
  Line& line = lines_[stream.index()];
  if (line.by_size.empty() || passed_.smaller[stream.index()] >= than) return std::nullopt;
  const auto& [left, order] = *line.by_size.begin();
  if (left > than / kPassesIfSmaller) return std::nullopt;
  return take_out(line, line.by_order.find(order));
}

const Turns::Waiting* Turns::first(const Stream& stream) const {
  const Line& line = lines_[stream.index()];
  return line.by_order.empty() ? nullptr : &line.by_order.begin()->second;
}

Turns::Next Turns::take(const Stream& stream) {
  SATCHEL_CHECK(!empty(stream));
  if (const auto smaller = take_smaller(stream, first(stream)->left)) return {*smaller, true};
  Line& line = lines_[stream.index()];
  return {take_out(line, line.by_order.begin()), false};
}

std::optional<Turns::Next> Turns::take_passing(const Stream& stream, const Waiting& open) {
  if (open.left < kPassedLeast) return std::nullopt;
  const auto smaller = take_smaller(stream, open.left);
  return smaller ? std::optional{Next{*smaller, true}} : std::nullopt;
}

bool Turns::urgent_first(core::Lane lane, bool foreign, std::uint64_t ordinary_left) const {
  return passed_.urgent[side_of(lane, foreign)] < kUrgentPasses * ordinary_left;
}

void Turns::note_sent(const Sent& sent) {
  const Stream& stream = sent.stream;
  if (sent.passes) passed_.smaller[stream.index()] += sent.bytes;
  if (stream.urgent && sent.ordinary_waits) passed_.urgent[side_of(stream.lane, stream.foreign)] += sent.bytes;
  std::uint64_t& owed = owed_[core::lane_index(stream.lane)];
  if (!stream.foreign) {
    owed -= std::min(owed, sent.bytes);
  } else if (sent.own_waits) {
    const bool even = stream.urgent && !sent.own_urgent;
    owed += sent.bytes * ((even ? kUrgentForeignShare : kForeignShare) - 1);
  }
}

void Turns::note_finished(const Stream& stream, std::uint64_t size) {
  std::uint64_t& smaller = passed_.smaller[stream.index()];
  smaller -= std::min(smaller, size);
  if (stream.urgent) return;
  std::uint64_t& urgent = passed_.urgent[side_of(stream.lane, stream.foreign)];
  urgent -= std::min(urgent, kUrgentPasses * size);
}

}  // namespace satchel::protocol
