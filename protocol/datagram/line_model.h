#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/time.h"
#include "protocol/datagram/limits.h"

namespace satchel::protocol {

/// What one line can carry, learned from acknowledgements: its rate, its round trip, and how much it loses by chance. From these
/// follow how fast to send, how much may be on its way, and when silence is silence. Loss alone never slows the pace: only a rate
/// that falls does.
///
///   starting ──(the rate grows no more, or a queue has built up)──► cycling: higher, lower, six rounds even
///
/// A round is what is sent between one acknowledgement and the acknowledgement of what was sent right after it: about a round
/// trip. The rate is the best of the last rounds in which the sender was not short of bytes. What is lost in the lower rounds is
/// lost by chance and is made up for; what is lost only when more is sent is crowding, and is not.
class LineModel {
 public:
  /// For the next meeting over this line.
  struct Memory {
    std::uint64_t rate = 0;  ///< wire bytes a second
    std::int64_t round_trip_us = 0;
  };
  explicit LineModel(std::optional<Memory> memory);

  /// A packet that will be acknowledged goes out as `number`; `flying` are the wire bytes on their way before it.
  void sent(std::uint64_t number, std::uint64_t flying, core::MonoUs now);
  /// True while packets go out at less than the line's rate: to be given back with their fate.
  bool lower_round() const noexcept { return !starting_ && phase_ == 1; }
  void acked(std::uint64_t number, std::uint64_t wire, bool lower, core::MonoUs now);
  void lost(bool lower);  ///< by chance or crowding: not by an absent line
  void round_trip(std::int64_t us, std::uint64_t wire, core::MonoUs now);
  /// The owner has nothing to send though there is room: this round does not show what the line can carry.
  void short_of_bytes() noexcept { round_full_ = false; }
  /// All acknowledgements up to now have been told.
  void settle(std::uint64_t next_number, core::MonoUs now);
  /// The line was away for `away_us` and is back: what it could carry before is what it will be asked to carry.
  void resumed(std::uint64_t next_number, std::int64_t away_us, core::MonoUs now);

  /// Wire bytes a second; nullopt: as fast as they come (nothing is known).
  std::optional<std::uint64_t> pace() const;
  std::uint64_t flying_most() const;
  /// Stream bytes that one packet should carry.
  std::size_t packet_bytes() const;
  /// An answer that takes longer than this is missing.
  std::int64_t answer_us() const;
  /// A packet that old is lost once a later one has arrived.
  std::int64_t overdue_us() const;
  std::optional<std::int64_t> smooth_us() const { return smooth_us_; }
  /// Share of packets lost, chance and crowding together.
  double loss() const noexcept { return loss_all_; }
  /// Nothing much has come back yet: how much is lost is not known.
  bool unproven() const noexcept { return fates_ + fates_started_ < 16; }
  std::optional<Memory> memory() const;
  /// Wire bytes a second that the line delivers; 0: not known.
  std::uint64_t rate() const noexcept;
  /// Share lost by chance, not by crowding.
  double chance() const;
  bool starting() const noexcept { return starting_; }

 private:
  std::uint64_t sending_rate() const;        ///< what must be sent for that
  std::int64_t empty_round_trip_us() const;  ///< without queue and without the packet's own time
  std::int64_t bare_us(std::int64_t us, std::uint64_t wire) const;
  void close_round(std::uint64_t next_number, core::MonoUs now);
  void begin_round(std::uint64_t next_number, core::MonoUs now);
  void count_fate(bool lower, bool gone);

  std::optional<Memory> memory_;
  // rate
  std::array<std::uint64_t, kRateRounds> rates_{};
  std::size_t rates_at_ = 0;
  core::MonoUs round_began_;
  std::uint64_t round_until_ = 0;  ///< the first number sent in this round
  std::uint64_t round_bytes_ = 0;
  bool round_full_ = true;
  bool round_open_ = false;
  bool round_reached_ = false;
  std::int64_t round_shortest_us_ = 0;  ///< bare
  int round_samples_ = 0;
  // start and cycle
  bool starting_ = true;
  std::uint64_t start_flight_ = kFirstFlight;
  std::uint64_t start_best_ = 0;
  int start_flat_ = 0;
  int phase_ = 2;
  bool emptying_ = false;
  // round trip
  std::optional<std::int64_t> smooth_us_;
  std::int64_t deviation_us_ = 0;
  std::int64_t latest_us_ = 0;
  std::int64_t jitter_us_ = 0;
  std::int64_t shortest_us_ = 0;  ///< 0: not known
  std::uint64_t shortest_wire_ = 0;
  core::MonoUs shortest_at_;
  // loss
  double loss_all_ = 0;
  double loss_lower_ = 0;
  std::uint64_t fates_ = 0;
  std::uint64_t fates_lower_ = 0;
  std::uint64_t fates_started_ = 0;
};

}  // namespace satchel::protocol
