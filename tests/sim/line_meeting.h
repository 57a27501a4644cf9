#pragma once

#include <array>
#include <deque>
#include <functional>

#include "tests/sim/campaign.h"

namespace satchel::tests {

/// One direction of a line in virtual time, as TCP shows it to a session.
struct LineWay {
  std::uint64_t bytes_per_second = 2'500;
  std::int64_t delay_ms = 300;  ///< one way
  std::size_t below = 1'500;    ///< what is taken from the session before it is on the line: unsent bytes in the kernel
  std::size_t window = 0;       ///< taken at once in the beginning, as an initial window is, and queued in front of the line
};

/// There for `up_ms`, then away for `down_ms`, in turn; always there when down_ms is 0. Nothing is lost while it is away.
struct LineTurns {
  std::int64_t up_ms = 0;
  std::int64_t down_ms = 0;
};

/// Two sessions over a line with a rate and a delay, in virtual time. sent() is called when the stream takes the bytes; both
/// sides open and receipt what arrives, as nodes do.
class LineMeeting {
 public:
  LineMeeting(CampaignNode& caller, CampaignNode& answerer, const LineWay& both, const LineTurns& turns = {})
      : LineMeeting(caller, answerer, both, turns, [](protocol::SessionSetup&) {}) {}
  /// `adjust` changes what the caller's session is given.
  LineMeeting(CampaignNode& caller, CampaignNode& answerer, const LineWay& both, const LineTurns& turns,
              const std::function<void(protocol::SessionSetup&)>& adjust);

  void run_for(std::int64_t ms);
  /// How long until `done` holds; `most_ms` when it did not by then.
  std::int64_t run_until(std::int64_t most_ms, const std::function<bool()>& done);
  bool both_idle() const { return ways_[0].from->session.idle() && ways_[1].from->session.idle(); }
  bool failed() const { return ways_[0].from->session.failure() || ways_[1].from->session.failure(); }
  /// Both ways.
  void set_rate(std::uint64_t bytes_per_second);
  /// The stream ends; what is on the way is lost.
  void cut();

  protocol::Session& caller() { return sides_[0].session; }
  protocol::Session& answerer() { return sides_[1].session; }
  /// Bytes of the stream that have gone on the line, and that have arrived.
  std::uint64_t put(int from) const { return ways_[static_cast<std::size_t>(from)].put; }
  std::uint64_t arrived(int from) const { return ways_[static_cast<std::size_t>(from)].arrived; }

  core::MonoMs now{1'000'000};

 private:
  struct Side {
    CampaignNode* node;
    protocol::Session session;
    std::uint64_t seen = 0;
  };
  struct Piece {
    core::MonoMs at;
    core::Bytes bytes;
  };
  struct Way {
    Side* from;
    Side* to;
    LineWay shape;
    core::Bytes below;
    std::size_t window_left = 0;
    std::uint64_t credit = 0;  ///< thousandths of a byte
    std::deque<Piece> flying;
    std::uint64_t put = 0;
    std::uint64_t arrived = 0;
  };
  bool line_up() const;
  void take(Way& way);
  void transmit(Way& way);
  void deliver(Way& way);
  void wake(Side& side) const;

  LineTurns turns_;
  core::MonoMs begun_;
  bool cut_ = false;
  std::array<Side, 2> sides_;
  std::array<Way, 2> ways_;
};

}  // namespace satchel::tests
