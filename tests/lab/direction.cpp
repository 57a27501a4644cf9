#include "tests/lab/direction.h"

#include <algorithm>

#include "tests/lab/chance.h"

namespace satchel::lab {

namespace {

// Each chance has a stream of its own, so that another length of the queue does not change which packet is lost.
constexpr std::uint64_t kLossStream = 0x6C6F7373;
constexpr std::uint64_t kJitterStream = 0x6A697474;

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

}  // namespace

Direction::Direction(const DirectionShape& shape, Weather& weather, std::uint64_t seed)
    : shape_(shape), weather_(weather), loss_(shape.loss, seed ^ kLossStream), jitter_(seed ^ kJitterStream) {}

void Direction::forget_sent(Time now) {
  const std::size_t stretch = weather_.stretch(now);
  if (stretch != stretch_) {  // what the line held when it went down is gone, and takes up no time of the next stretch
    stretch_ = stretch;
    queue_.clear();
    queued_bytes_ = 0;
    busy_until_ = now;
  }
  while (!queue_.empty() && queue_.front().sent <= now) {
    queued_bytes_ -= queue_.front().size;
    queue_.pop_front();
  }
}

Time Direction::sending_time(std::size_t size) const {
  const std::int64_t bit_nanos = static_cast<std::int64_t>(size) * 8 * kNanosPerSecond;
  return Time{(bit_nanos + shape_.bits_per_s - 1) / shape_.bits_per_s};
}

Time Direction::arrival(Time sent) {
  const auto jitter = Time{static_cast<std::int64_t>(share(jitter_) * static_cast<double>(shape_.jitter.count()))};
  const Time at = sent + shape_.delay + jitter;
  if (shape_.reorder) return at;
  last_arrival_ = std::max(last_arrival_, at);
  return last_arrival_;
}

void Direction::offer(Time now, Packet packet) {
  const std::size_t size = packet.size();
  forget_sent(now);
  counts_.offered.add(size);
  if (!weather_.up(now)) {
    counts_.outage.add(size);
    return;
  }
  if (!queue_.empty() && queued_bytes_ + size > shape_.queue_bytes) {
    counts_.queue_full.add(size);
    return;
  }
  const Time begins = std::max(now, busy_until_);
  busy_until_ = begins + sending_time(size);
  queue_.push_back({busy_until_, size});
  queued_bytes_ += size;
  counts_.queue_most = std::max(counts_.queue_most, queued_bytes_);

  const Time down = weather_.next_down(now);
  if (begins < down) {
    counts_.wire.add(size);
    counts_.payload += transport_payload(packet);
  }
  if (down < busy_until_) {
    counts_.outage.add(size);
  } else if (loss_.next()) {
    counts_.lost.add(size);
  } else {
    under_way_.emplace(std::pair{arrival(busy_until_), number_++}, std::move(packet));
  }
}

std::optional<Time> Direction::next_arrival() const {
  if (under_way_.empty()) return std::nullopt;
  return under_way_.begin()->first.first;
}

std::optional<std::pair<Time, Packet>> Direction::take(Time now) {
  if (under_way_.empty() || under_way_.begin()->first.first > now) return std::nullopt;
  const auto first = under_way_.begin();
  std::pair<Time, Packet> out{first->first.first, std::move(first->second)};
  under_way_.erase(first);
  counts_.delivered.add(out.second.size());
  return out;
}

std::size_t transport_payload(const Packet& packet) {
  constexpr std::size_t kUdpHeader = 8;
  constexpr std::uint8_t kTcp = 6;
  constexpr std::uint8_t kUdp = 17;
  if (packet.size() < 20 || packet[0] >> 4 != 4) return 0;
  const std::size_t ip_header = static_cast<std::size_t>(packet[0] & 0x0F) * 4;
  const std::size_t total = std::min<std::size_t>(packet.size(), static_cast<std::size_t>(packet[2] << 8 | packet[3]));
  std::size_t headers = 0;
  if (packet[9] == kUdp) {
    headers = ip_header + kUdpHeader;
  } else if (packet[9] == kTcp && ip_header + 12 < packet.size()) {
    headers = ip_header + static_cast<std::size_t>(packet[ip_header + 12] >> 4) * 4;
  } else {
    return 0;
  }
  return total > headers ? total - headers : 0;
}

}  // namespace satchel::lab
