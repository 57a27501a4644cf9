#pragma once

#include <optional>

#include "core/base/rng.h"
#include "core/base/time.h"
#include "protocol/datagram/flight.h"
#include "protocol/datagram/gate.h"
#include "protocol/datagram/incoming.h"
#include "protocol/datagram/line_model.h"
#include "protocol/datagram/outgoing.h"

namespace satchel::protocol {

/// An ordered stream of bytes, both ways, over datagrams that may be lost, doubled, reordered or forged. It outlives outages and
/// changes of address. It hides nothing and proves nobody's identity: that is the link's business, inside. Sans-IO.
///
///   caller ───► calling ──(any packet of the answerer)──┐
///                 │                                      ▼          both ends arrived
///   answerer ────────────────────────────────────────► open ─────────────────────────► over
///                 │                                      │
///                 └── gone, no answer, contradiction ────┴───────────────────────────► broken
///
/// Use: send everything that next_datagram() gives; call it again no later than deadline(), after each receive(), and after each
/// call that gives it something to say.
class DatagramStream {
 public:
  enum class Stage { calling, open, over, broken };
  struct Datagram {
    core::Bytes bytes;
    NetworkPlace to;
  };

  /// `id` from the random source. `pass` and `memory`: from an earlier meeting at this place, if any.
  static DatagramStream caller(ConnectionId id, const NetworkPlace& to, std::optional<Pass> pass,
                               std::optional<LineModel::Memory> memory, core::MonoUs now);
  /// For an opening packet that a Gate admitted; feed that packet to receive() next. `rng` makes the tokens that check a new
  /// address; borrowed.
  static DatagramStream answerer(ConnectionId id, const NetworkPlace& from, core::Rng& rng, core::MonoUs now);

  /// Takes in a packet with this stream's id. What does not fit is dropped; what contradicts itself breaks the stream.
  void receive(const Packet& packet, const NetworkPlace& from, core::MonoUs now);
  /// What must go out now, until there is nothing.
  std::optional<Datagram> next_datagram(core::MonoUs now);
  /// Call next_datagram() again no later than this; nullopt when nothing is timed.
  std::optional<core::MonoUs> deadline() const;

  /// Bytes that write() takes now: about what the line takes in kWaitingUs, so that the owner's order of urgency stays its own.
  std::size_t room() const;
  /// `bytes` is at most room().
  void write(core::ByteView bytes);
  /// No more bytes will come from us.
  void finish();
  /// In order, and not taken yet.
  core::ByteView arrived() const noexcept { return in_.arrived(); }
  void taken(std::size_t n) { in_.taken(n); }
  /// The peer will say no more, and arrived() is all that is left.
  bool peer_finished() const noexcept { return in_.finished(); }
  /// Ends it at once; one last datagram tells the peer.
  void abandon();

  Stage stage() const noexcept { return stage_; }
  /// Anything of the other side has come, be it a pass only.
  bool answered() const noexcept { return stage_ != Stage::calling || passes_ > 0; }
  /// Why it is broken: kPeerUnreachable, kPeerSilent, kLinkBroken, kMalformed, kVersionUnknown.
  const std::optional<core::Error>& failure() const noexcept { return failure_; }
  /// Everything that we wrote has arrived.
  bool all_arrived() const noexcept { return out_.all_arrived(); }
  ConnectionId id() const noexcept { return id_; }
  /// Time that the line was away while one of us had something to say. It goes on growing until the line is back: an owner that
  /// measures the peer's patience should not count it.
  std::int64_t away_us(core::MonoUs now) const;
  /// For how long the line has been away now; 0 while it is there.
  std::int64_t silent_us(core::MonoUs now) const { return silent_since_ ? now - *silent_since_ : 0; }
  const NetworkPlace& peer() const noexcept { return peer_; }
  /// To be remembered for the next call to this place.
  const std::optional<Pass>& pass() const noexcept { return pass_; }
  std::optional<LineModel::Memory> memory() const { return model_.memory(); }
  const LineModel& line() const noexcept { return model_; }
  std::uint64_t flying_bytes() const noexcept { return flight_.flying_bytes(); }

 private:
  DatagramStream(ConnectionId id, bool calls, const NetworkPlace& peer, std::optional<LineModel::Memory> memory,
                 core::MonoUs now);
  void on_numbered(const Packet& packet, const NetworkPlace& from, core::MonoUs now);
  bool on_ack(const Ack& ack, core::MonoUs now);
  void on_pass(const Pass& pass, core::MonoUs now);
  void on_gone();
  void on_challenge(const Packet& packet);
  void on_response(const Packet& packet, const NetworkPlace& from);
  void check_path(const NetworkPlace& from, core::MonoUs now);
  void heard(bool news, core::MonoUs now);
  void note_lost(const std::vector<Flying>& packets, bool by_line);
  void break_off(core::Error error);
  void settle();

  std::optional<Datagram> next_data(core::MonoUs now);
  std::optional<Datagram> next_repeat(core::MonoUs now);
  std::optional<Datagram> next_probe(core::MonoUs now);
  std::optional<Datagram> next_ack(core::MonoUs now);
  std::optional<Ack> due_ack(core::MonoUs now);
  Datagram send(Packet packet, Flying flying, core::MonoUs now);
  Datagram carry_piece(const Outgoing::Piece& piece, std::optional<Ack> ack, bool repeated, core::MonoUs now);
  Datagram ask(core::MonoUs now);
  void keep_time(core::MonoUs now);

  bool unfinished() const { return out_.has_more() || flight_.oldest_of_stream_at(); }
  bool may_send_data() const;
  bool has_data() const;
  std::size_t packet_room(const std::optional<Ack>& ack) const;
  std::optional<core::MonoUs> data_due() const;
  std::optional<core::MonoUs> ack_due() const;
  std::optional<core::MonoUs> repeat_due() const;
  std::optional<core::MonoUs> probe_due() const;
  std::int64_t probe_gap_us() const;
  std::int64_t quiet_us() const;

  ConnectionId id_;
  bool calls_;
  Stage stage_;
  std::optional<core::Error> failure_;
  NetworkPlace peer_;
  core::Rng* rng_ = nullptr;
  std::optional<Pass> pass_;
  int passes_ = 0;

  Outgoing out_;
  Flight flight_;
  LineModel model_;
  Incoming in_;
  bool peer_more_ = false;
  bool finishing_ = false;
  bool late_ = false;       ///< the last acknowledgement ended a silence in which nothing was lost
  bool trusting_ = true;    ///< a word from the peer in a silence is enough to go on
  bool last_word_ = false;  ///< abandon(): one datagram is owed

  // another address of the peer's
  std::optional<NetworkPlace> new_place_;
  std::uint64_t challenge_ = 0;
  bool challenge_due_ = false;
  core::MonoUs challenged_at_;
  std::optional<std::uint64_t> response_due_;

  // time
  core::MonoUs begun_;
  core::MonoUs next_send_;
  core::MonoUs last_heard_;
  core::MonoUs last_news_;   ///< an acknowledgement of something new
  core::MonoUs last_asked_;  ///< we sent something that wants an answer
  core::MonoUs last_probe_;
  std::optional<core::MonoUs> silent_since_;
  std::int64_t away_us_ = 0;
};

}  // namespace satchel::protocol
