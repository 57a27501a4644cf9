#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "tests/lab/loss.h"
#include "tests/lab/weather.h"

namespace satchel::lab {

using Packet = std::vector<std::uint8_t>;  ///< one IP packet

struct DirectionShape {
  std::int64_t bits_per_s = 0;  ///< of IP packets, headers included; at least 1
  std::size_t queue_bytes = 0;  ///< waiting and being sent; a packet that finds the line idle always fits
  Time delay{0};                ///< one way, after the last bit has left
  Time jitter{0};               ///< 0 to this is added, evenly distributed
  bool reorder = false;         ///< whether jitter may let a packet overtake another
  Loss loss;
};

struct Count {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  void add(std::size_t size) {
    ++packets;
    bytes += size;
  }
};

struct DirectionCounts {
  Count offered;    ///< by the sender
  Count wire;       ///< of these, what the line began to send: it took up the line's time
  Count delivered;  ///< handed to the receiver
  Count queue_full;
  Count lost;                 ///< by chance
  Count outage;               ///< offered, queued or being sent when the line went or was down
  std::uint64_t payload = 0;  ///< of what was put on the wire, the bytes within TCP and UDP
  std::size_t queue_most = 0;
};

/// One direction of a line, in virtual time: a bounded queue, a sender of a fixed rate, loss, outages, then delay. What happens
/// to a packet is settled when it is offered, from exact times; a caller that comes late delays what arrives, never the rate.
class Direction {
 public:
  /// `weather` outlives this.
  Direction(const DirectionShape& shape, Weather& weather, std::uint64_t seed);

  /// Moments never go back.
  void offer(Time now, Packet packet);
  /// When the next packet arrives at the other end; nullopt when none is under way.
  std::optional<Time> next_arrival() const;
  /// A packet that has arrived by `now`, with its moment, the oldest first.
  std::optional<std::pair<Time, Packet>> take(Time now);

  const DirectionCounts& counts() const { return counts_; }

 private:
  struct Waiting {
    Time sent;
    std::size_t size;
  };
  void forget_sent(Time now);
  Time sending_time(std::size_t size) const;
  Time arrival(Time sent);

  DirectionShape shape_;
  Weather& weather_;
  LossProcess loss_;
  tests::SeededRng jitter_;
  DirectionCounts counts_;
  std::deque<Waiting> queue_;
  std::size_t queued_bytes_ = 0;
  std::size_t stretch_ = 0;
  Time busy_until_{0};
  Time last_arrival_{0};
  std::uint64_t number_ = 0;
  std::map<std::pair<Time, std::uint64_t>, Packet> under_way_;  ///< by arrival, then by number
};

/// The bytes that an IPv4 packet carries within TCP or UDP; 0 for anything else.
std::size_t transport_payload(const Packet& packet);

}  // namespace satchel::lab
