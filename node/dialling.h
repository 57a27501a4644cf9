#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/time.h"
#include "node/carrier.h"

namespace satchel::node {

/// By which carrier a place is called, when the other one is tried beside it, and when the way is changed. Knows neither sockets
/// nor clocks.
///
///   first ──(no sign for a while, or refused)──► both ──(one proves who it is)──► standing ◄─────────────────────┐
///     └──────────────────(proves who it is)─────────────────────────────────────►  │  ▲                          │
///                                                                    stands still ─┘  └─ moves: they go          │ one proves
///                                                                            └──► challenged by fresh tries ─────┘ who it is
///
/// Datagrams come first, except where TCP alone worked the last time; then they have another try after kTcpMeetings of them.
/// Whether a line is there is never asked of the system: only what came from the other side counts.
class Dialling {
 public:
  /// What earlier meetings at a place have shown.
  struct Known {
    std::optional<Carrier> worked;   ///< by which it was met last
    std::uint8_t tcp_meetings = 0;   ///< by TCP since datagrams were last tried
    std::int64_t round_trip_us = 0;  ///< 0: not known
  };
  /// So many meetings by TCP, then datagrams come first again: the network may be another one.
  static constexpr std::uint8_t kTcpMeetings = 8;

  Dialling(CarrierChoice choice, const Known& known, core::MonoMs now);

  enum class Step : std::uint8_t {
    call,     ///< begin a stream of datagrams, and a session over it
    dial,     ///< begin to connect by TCP
    link,     ///< begin a session over the connection that was made
    drop,     ///< end what is tried by `by`
    give_up,  ///< nobody can be reached
  };
  struct Order {
    Step step;
    Carrier by;
    bool operator==(const Order&) const = default;
  };
  /// What is to be done now, one thing at a time, until there is none.
  std::optional<Order> next(core::MonoMs now);
  /// Ask again no later than this, if nothing happens before.
  std::optional<core::MonoMs> deadline() const;
  /// How long a connection may take: a first one as long as a satellite with lost packets; one that only tests whether the line
  /// is back is better begun anew than left to the system's ever longer pauses.
  std::int64_t dial_ms() const;

  // What happens with what next() ordered.
  /// Anything of the other side has come: TCP is connected, or a datagram answered.
  void answered(Carrier by, core::MonoMs now);
  /// Who it is has been shown: this is the standing link. One that stood before is the owner's to close.
  void proven(Carrier by);
  /// It came to nothing: refused, broken, too late.
  void failed(Carrier by, core::MonoMs now);
  /// For how long the standing link has waited for a sign of the other side (ByteStream::still_ms).
  void standing_still(std::int64_t still_ms) { still_ms_ = still_ms; }

  const std::optional<Carrier>& standing() const { return standing_; }

 private:
  enum class Stage : std::uint8_t { idle, trying, answered, linked, failed };
  struct Leg {
    Stage stage = Stage::idle;
    core::MonoMs since;  ///< of this stage
    bool under_way() const { return stage == Stage::trying || stage == Stage::answered || stage == Stage::linked; }
  };
  static std::size_t index(Carrier by) { return by == Carrier::tcp ? 0 : 1; }
  Leg& leg(Carrier by) { return legs_[index(by)]; }
  const Leg& leg(Carrier by) const { return legs_[index(by)]; }
  bool allowed(Carrier by) const;
  std::int64_t patience_ms() const;
  std::int64_t proof_ms() const;
  /// When this carrier's turn comes; nullopt: not as things are.
  std::optional<core::MonoMs> turn(Carrier by) const;
  std::optional<core::MonoMs> link_turn() const;
  std::optional<core::MonoMs> end_of_tries() const;
  bool challenges(Carrier by) const;
  std::optional<Order> drop_one();

  CarrierChoice choice_;
  Known known_;
  Carrier first_;
  core::MonoMs begun_;
  std::array<Leg, 2> legs_;
  std::optional<Carrier> standing_;
  std::int64_t still_ms_ = 0;
};

}  // namespace satchel::node
