#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/base/time.h"
#include "protocol/link/limits.h"
#include "protocol/link/link.h"
#include "protocol/session/messages.h"
#include "protocol/session/turns.h"
#include "protocol/shelf/shelf.h"

namespace satchel::protocol {

/// What a session needs of its node. Everything pointed to is borrowed for the session's life and used on one thread only.
struct SessionSetup {
  Shelf* shelf = nullptr;
  Link::Setup link;  ///< `link.membership` must be the shelf's
  /// A verified certificate of a node that the membership does not hold yet: add it there, and keep it.
  std::function<core::Result<void>(const core::Member&)> learn;
  /// Originals go only by a line that would carry all of them within this time; nullopt: by any line.
  std::optional<std::int64_t> originals_within_ms = kOriginalsWithinMs;
};

struct RefusedBundle {
  core::BundleId id;
  core::Code code = core::Code::kInternal;
  bool by_peer = false;  ///< else by us
};

/// What one meeting has moved. Counts only what is certain: sent when the peer said that it is stored, received when it is
/// durable here.
struct SessionStats {
  std::uint64_t bytes_in = 0;  ///< of the stream, framing and handshake included
  std::uint64_t bytes_out = 0;
  std::array<std::uint64_t, 4> bundles_sent{};  ///< by lane
  std::array<std::uint64_t, 4> bundles_received{};
  std::uint64_t refused = 0;                ///< by either side
  std::vector<RefusedBundle> refused_list;  ///< the first kRefusedListed of them
  std::uint64_t receipts_received = 0;      ///< newer ones than we had
};

/// For a progress display. What is still to come is not known beforehand, only what has been announced.
struct SessionProgress {
  std::uint64_t body_bytes_sent = 0;
  std::uint64_t body_bytes_to_send = 0;  ///< of the bundles that are open
  std::uint64_t bundles_in_line = 0;     ///< for this peer, not open yet
  std::uint64_t body_bytes_received = 0;
  std::uint64_t body_bytes_to_receive = 0;  ///< of the bundles that are open
  std::optional<std::uint64_t> send_rate;   ///< bytes a second as measured
  /// Originals that this line would not carry in time: they wait for a stick, or for a better line.
  Tally originals_held;
};

/// One meeting of two nodes over one ordered stream of bytes: says hello, sends what the other lacks, takes in what is offered,
/// until both are done; may stay open and carry what comes later. The same at site, relay and hub. Sans-IO: no socket, no
/// thread, no clock; the shelf is used synchronously.
///
///   greeting ──(hello out and in)──► meeting ──(both done, all confirmed)──► idle
///      │                              │  ▲                                   │
///      │                              │  └──── shelf_changed, peer sends ────┘
///      └── error ──► failed ◄─────────┴── silence, no progress, broken frame, peer leaves
///
/// Use: after construction and after every call that may change something, write pending() to the stream, then call sent(). Feed
/// what arrives to receive(). Call wake() no later than deadline(). Own bundles must be covered by the high water before the
/// session is told of them (construction or shelf_changed).
class Session {
 public:
  enum class State { greeting, meeting, idle, failed };

  /// `peer`: whom we expect at the address; empty on first contact.
  static Session caller(SessionSetup setup, std::optional<core::Member> peer, core::MonoMs now);
  static Session answerer(SessionSetup setup, core::MonoMs now);

  /// Consumes any prefix of the peer's byte stream; splitting `in` differently never changes the outcome. An error is final:
  /// write what pending() still holds (it tells the peer why), then close. What was stored stays. kHandshake, kPeerNotEnrolled,
  /// kRevoked, kOtherCampaign, kVersionUnknown, kRefusedByPeer, kSealBroken, kMalformed, kLimitExceeded, and the codes of our
  /// own store.
  core::Result<void> receive(core::ByteView in, core::MonoMs now);
  /// Bytes to put on the wire, oldest first; grows only at the end until sent(n) drops the front. At most about 64 KiB.
  core::ByteView pending() const noexcept { return link_.pending(); }
  /// The stream has taken `n` bytes; the pace of these calls is the measure of the line.
  void sent(std::size_t n, core::MonoMs now);
  /// Call wake(now) no later than this.
  core::MonoMs deadline() const;
  /// kPeerSilent when the peer has been silent, or has brought nothing on, for too long; final as in receive(). After a failure
  /// the time for the last words is up: close, whatever pending() still holds.
  core::Result<void> wake(core::MonoMs now);
  /// Our shelf has something new (own bundles, bundles from elsewhere, a newer receipt, a new certificate): sends what concerns
  /// the peer, in the same session.
  void shelf_changed(core::MonoMs now);
  /// The stream ended at the other side. Nothing when both sides were done, else kLinkBroken.
  core::Result<void> ended();

  State state() const noexcept { return state_; }
  /// Why state() is failed.
  const std::optional<core::Error>& failure() const noexcept { return failure_; }
  /// Nothing left to do on either side, everything confirmed and written out: the owner may close, or leave the session open.
  bool idle() const noexcept { return state_ == State::idle && link_.pending().empty(); }
  /// The peer has confirmed everything that goes to it by this line.
  bool all_sent() const noexcept;
  /// We hold less than we have told the peer, because something was evicted, or the hub took its word back: it believes that this
  /// is in our hands, and will not send it again in this meeting. The owner leaves, when idle() too; at the next meeting both
  /// begin from what there is.
  bool told_too_much() const;
  /// The peer has said that it has nothing (more) for us.
  bool peer_has_nothing_for_us() const noexcept { return peer_done_ && incoming_bytes_left() == 0; }

  /// Who it is, once the handshake has shown it.
  const std::optional<core::Member>& peer() const noexcept { return link_.peer(); }
  SessionStats stats() const;
  SessionProgress progress() const;
  /// Bytes a second that the line takes, as measured; nullopt before that.
  std::optional<std::uint64_t> send_rate() const noexcept { return rate_; }

 private:
  /// A bundle on its way out in one stream.
  struct Outgoing {
    std::uint64_t ref = 0;  ///< once announced
    Header header;
    std::uint64_t offset = 0;
    bool announced = false;
    bool passes = false;  ///< it went before the one that is first in order
    std::uint64_t left() const { return header.body_size() - offset; }
  };
  /// A bundle on its way in, in one stream.
  struct Incoming {
    enum class Mood { none, taking, passing };  ///< passing: our answer is on its way, what comes is not wanted
    Mood mood = Mood::none;
    std::uint64_t ref = 0;
    core::BundleId id;
    core::Bytes header;
    std::optional<core::Hash> previous_root;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    bool resyncing = false;  ///< asked to go back; what comes from beyond is not wanted
  };
  /// How large a frame should become, may become, and what may go into it.
  struct FramePlan {
    std::size_t target = 0;
    std::size_t most = kFramePlainMax;
    core::Lane last = core::Lane::original;
  };

  Session(SessionSetup setup, Link link, core::MonoMs now);

  // session.cpp: the machine
  core::Result<void> work();
  core::Result<void> work_through();
  core::Result<void> on_payload(core::ByteView payload);
  core::Error fail(core::Error error);
  void settle();
  std::int64_t silence_ms() const;
  std::int64_t ask_after_ms() const;
  std::int64_t stall_ms() const;
  core::MonoMs greeting_end() const;
  void note_arrival(std::size_t bytes, bool frame);
  void note_gain() { last_gain_ = now_; }

  // greet.cpp: how a meeting begins, and what is kept of it
  core::Result<void> on_hello(core::ByteView payload);
  core::Result<void> take_frontier(const Hello& hello);
  core::Result<void> take_eager(core::ByteView messages);
  core::Result<void> take_messages(core::ByteView messages);
  core::Result<void> greet_if_wanted();
  core::Result<void> greet_as_caller(Hello& hello);
  core::Result<void> greet_as_answerer(Hello& hello);
  core::Result<void> learn_peer();
  core::Result<void> recall_peer();
  core::Result<Hello> make_hello();
  void note_beyond(const std::vector<BeyondGap>& runs);
  core::Result<void> tell_rest_of_frontier();
  void tell_frontier(Hello& hello);
  bool memory_holds(const core::Frontier& held) const;
  core::Result<bool> nothing_for_peer();
  void keep_memory();

  // way.cpp: to whom what is for the hub is handed
  Peer addressee() const;
  core::Result<void> note_meeting();
  core::Result<void> note_proven();
  void note_peer_holds();
  void tell_way();

  // receive.cpp: what the peer offers
  core::Result<void> on_message(const Message& message);
  void on_done();
  core::Result<void> on_receipt(const ReceiptPart& part);
  core::Result<void> on_member(core::ByteView certificate);
  core::Result<void> on_frontier(const FrontierPart& part);
  core::Result<void> on_bundle(const BundleOffer& offer);
  Shelf::Pace pace();
  core::Result<void> on_data(const DataPiece& piece);
  core::Result<void> begin_incoming(Incoming& incoming, std::uint64_t coming);
  core::Result<void> on_damage(Incoming& incoming);
  void ask_back(Incoming& incoming);
  core::Result<void> confirm_received();
  std::optional<core::MonoMs> confirm_due() const;
  void count_finished();
  void answer(const Answer& answer);
  void refuse_offer(Incoming& incoming, core::Code code);
  core::Result<void> note_direct(const core::Frontier& said);

  // show.cpp: two bundles under one number
  core::Result<void> show_other(const Header& offered);
  core::Result<std::optional<Message>> tag_for_peer() const;
  core::Result<void> say_tag();
  core::Result<void> on_tag(const std::vector<core::LogTag>& theirs);
  core::Result<void> on_show(const core::Frontier& ends);
  core::Result<void> show(const core::BundleId& id);
  void show_header(const Header& header, const core::Hash& previous);

  // confirm.cpp: what the peer answers to what we sent
  core::Result<void> on_answer(const Answer& answer);
  core::Result<void> on_accept(const Answer& answer);
  core::Result<void> on_back(const Answer& answer);
  core::Result<void> on_previous(const Answer& answer);
  core::Result<void> on_stored(const Stored& stored);
  std::optional<core::BundleId> close_reference(std::uint64_t ref);
  void peer_has(const core::BundleId& id);
  void note_refused(const core::BundleId& id, core::Code code, bool by_peer);
  void refuse_for_now(const core::LogId& log);
  void offer_refused_again();

  // let_go.cpp: what is not wanted any more
  core::Result<void> pass_what_is_held();
  std::uint64_t first_offset(const Header& header, std::uint64_t wanted) const;

  // send.cpp: what we say
  core::Result<void> pump();
  core::Result<core::Bytes> next_frame(FramePlan plan);
  core::Result<void> fill(core::Bytes& frame, const FramePlan& plan);
  core::Result<bool> add_bundle(core::Bytes& frame, const FramePlan& plan);
  core::Result<bool> add_piece(core::Bytes& frame, Outgoing& out, const FramePlan& plan);
  core::Result<void> announce(core::Bytes& frame, Outgoing& out);
  bool peer_knows(core::NodeNumber author) const;
  bool peer_may_lack_root_before(const core::BundleId& id) const;
  // choose.cpp: which bundle is next
  core::Result<void> load_offers();
  bool wanted(const core::BundleId& id) const;
  core::Result<void> offer_again(const core::BundleId& id);
  std::optional<Stream> turn_of_side(core::Lane lane, bool foreign) const;
  std::optional<Stream> turn_in(core::Lane lane) const;
  bool ready(const Stream& stream) const;
  std::uint64_t left_of_first(const Stream& stream) const;
  core::Result<void> refill(const Stream& stream);
  core::Result<std::optional<Outgoing>> open_next(const Turns::Next& next);
  void note_sent(const Stream& stream, bool passes, std::uint64_t bytes);
  void judge_originals();
  Tally originals_waiting() const;
  bool anything_waits() const;

  void say(const Message& message);
  std::optional<core::MonoMs> receipt_due() const;
  void queue_receipt();
  void merge_hub_receipt();
  std::optional<core::MonoMs> news_due() const;
  void queue_frontier_news();
  void queue_frontier(const core::Frontier& news);
  bool may_send_us(const core::LogId& log) const;
  core::Frontier frontier_for_peer() const;
  core::Frontier hub_receipt_frontier() const;
  bool ready_to_offer() const;
  bool nothing_to_send() const noexcept;
  bool waits_for_receipt() const;
  std::size_t piece_size() const noexcept;
  std::uint64_t incoming_bytes_left() const noexcept;
  bool room_ahead() const;
  void measure(std::size_t n);
  void take_sample(std::int64_t elapsed_ms);

  SessionSetup setup_;
  Link link_;
  bool calls_ = false;
  State state_ = State::greeting;
  std::optional<core::Error> failure_;

  // the peer, as far as it has told
  bool greeted_ = false;  ///< its hello has come
  bool proven_ = false;   ///< it is there now: what came is no recording
  core::Frontier peer_frontier_;
  std::vector<Partial> peer_partials_;
  bool peer_frontier_whole_ = false;
  bool peer_done_ = false;
  bool peer_left_ = false;
  ReceiptMark peer_receipt_;
  std::optional<Way> peer_way_;
  Way told_way_{};  ///< what the peer knows of ours
  std::optional<core::MonoMs> met_at_;
  core::Bytes receipt_in_;

  // out
  std::array<std::optional<Outgoing>, kStreams> outgoing_;
  std::array<std::optional<Outgoing>, kStreams> aside_;  ///< begun, and put back for a smaller one or because originals are held
  Turns turns_;
  bool offers_stale_ = true;  ///< the shelf or the peer has changed since turns_ was filled
  bool offers_more_ = false;  ///< the shelf's answer was cut at its limit: ask again after listed_
  Listed listed_;             ///< up to where the shelf has been asked
  bool originals_held_ = false;
  std::map<core::BundleId, std::uint64_t> resend_from_;  ///< asked for again, from this offset
  std::set<core::BundleId> with_previous_;               ///< asked for again with the root of the bundle before
  std::map<core::BundleId, int> resent_;
  std::map<std::uint64_t, core::BundleId> unconfirmed_;  ///< sent whole, by reference
  std::set<core::BundleId> handled_;                     ///< sent, or refused by the peer, and not covered by its frontier
  std::set<core::BundleId> peer_has_;                    ///< the peer has it, beyond a gap in its frontier
  std::optional<Header> show_later_;                     ///< refused before the peer was proven: what stands against it
  std::set<core::LogId> refused_logs_;                   ///< what follows a refused bundle would be refused too
  std::set<core::LogId> refused_for_now_;                ///< those of them whose cause may pass
  std::optional<core::MonoMs> ask_again_;                ///< when they are offered again
  std::int64_t ask_again_ms_ = kAskAgainMs;              ///< after a further refusal
  std::set<core::NodeNumber> introduced_;
  std::deque<core::Bytes> control_;  ///< encoded messages that go first
  std::uint64_t next_ref_ = 0;
  core::Frontier told_;                   ///< what the peer knows of our frontier
  std::uint64_t setbacks_told_ = 0;       ///< the shelf's, when the peer was told how far we hold everything
  std::set<core::BundleId> told_beyond_;  ///< confirmed to it, beyond a gap of told_
  core::Frontier heard_;  ///< what it has told us of its own, and nothing that we know from elsewhere: the mirror of its told_
  std::set<core::BundleId> heard_beyond_;
  bool owes_frontier_ = false;  ///< our hello said that it goes on in messages of its own
  bool news_wanted_ = false;
  std::optional<core::MonoMs> news_said_;
  std::optional<core::MonoMs> receipt_said_;
  bool done_said_ = false;

  // from meeting to meeting
  Memory memory_;  ///< as kept; `offered` goes on as we send
  Memory kept_;    ///< as it lies in the shelf
  bool recalled_ = false;
  bool shared_ = false;  ///< the peer goes on from the same memory (caller: named, and not denied)

  // in
  std::array<Incoming, kStreams> incoming_;
  std::uint64_t next_ref_in_ = 0;
  std::vector<std::pair<std::uint64_t, core::BundleId>> finished_;  ///< whole, not durable yet
  std::map<core::BundleId, int> damaged_;
  std::set<core::BundleId> await_receipt_;  ///< at the hub: taken in, and not in its receipt yet
  core::MonoMs await_receipt_since_;

  // time
  core::MonoMs now_;
  core::MonoMs begun_;
  std::optional<core::MonoMs> paced_at_;      ///< when the shelf was last asked to sync, by the size of what came too
  std::optional<core::MonoMs> confirmed_at_;  ///< when it last was for what had become whole
  core::MonoMs last_in_;                      ///< last sign of life
  core::MonoMs last_gain_;                    ///< last step towards the end of this meeting
  core::MonoMs failed_at_;
  std::size_t arrived_ = 0;  ///< bytes since last_in_
  bool ping_out_ = false;
  std::int64_t longest_gap_ms_ = 0;         ///< between two signs of life
  std::optional<core::MonoMs> busy_since_;  ///< there has been something to write since then
  std::optional<core::MonoMs> taken_at_;    ///< the stream last took something of it
  std::optional<core::MonoMs> sample_since_;
  std::uint64_t sample_bytes_ = 0;
  std::uint64_t flowed_ = 0;                  ///< bytes that the stream has taken
  std::uint64_t content_end_ = 0;             ///< bytes that we have made up to the last frame that brings something on
  std::optional<std::uint64_t> rate_;         ///< bytes a second
  std::optional<std::uint64_t> steady_rate_;  ///< over the last half minute, outages included

  SessionStats stats_;
  std::uint64_t body_sent_ = 0;
  std::uint64_t body_received_ = 0;
};

}  // namespace satchel::protocol
