#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/time.h"
#include "tests/support/seeded_rng.h"

namespace satchel::tests {

/// One direction of a bad line in virtual time: a queue in front of a rate, then a delay. Loses at random or in bursts, doubles,
/// reorders, and goes away for a while, losing everything that is on it then.
struct LineShape {
  std::uint64_t bits_per_second = 1'000'000;
  std::int64_t delay_us = 50'000;  ///< one way
  double loss = 0;
  double burst = 1;  ///< mean length of a run of losses, in packets
  double doubled = 0;
  double overtaken = 0;  ///< share of packets that are late by `late_us`
  std::int64_t late_us = 0;
  std::int64_t queue_us = 1'000'000;  ///< how much of the line's time may wait in front of it
  std::int64_t queue_bytes_least = 8'000;
  /// Up and down for so long in turn; 0: always up. `drawn`: these are means of an exponential distribution.
  std::int64_t up_us = 0;
  std::int64_t down_us = 0;
  bool drawn = false;
};

class Line {
 public:
  /// Lines with the same `outage_seed` go away together.
  Line(const LineShape& shape, std::uint64_t seed, std::uint64_t outage_seed) : shape_(shape), rng_(seed), turns_(outage_seed) {
    turn_ = next_turn();
  }

  /// A datagram begins to wait for the line; `envelope` bytes are added to it.
  void put(core::Bytes datagram, std::size_t envelope, core::MonoUs now) {
    advance(now);
    const std::size_t wire = datagram.size() + envelope;
    bytes_put_ += wire;
    if (down_) return;
    const std::int64_t takes_us = static_cast<std::int64_t>(wire * 8'000'000 / shape_.bits_per_second);
    const std::int64_t waits_us = std::max<std::int64_t>(0, free_at_ - now);
    const auto waiting =
        static_cast<std::int64_t>(static_cast<double>(waits_us) * static_cast<double>(shape_.bits_per_second) / 8e6);
    if (waits_us > shape_.queue_us && waiting > shape_.queue_bytes_least) {
      ++overflowed_;
      return;
    }
    longest_wait_us_ = std::max(longest_wait_us_, waits_us);
    free_at_ = std::max(free_at_, now) + takes_us;
    if (lose()) return;
    std::int64_t late = 0;
    if (shape_.overtaken > 0 && chance(shape_.overtaken)) late = shape_.late_us;
    const bool twice = shape_.doubled > 0 && chance(shape_.doubled);
    if (twice) on_the_way_.push({free_at_ + shape_.delay_us + late + 1'000, order_++, datagram});
    on_the_way_.push({free_at_ + shape_.delay_us + late, order_++, std::move(datagram)});
  }
  /// When the next one arrives, or the line changes.
  std::optional<core::MonoUs> next_at() const {
    std::optional<core::MonoUs> out;
    if (!on_the_way_.empty()) out = on_the_way_.top().at;
    return out;
  }
  /// What has arrived by `now`, one at a time.
  std::optional<core::Bytes> take(core::MonoUs now) {
    advance(now);
    if (on_the_way_.empty() || on_the_way_.top().at > now) return std::nullopt;
    core::Bytes out = on_the_way_.top().datagram;
    on_the_way_.pop();
    return out;
  }
  /// Time up to `now` in which the line was there.
  std::int64_t up_us(core::MonoUs now) {
    advance(now);
    return up_total_us_ + (down_ ? 0 : now - since_);
  }
  void cut(bool down, core::MonoUs now) {
    advance(now);
    turn_to(down, now);
    turn_.reset();
  }
  void set_rate(std::uint64_t bits_per_second) { shape_.bits_per_second = bits_per_second; }
  std::uint64_t bytes_put() const { return bytes_put_; }
  std::uint64_t overflowed() const { return overflowed_; }
  /// Since the last call.
  std::int64_t longest_wait_us() { return std::exchange(longest_wait_us_, 0); }

 private:
  struct Coming {
    core::MonoUs at;
    std::uint64_t order;
    core::Bytes datagram;
    bool operator<(const Coming& other) const { return at != other.at ? at > other.at : order > other.order; }
  };
  static double unit(SeededRng& rng) { return static_cast<double>(rng.u64() >> 11U) / 9007199254740992.0; }
  bool chance(double share) { return unit(rng_) < share; }
  /// A chain of two states (Gilbert): in the bad one everything is lost.
  bool lose() {
    if (shape_.loss <= 0) return false;
    const double leave = 1.0 / shape_.burst;
    const double enter = shape_.loss * leave / (1 - shape_.loss);
    bad_ = bad_ ? !chance(leave) : chance(enter);
    return bad_;
  }
  std::optional<core::MonoUs> next_turn() {
    if (shape_.down_us == 0) return std::nullopt;
    const std::int64_t mean = down_ ? shape_.down_us : shape_.up_us;
    const double drawn = -std::log(1.0 - unit(turns_)) * static_cast<double>(mean);
    return since_ + (shape_.drawn ? std::max<std::int64_t>(1'000'000, static_cast<std::int64_t>(drawn)) : mean);
  }
  void turn_to(bool down, core::MonoUs at) {
    if (!down_) up_total_us_ += at - since_;
    down_ = down;
    since_ = at;
    if (down_) on_the_way_ = {};
    free_at_ = at;
  }
  void advance(core::MonoUs now) {
    while (turn_ && *turn_ <= now) {
      turn_to(!down_, *turn_);
      turn_ = next_turn();
    }
  }

  LineShape shape_;
  SeededRng rng_;
  SeededRng turns_;
  std::priority_queue<Coming> on_the_way_;
  std::uint64_t order_ = 0;
  core::MonoUs free_at_;
  bool bad_ = false;
  bool down_ = false;
  core::MonoUs since_;
  std::int64_t up_total_us_ = 0;
  std::optional<core::MonoUs> turn_;
  std::uint64_t bytes_put_ = 0;
  std::uint64_t overflowed_ = 0;
  std::int64_t longest_wait_us_ = 0;
};

}  // namespace satchel::tests
