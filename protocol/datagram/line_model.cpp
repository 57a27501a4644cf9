#include "protocol/datagram/line_model.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace satchel::protocol {

using core::MonoUs;

namespace {

// Pace, as parts of the rate at which the line takes bytes. A little more than the line takes keeps its queue from running dry;
// how much stands there is bounded by flying_most().
constexpr double kEven = 1.04;
constexpr double kHigher = 1.15;
constexpr double kLower = 0.90;
/// Fates that one share of loss looks back on.
constexpr std::uint64_t kFatesKept = 1024;
constexpr std::uint64_t kDoubtEnds = 256;
/// A round that brought so much more than the best one calls for another try at more.
constexpr double kGrown = 1.10;
constexpr double kStartGrown = 1.20;
/// Round trips of one round that must all have stood in a queue before a start ends, and how long.
constexpr int kStartSamples = 3;
constexpr std::int64_t kStartQueueUs = 60'000;
/// A start over a remembered line begins with this part of what the line could carry.
constexpr double kTrust = 0.75;

/// After so long an absence the line may lead another way.
constexpr std::int64_t kOtherWayUs = 3'000'000;

std::uint64_t in_time(std::uint64_t rate, std::int64_t us) {
  return static_cast<std::uint64_t>(static_cast<double>(rate) * static_cast<double>(us) / 1e6);
}

}  // namespace

LineModel::LineModel(std::optional<Memory> memory) : memory_(memory) {
  if (!memory_) return;
  const double known = kTrust * static_cast<double>(in_time(memory_->rate, memory_->round_trip_us));
  start_flight_ = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(known), kFirstFlight, kStreamWindow / 4);
}

// --- rounds

void LineModel::sent(std::uint64_t number, std::uint64_t flying, MonoUs now) {
  if (flying > 0 && round_open_) return;
  begin_round(number, now);
  round_full_ = false;  // the line stood empty before
}

void LineModel::begin_round(std::uint64_t next_number, MonoUs now) {
  round_open_ = true;
  round_began_ = now;
  round_until_ = next_number;
  round_bytes_ = 0;
  round_full_ = true;
  round_reached_ = false;
  round_shortest_us_ = 0;
  round_samples_ = 0;
}

void LineModel::acked(std::uint64_t number, std::uint64_t wire, bool lower, MonoUs) {
  count_fate(lower, false);
  round_bytes_ += wire;
  // A queue already: more would only lengthen it until the rate is known.
  const bool queue = latest_us_ > shortest_us_ + shortest_us_ / 2 + kStartQueueUs;
  if (starting_ && !queue) start_flight_ = std::min<std::uint64_t>(start_flight_ + wire, kStreamWindow);
  if (number >= round_until_) round_reached_ = true;
}

void LineModel::settle(std::uint64_t next_number, MonoUs now) {
  if (round_open_ && round_reached_ && now - round_began_ >= kRoundUsLeast) close_round(next_number, now);
}

void LineModel::close_round(std::uint64_t next_number, MonoUs now) {
  const double seconds = static_cast<double>(now - round_began_) / 1e6;
  const auto sample = static_cast<std::uint64_t>(static_cast<double>(round_bytes_) / seconds);
  const std::uint64_t best = rate();
  if (round_full_ || sample > best) {
    rates_[rates_at_] = sample;
    rates_at_ = (rates_at_ + 1) % rates_.size();
  }
  if (starting_) {
    if (static_cast<double>(sample) > kStartGrown * static_cast<double>(start_best_)) {
      start_best_ = sample;
      start_flat_ = 0;
    } else if (round_full_) {
      ++start_flat_;
    }
    if (start_flat_ >= 2) starting_ = false;
  } else if (!(phase_ == 0 && round_full_ && static_cast<double>(sample) > kGrown * static_cast<double>(best))) {
    phase_ = (phase_ + 1) % kCycleRounds;
  }
  emptying_ = false;
  if (!starting_ && shortest_us_ > 0 && now - shortest_at_ > kRoundTripKeptUs) {
    emptying_ = true;
    shortest_us_ = 0;
  }
  begin_round(next_number, now);
}

void LineModel::resumed(std::uint64_t next_number, std::int64_t away_us, MonoUs now) {
  if (round_open_) begin_round(next_number, now);
  round_full_ = false;
  phase_ = 2;
  // The way may be another one now.
  if (away_us > kOtherWayUs) shortest_us_ = 0;
}

// --- round trip

void LineModel::round_trip(std::int64_t us, std::uint64_t wire, MonoUs now) {
  us = std::max<std::int64_t>(us, 1);
  if (!smooth_us_) {
    smooth_us_ = us;
    deviation_us_ = us / 2;
  } else {
    deviation_us_ += (std::abs(*smooth_us_ - us) - deviation_us_) / 4;
    *smooth_us_ += (us - *smooth_us_) / 8;
    jitter_us_ += (std::abs(us - latest_us_) - jitter_us_) / 8;
  }
  latest_us_ = us;
  const std::int64_t bare = bare_us(us, wire);
  if (shortest_us_ == 0 || bare <= bare_us(shortest_us_, shortest_wire_)) {
    shortest_us_ = us;
    shortest_wire_ = wire;
    shortest_at_ = now;
  }
  if (round_shortest_us_ == 0 || bare < round_shortest_us_) round_shortest_us_ = bare;
  ++round_samples_;
  // The start has filled the line when even the quickest answer of a round has stood in a queue; if it was ours.
  const std::int64_t empty = empty_round_trip_us();
  if (starting_ && round_full_ && rate() > 0 && round_samples_ >= kStartSamples &&
      round_shortest_us_ > empty + empty / 4 + kStartQueueUs)
    starting_ = false;
}

/// A packet's own time on the line is no part of the way's length: small and large packets tell the same.
std::int64_t LineModel::bare_us(std::int64_t us, std::uint64_t wire) const {
  const std::uint64_t known = rate();
  if (known == 0) return us;
  return std::max(us - static_cast<std::int64_t>(wire * 1'000'000 / known), us / 4);
}

std::int64_t LineModel::empty_round_trip_us() const {
  if (shortest_us_ > 0) return bare_us(shortest_us_, shortest_wire_);
  return smooth_us_.value_or(kFirstAnswerUs);
}

std::int64_t LineModel::answer_us() const {
  if (!smooth_us_) return kFirstAnswerUs;
  return *smooth_us_ + std::max<std::int64_t>(4 * deviation_us_, 50'000) + kAckWaitUs;
}

std::int64_t LineModel::overdue_us() const {
  const std::int64_t usual = std::max(smooth_us_.value_or(kFirstAnswerUs), latest_us_);
  return usual + usual / 8 + 1'000;
}

// --- loss

void LineModel::count_fate(bool lower, bool gone) {
  if (starting_) {
    ++fates_started_;
    return;  // a start crowds the line: what it loses says nothing
  }
  const auto learn = [gone](double& share, std::uint64_t& count) {
    ++count;
    // Begins as if sixteen packets had arrived: one early loss is not yet a lossy line.
    const double weight = 1.0 / static_cast<double>(std::min(count + 16, kFatesKept));
    share += ((gone ? 1.0 : 0.0) - share) * weight;
  };
  learn(loss_all_, fates_);
  if (lower) learn(loss_lower_, fates_lower_);
}

void LineModel::lost(bool lower) { count_fate(lower, true); }

/// What is lost without crowding: what the lower rounds lose, with as much doubt as their number leaves.
double LineModel::chance() const {
  const double doubt = 0.5 / std::sqrt(static_cast<double>(std::min(fates_lower_, kDoubtEnds)) + 1.0);
  return std::min({loss_all_, loss_lower_ + doubt, kLossMost});
}

// --- what follows

std::uint64_t LineModel::rate() const noexcept { return *std::max_element(rates_.begin(), rates_.end()); }

std::uint64_t LineModel::sending_rate() const {
  return static_cast<std::uint64_t>(static_cast<double>(rate()) / (1.0 - chance()));
}

std::optional<std::uint64_t> LineModel::pace() const {
  if (starting_) {
    if (smooth_us_)
      return std::max<std::uint64_t>(2 * start_flight_ * 1'000'000 / static_cast<std::uint64_t>(*smooth_us_), 1'000);
    if (memory_) return std::max<std::uint64_t>(memory_->rate, 1'000);
    return std::nullopt;
  }
  // What a lower round loses must be chance alone, so it makes up for nothing else.
  const double lower = kLower * static_cast<double>(rate()) / (1.0 - std::min(loss_lower_, kLossMost));
  const double wanted = phase_ == 1 ? lower : (phase_ == 0 ? kHigher : kEven) * static_cast<double>(sending_rate());
  return std::max<std::uint64_t>(static_cast<std::uint64_t>(wanted), 500);
}

std::uint64_t LineModel::flying_most() const {
  const std::uint64_t packet = packet_bytes() + kCarryHeader + kDatagramEnvelope;
  if (starting_) {
    if (rate() == 0 || shortest_us_ == 0) return start_flight_;
    const std::uint64_t known = in_time(rate(), 5 * shortest_us_ / 2) + 3 * packet;
    return std::max<std::uint64_t>(kFirstFlight, std::min(start_flight_, known));
  }
  const std::uint64_t on_the_way = in_time(sending_rate(), empty_round_trip_us());
  if (emptying_) return std::max(on_the_way / 2, packet);
  if (phase_ == 1) return on_the_way + 2 * packet;
  const std::int64_t queue_us = std::min(kQueueUs + 2 * jitter_us_, kQueueUsMost);
  std::uint64_t most = on_the_way + 2 * packet + std::min(in_time(sending_rate(), queue_us), kQueueBytesMost);
  if (phase_ == 0) most += on_the_way / 4;
  // What is lost counts as on its way until it is missed.
  return std::min<std::uint64_t>(static_cast<std::uint64_t>(static_cast<double>(most) * (1.0 + chance())), kStreamWindow);
}

std::size_t LineModel::packet_bytes() const {
  std::uint64_t known = rate();
  if (known == 0 && memory_) known = memory_->rate;
  if (known == 0 || (starting_ && !memory_ && start_best_ < 2 * kFirstFlight)) return kPacketBytesStart;
  const std::uint64_t fitting = in_time(known, kPacketUs);
  const std::uint64_t whole = kPacketBytesMax + kCarryHeader + kDatagramEnvelope;
  if (fitting >= whole) return kPacketBytesMax;
  return std::max<std::uint64_t>(fitting, kPacketBytesLeast + kCarryHeader + kDatagramEnvelope) - kCarryHeader -
         kDatagramEnvelope;
}

std::optional<LineModel::Memory> LineModel::memory() const {
  if (rate() == 0 || !smooth_us_) return std::nullopt;
  return Memory{rate(), empty_round_trip_us()};
}

}  // namespace satchel::protocol
