#include "protocol/datagram/flight.h"

#include <algorithm>

namespace satchel::protocol {

using core::MonoUs;

namespace {

/// Lost packets are remembered so long, to notice that they had only been overtaken.
constexpr std::size_t kLostKept = 256;

/// Bare questions fill no line, and those asked in a silence must not stand in the way of what follows it.
std::uint64_t weight(const Flying& packet) { return packet.bytes.size() > 0 || packet.fin ? packet.wire : 0; }

}  // namespace

void Flight::add(const Flying& packet) {
  SATCHEL_CHECK(packet.number == next_number());
  packets_.push_back(packet);
  if (packet.fate != Flying::Fate::flying) return;
  flying_bytes_ += weight(packet);
  ++flying_count_;
}

Flying* Flight::find(std::uint64_t number) {
  if (number < base_ || number >= next_number()) return nullptr;
  return &packets_[static_cast<std::size_t>(number - base_)];
}

void Flight::take(std::uint64_t number, News& news) {
  Flying* packet = find(number);
  if (packet == nullptr) return;
  if (packet->fate == Flying::Fate::lost) {
    // It had only been overtaken: this line reorders more than we thought.
    const std::uint64_t behind = *newest_arrived_ - number;
    overtaken_ = std::clamp(behind + 1, overtaken_, kOvertakenMost);
    packet->fate = Flying::Fate::arrived;
    news.arrived.push_back(*packet);
  } else if (packet->fate == Flying::Fate::flying) {
    packet->fate = Flying::Fate::arrived;
    flying_bytes_ -= weight(*packet);
    --flying_count_;
    news.arrived.push_back(*packet);
  }
}

std::optional<Flight::News> Flight::acknowledged(const Ack& ack, std::int64_t overdue_us, MonoUs now) {
  const std::uint64_t newest = expand(ack.newest, 16, next_number());
  if (newest >= next_number()) return std::nullopt;
  std::uint64_t named = ack.run;
  for (const Ack::Run& each : ack.runs) named += std::uint64_t{each.missing} + each.run;
  if (named > newest + 1) return std::nullopt;

  News news;
  if (!newest_arrived_ || newest > *newest_arrived_) newest_arrived_ = newest;
  const Flying* top = find(newest);
  const bool fresh = top != nullptr && top->fate == Flying::Fate::flying;
  std::uint64_t below = newest + 1;  // everything from here up has been looked at
  const auto run = [&](std::uint64_t missing, std::uint64_t count) {
    below -= missing;
    for (std::uint64_t i = 0; i < count; ++i) take(--below, news);
  };
  run(0, ack.run);
  for (const Ack::Run& each : ack.runs) run(each.missing, each.run);
  if (fresh) news.newest = *find(newest);
  news.lost = overdue(overdue_us, now);
  return news;
}

std::vector<Flying> Flight::overdue(std::int64_t overdue_us, MonoUs now) {
  std::vector<Flying> lost;
  if (newest_arrived_) {
    for (Flying& packet : packets_) {
      if (packet.number >= *newest_arrived_) break;
      if (packet.fate != Flying::Fate::flying) continue;
      const bool overtaken = *newest_arrived_ - packet.number >= overtaken_;
      if (!overtaken && now - packet.sent_at < overdue_us) break;  // later ones were sent later
      lose(packet, lost);
    }
  }
  trim();
  return lost;
}

std::optional<MonoUs> Flight::overdue_at(std::int64_t overdue_us) const {
  if (!newest_arrived_ || flying_count_ == 0) return std::nullopt;
  for (const Flying& packet : packets_) {
    if (packet.number >= *newest_arrived_) break;
    if (packet.fate == Flying::Fate::flying) return packet.sent_at + overdue_us;
  }
  return std::nullopt;
}

std::vector<Flying> Flight::lose_until(MonoUs when) {
  std::vector<Flying> lost;
  for (Flying& packet : packets_) {
    if (packet.sent_at > when) break;
    if (packet.fate == Flying::Fate::flying) lose(packet, lost);
  }
  trim();
  return lost;
}

std::vector<Flying> Flight::still_flying(std::size_t most) const {
  std::vector<Flying> out;
  for (const Flying& packet : packets_) {
    if (out.size() >= most) break;
    if (packet.fate == Flying::Fate::flying) out.push_back(packet);
  }
  return out;
}

std::optional<MonoUs> Flight::oldest_at() const {
  if (flying_count_ == 0) return std::nullopt;
  for (const Flying& packet : packets_) {
    if (packet.fate == Flying::Fate::flying) return packet.sent_at;
  }
  return std::nullopt;
}

std::optional<MonoUs> Flight::oldest_of_stream_at() const {
  for (const Flying& packet : packets_) {
    if (packet.fate == Flying::Fate::flying && (packet.bytes.size() > 0 || packet.fin)) return packet.sent_at;
  }
  return std::nullopt;
}

void Flight::mark_repeated(std::uint64_t number) {
  if (Flying* packet = find(number)) packet->repeated = true;
}

void Flight::lose(Flying& packet, std::vector<Flying>& lost) {
  packet.fate = Flying::Fate::lost;
  flying_bytes_ -= weight(packet);
  --flying_count_;
  lost.push_back(packet);
}

void Flight::trim() {
  while (!packets_.empty()) {
    const Flying& oldest = packets_.front();
    if (oldest.fate == Flying::Fate::flying) break;
    if (oldest.fate == Flying::Fate::lost && packets_.size() < kLostKept) break;
    packets_.pop_front();
    ++base_;
  }
}

}  // namespace satchel::protocol
