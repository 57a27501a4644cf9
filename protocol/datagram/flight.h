#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "core/base/time.h"
#include "protocol/datagram/packet.h"
#include "protocol/datagram/ranges.h"

namespace satchel::protocol {

/// One packet that went out.
struct Flying {
  enum class Fate : std::uint8_t { unasked, flying, arrived, lost };  ///< unasked: nobody will acknowledge it
  std::uint64_t number = 0;
  core::MonoUs sent_at;
  Range bytes;  ///< of the stream
  std::uint32_t wire = 0;
  bool fin = false;
  bool lower = false;     ///< sent in a lower round (LineModel)
  bool repeated = false;  ///< sent a second time, just in case
  Fate fate = Fate::flying;
};

/// The packets of one direction between sending and their fate: who arrived, who is lost. A packet is lost when enough later ones
/// have arrived, or when one later one has and it is overdue; never only because time passes, since a line that is away loses
/// everything alike.
class Flight {
 public:
  std::uint64_t next_number() const noexcept { return base_ + packets_.size(); }
  bool full() const noexcept { return packets_.size() >= kFlyingMost; }
  /// Wire bytes on their way, questions without data left out.
  std::uint64_t flying_bytes() const noexcept { return flying_bytes_; }
  std::size_t flying_count() const noexcept { return flying_count_; }
  /// `packet.number` must be next_number().
  void add(const Flying& packet);

  struct News {
    std::vector<Flying> arrived;
    std::vector<Flying> lost;
    /// The newest packet, if it arrived only now: its round trip is true.
    std::optional<Flying> newest;
  };
  /// nullopt for an acknowledgement of what was never sent: a lie.
  std::optional<News> acknowledged(const Ack& ack, std::int64_t overdue_us, core::MonoUs now);
  /// What has become overdue behind packets that arrived.
  std::vector<Flying> overdue(std::int64_t overdue_us, core::MonoUs now);
  /// When overdue() will have something, if nothing arrives before.
  std::optional<core::MonoUs> overdue_at(std::int64_t overdue_us) const;
  /// Everything that was sent no later than `when` is lost: the line was away.
  std::vector<Flying> lose_until(core::MonoUs when);
  /// Packets on their way, oldest first; at most `most`.
  std::vector<Flying> still_flying(std::size_t most) const;
  /// When the oldest of them was sent.
  std::optional<core::MonoUs> oldest_at() const;
  /// … of those that carry something of the stream: whether a mere question arrived nobody need know.
  std::optional<core::MonoUs> oldest_of_stream_at() const;
  void mark_repeated(std::uint64_t number);

 private:
  Flying* find(std::uint64_t number);
  void take(std::uint64_t number, News& news);
  void lose(Flying& packet, std::vector<Flying>& lost);
  void trim();

  std::deque<Flying> packets_;
  std::uint64_t base_ = 0;
  std::uint64_t flying_bytes_ = 0;
  std::size_t flying_count_ = 0;
  std::optional<std::uint64_t> newest_arrived_;
  std::uint64_t overtaken_ = kOvertakenStart;
};

}  // namespace satchel::protocol
