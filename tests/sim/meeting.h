#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "protocol/datagram/gate.h"
#include "protocol/datagram/stream.h"
#include "tests/sim/event_queue.h"
#include "tests/sim/machine.h"
#include "tests/sim/plan.h"
#include "tests/sim/talker.h"
#include "tests/support/line.h"

namespace satchel::tests {

/// The state of a line, which outlives the meetings over it. Direction 0 goes from the end that dials.
struct LineState {
  LinePlan plan;
  std::array<int, 2> downs{};    ///< kinds of trouble that keep the direction away at present
  std::array<int, 2> clogged{};  ///< kinds of trouble that leave it a fiftieth
  bool here = true;              ///< a mule's line: whether it is there at present
  bool up(std::size_t direction) const { return here && downs[direction] == 0; }
  std::uint64_t rate(std::size_t direction) const {
    return clogged[direction] > 0 ? std::max<std::uint64_t>(plan.bits_per_second / 50, 100) : plan.bits_per_second;
  }
};

/// One end of a meeting. `talker` is none when the program there is gone.
struct MeetingEnd {
  std::size_t machine = 0;
  std::unique_ptr<Talker> talker;
  bool closing = false;  ///< says its last words and goes
  core::MonoUs closing_since;
  bool gave_up = false;  ///< its talker has failed; what the other side makes of its last words is its own business
  std::optional<core::MonoUs> idle_since;
  std::uint64_t seen = 0;   ///< bundles and receipts taken in when last looked at
  std::uint64_t shown = 0;  ///< Shelf::beyond_news() then: a new life is due
  bool gone() const { return talker == nullptr; }
};

class Meeting;

/// What a meeting tells its world.
class MeetingOwner {
 public:
  virtual ~MeetingOwner() = default;
  virtual const MachineClock& clock(std::size_t machine) const = 0;
  /// Bytes have reached the talker of that end.
  virtual void arrived(Meeting& meeting, std::size_t at, core::ByteView bytes) = 0;
  /// After anything that may have changed the talker. The meeting must stay.
  virtual void changed(Meeting& meeting, std::size_t at) = 0;
  /// It has ended there; nothing when both sides were done.
  virtual void ended(Meeting& meeting, std::size_t at, const std::optional<core::Error>& why) = 0;
};

/// A connection between two programs. Each kind of carrier moves the bytes in its own way.
class Meeting {
 public:
  Meeting(MeetingOwner& owner, const EventQueue& events, LineState& line, SeededRng& rng, std::array<MeetingEnd, 2> both)
      : ends(std::move(both)), owner_(owner), events_(events), line_(line), rng_(rng) {}
  virtual ~Meeting() = default;

  /// Does everything that is due now.
  void run();
  /// When run() is wanted next, if nothing else happens before.
  std::optional<core::MonoUs> next_at() const;
  bool over() const { return ends[0].gone() && ends[1].gone(); }

  /// A cut in the middle: `at` hears of it now, the other end after the line's delay or by silence.
  virtual void cut(std::size_t at) = 0;
  /// The program at that end is gone without a word; `told`: the other end's carrier hears of it.
  virtual void lose(std::size_t at, bool told) = 0;
  /// The line's state has changed.
  virtual void weather_changed() = 0;
  /// Bytes put on the line, all headers of the carrier included.
  virtual std::uint64_t wire_bytes() const = 0;

  std::array<MeetingEnd, 2> ends;
  std::size_t line_index = 0;
  bool disturbed = false;  ///< somebody changed its bytes: it may fail in any way
  std::optional<core::MonoUs> scheduled;

 protected:
  /// Moves bytes; true when something moved.
  virtual bool move() = 0;
  virtual std::optional<core::MonoUs> carrier_next_at() const = 0;
  /// The end has said its last words and hangs up.
  virtual void hang_up(std::size_t at) = 0;
  core::MonoUs now() const { return events_.now(); }
  core::MonoMs mono(std::size_t at) const { return owner_.clock(ends[at].machine).mono(); }
  core::MonoUs mono_us(std::size_t at) const { return owner_.clock(ends[at].machine).mono_us(); }
  void give(std::size_t to, core::ByteView bytes);
  void drop(std::size_t at, const std::optional<core::Error>& why);
  bool meddle(core::Bytes& bytes);

  MeetingOwner& owner_;
  const EventQueue& events_;
  LineState& line_;
  SeededRng& rng_;

 private:
  bool mind(std::size_t at);
};

/// As over TCP: a perfect stream each way that may end anywhere.
std::unique_ptr<Meeting> stream_meeting(MeetingOwner& owner, const EventQueue& events, LineState& line, SeededRng& rng,
                                        std::array<MeetingEnd, 2> ends);
/// With the program's own datagram carrier over datagrams that get lost.
std::unique_ptr<Meeting> datagram_meeting(MeetingOwner& owner, const EventQueue& events, LineState& line, SeededRng& rng,
                                          std::array<MeetingEnd, 2> ends);

}  // namespace satchel::tests
