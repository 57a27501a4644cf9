#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "protocol/session/stream.h"
#include "protocol/shelf/shelf.h"

namespace satchel::protocol {

/// Bytes by which bundles have gone before others, so that nothing waits for ever: kept from meeting to meeting.
struct Passed {
  std::array<std::uint64_t, kStreams> smaller{};  ///< in each stream, before the one that is first in order there
  std::array<std::uint64_t, 8> urgent{};          ///< in each lane, own and foreign: before those that are not urgent
  bool operator==(const Passed&) const = default;
};

/// What waits for the peer and is not open yet, and whose turn it is. Values only: no shelf, no clock.
///
/// In a lane own and foreign bundles share the line; on either side the urgent stream goes before the other one; in a stream
/// bundles go in order – what the peer holds a part of, then what has waited longest – except that a much smaller one may pass.
/// Whoever is passed is passed by a bounded number of bytes.
class Turns {
 public:
  /// A bundle that waits, or one that is open: what there is left to send of it.
  struct Waiting {
    core::BundleId id;
    std::uint64_t left = 0;
    std::uint64_t arrival = 0;
    bool begun = false;
  };
  struct Next {
    Waiting bundle;
    bool passes = false;  ///< goes before the one that is first in order
  };

  /// Forgets what waits, not what has passed whom.
  void clear();
  void add(const Stream& stream, const Waiting& bundle);
  bool empty() const;
  bool empty(const Stream& stream) const { return lines_[stream.index()].by_order.empty(); }
  std::size_t size() const;
  std::size_t size(const Stream& stream) const { return lines_[stream.index()].by_order.size(); }
  /// Bytes that wait in one lane.
  std::uint64_t bytes(core::Lane lane) const;

  /// Takes the next bundle out of a stream that has one.
  Next take(const Stream& stream);
  /// One that may go in front of `open`, which has been begun in that stream and stays the first in order.
  std::optional<Next> take_passing(const Stream& stream, const Waiting& open);
  /// The one that take() would give if nothing passed.
  const Waiting* first(const Stream& stream) const;

  /// Of the two streams of one side of a lane: true when the urgent one has the turn. `ordinary_left`: of the bundle that is
  /// first in order among those that are not urgent.
  bool urgent_first(core::Lane lane, bool foreign, std::uint64_t ordinary_left) const;
  /// Of the two sides of a lane, when something of each waits: true when foreign traffic has the turn.
  bool foreign_first(core::Lane lane) const { return owed_[core::lane_index(lane)] == 0; }

  /// `n` bytes have gone to the line.
  struct Sent {
    Stream stream;
    std::uint64_t bytes = 0;
    bool passes = false;          ///< the bundle went before the one that is first in order
    bool ordinary_waits = false;  ///< something that is not urgent waits on this side of the lane
    bool own_waits = false;       ///< something of our own waits in this lane …
    bool own_urgent = false;      ///< … and it is urgent
  };
  void note_sent(const Sent& sent);
  /// A bundle of `size` bytes that was first in order in its stream is out: what passed it is forgotten, and no more than that.
  void note_finished(const Stream& stream, std::uint64_t size);

  const Passed& passed() const { return passed_; }
  void set_passed(const Passed& passed) { passed_ = passed; }

 private:
  /// begun first, then by arrival, then by log and seq
  using Order = std::tuple<bool, std::uint64_t, core::BundleId>;
  struct Line {
    std::map<Order, Waiting> by_order;
    std::set<std::pair<std::uint64_t, Order>> by_size;
    std::uint64_t bytes = 0;
  };
  Waiting take_out(Line& line, std::map<Order, Waiting>::iterator at);
  std::optional<Waiting> take_smaller(const Stream& stream, std::uint64_t than);

  std::array<Line, kStreams> lines_;
  Passed passed_;
  std::array<std::uint64_t, 4> owed_{1, 1, 1, 1};  ///< bytes that own traffic is owed before foreign traffic has its turn again
};

}  // namespace satchel::protocol
