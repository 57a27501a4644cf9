#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/crypto/membership.h"
#include "core/record/facts.h"
#include "core/record/frontier.h"
#include "core/record/log_tag.h"
#include "core/record/receipts.h"
#include "core/store/store.h"
#include "protocol/bundle/bundle.h"
#include "protocol/shelf/arriving.h"
#include "protocol/shelf/fresh.h"
#include "protocol/shelf/log_row.h"
#include "protocol/shelf/own_lives.h"
#include "protocol/shelf/routing.h"
#include "protocol/shelf/rows.h"
#include "protocol/shelf/values.h"

namespace satchel::protocol {

/// The durable store of bundles: the same at a site, the hub and a relay. It decides what is taken in, knows how far each log
/// reaches, what a peer lacks, and what a receipt frees. One thread at a time; no clock, no randomness.
///
/// Nothing that arrived may be reported to a peer, and no receipt may be signed, before flush() has returned.
class Shelf {
 public:
  /// `self` and `role` say what is own, what is for us, and what is foreign. `store` and `membership` are borrowed for the
  /// shelf's life; certificates added to `membership` later count at once. Reads one row a log: fast with any number of bundles.
  /// kStoreDamaged, kStoreIo.
  static core::Result<std::unique_ptr<Shelf>> open(core::Store& store, const core::Membership& membership, core::NodeNumber self,
                                                   core::Role role, const ShelfLimits& limits);

  // --- own bundles

  /// Own bundles on their way into a caller's batch, so that records and the bundle that carries them become durable together.
  /// Use: next(), seal_bundle(), add(), …, store.commit(batch, synced), then shelf.accept(stage). Drop it when the commit fails.
  class OwnStage {
   public:
    struct Place {
      core::Seq seq;
      core::Hash previous_root;
    };
    /// Where the next bundle of `log` goes, counting what this stage holds. `log.author.node` must be our own number.
    core::Result<Place> next(const core::LogId& log);
    /// Writes the rows of `sealed` into `batch`. `sealed` must stand at next() of its log.
    core::Result<void> add(core::WriteBatch& batch, const SealedBundle& sealed);

   private:
    friend class Shelf;
    explicit OwnStage(const Shelf& shelf) : shelf_(&shelf) {}
    const Shelf* shelf_;
    std::map<core::LogId, LogRow> rows_;
    std::uint64_t arrivals_ = 0;
  };
  OwnStage stage() const { return OwnStage{*this}; }
  /// The batch of `stage` has been committed, synced. Exactly one stage may be open between two accept() calls.
  void accept(OwnStage stage);
  /// How far each of our own logs reaches in this database, in every incarnation: for HighWater. Raise the high water before
  /// anything of it is offered.
  std::map<core::LogId, core::Seq> own_reach() const;
  /// Logs of ours of which somebody showed us what this database does not hold, validly signed: more than we wrote, or another
  /// bundle under one of our numbers. The database is older than what has left this machine, or there are two of it, and a new
  /// incarnation is due. Grows only, and outlives a restart.
  const std::map<core::LogId, core::Seq>& own_seen_beyond() const { return own_beyond_; }
  /// How often since the start somebody showed us more of it.
  std::uint64_t beyond_news() const { return beyond_news_; }
  /// The hub refuses `id`, our own, because it holds another bundle under that number. A life of which this is shown for a number
  /// that we have used is forsaken; also when `parted`: what came before `id` is not what we wrote there.
  core::Result<void> note_beyond(const core::BundleId& id, bool parted = false);
  /// Another machine writes under the numbers of this life of ours (a cloned disk): a receipt's tag, a refusal or a header has
  /// shown it. stage() takes nothing for it, and offers_for() leaves it out.
  bool forsaken(core::Incarnation life) const { return lives_.forsaken.contains(life); }
  /// Ends a life of ours for another reason: at the hub, a receipt that it does not remember. Durable when it returns.
  core::Result<void> forsake(core::Incarnation life);
  /// Own bundle of a forsaken life that is not proven to be at the hub: what it carries must be said again.
  bool unproven(const core::BundleId& id) const;
  /// Something unproven() is still to be said again. Outlives a restart; until end_reissue() it counts as waiting.
  bool reissue_due() const { return lives_.due; }
  /// All that was unproven() is carried by bundles of the present life, durably: frees the bodies of the forsaken ones.
  core::Result<void> end_reissue();

  // --- taking in

  /// A peer offers the bundle with this header. `previous_root` may be left out when the receiver can know it (it holds the
  /// bundle before). The author's signature is verified before a byte is stored. Errors are faults of our store only.
  /// Refusals: kMalformed, kVersionUnknown, kLimitExceeded, kPeerNotEnrolled (author unknown), kRevoked, kSignatureBad, kQuota,
  /// kEquivocation (both headers are kept as proof; the bundle that came first stays).
  core::Result<Begin> begin(core::ByteView header_bytes, const std::optional<core::Hash>& previous_root);
  /// How much of what arrived a power cut may cost before flush(): kUnsyncedMax, or kUnsyncedFastMax.
  enum class Pace { line, fast };
  /// Body bytes from `offset` on, after begin() said take. Bytes that are here already are passed over; bytes beyond the wanted
  /// offset change nothing (see Progress::offset). Survives a kill when it returns, except, at Pace::fast, what of an unfinished
  /// body waits in memory (kWaitingMax); and a power cut after flush(), or after as many further bytes as `pace` says.
  core::Result<Progress> append(const core::BundleId& id, std::uint64_t offset, core::ByteView bytes, Pace pace = Pace::line);
  /// As append(), and finish() when that made the body whole, in one step: Progress::whole then says that it counts.
  core::Result<Progress> take(const core::BundleId& id, std::uint64_t offset, core::ByteView bytes, Pace pace);
  /// The body is whole: the bundle counts from now on, and stands in the inbox when it is for us. Idempotent. kMalformed when
  /// bytes are missing.
  core::Result<void> finish(const core::BundleId& id);
  /// Gives up a partial and frees its bytes.
  core::Result<void> abandon(const core::BundleId& id);
  /// Everything before it is durable when it returns; no write when it is already.
  core::Result<void> flush();
  /// By the node, now and then: how much the disk has left. Unlimited until told.
  void set_free_disk(std::uint64_t bytes) { free_disk_ = bytes; }
  /// After set_free_disk(): gives up what lies here for others, the least urgent first, until the disk has what it must have or
  /// nothing but control is left of it. Never anything of our own or for us. Bytes given up.
  core::Result<std::uint64_t> relieve();
  /// When there is nothing else to do: gives the file system back what was freed, if it is much. May take as long as it takes to
  /// copy what is still here.
  core::Result<void> tidy();

  // --- what we hold

  /// For each log, up to where this node needs nothing more: what it holds without gaps, on top of what the hub's receipt
  /// (uplink) or the addressee's own word (downlink) covers, so that a relay which evicted does not ask again.
  core::Frontier frontier() const;
  std::vector<Partial> partials() const;
  /// What frontier() leaves out: bundles that are whole here although one before them is missing. Urgent and small ones travel
  /// before the others of their log. By log and seq; at most kBeyondMax bundles and kBeyondRunsMax runs.
  core::Result<std::vector<BeyondGap>> beyond_gaps() const;
  core::Result<std::optional<Header>> header(const core::BundleId& id) const;
  core::Result<std::optional<core::Hash>> previous_root(const core::BundleId& id) const;
  struct Against {
    Header header;
    core::Hash previous;  ///< the root that its author signed as the one before it
  };
  /// How what stands here at these places reads. nullopt when something of it is not here.
  core::Result<std::optional<core::LogTag>> tag_of(const core::Frontier& places) const;
  /// How far this database says that we wrote a log of ours.
  core::Seq written(const core::LogId& log) const { return log_row(log).contiguous; }
  /// All of one own life: it is known already that others hold something else of it, or more, than we wrote.
  bool knows_other(const core::Frontier& life) const;
  /// What we hold that cannot stand beside `refused`, of which begin() said kEquivocation: whole or in part in its place, or
  /// whole in a neighbouring one. With its signature proof for the author. nullopt when it has gone meanwhile.
  core::Result<std::optional<Against>> standing_against(const Header& refused) const;
  /// Up to `n` bytes of the body of a complete bundle; fewer only at its end. kPictureNotHere when the bundle or its body is not
  /// here any more.
  core::Result<core::Bytes> read(const core::BundleId& id, std::uint64_t offset, std::size_t n) const;
  core::Result<core::Bytes> read_body(const core::BundleId& id) const;
  struct Held {
    Header header;
    core::Bytes body;
    bool proven = false;  ///< since it was hashed on arrival, the body has lain in memory only
  };
  /// A complete bundle to be opened. kStoreDamaged when it is not here at all, else errors as read().
  core::Result<Held> take_out(const core::BundleId& id);
  /// The same of one that was opened before, from the store.
  core::Result<Held> body_of(const core::BundleId& id) const;
  bool for_us(const core::LogId& log) const;
  bool own(const core::LogId& log) const { return log.author.node == self_; }

  /// What to send to `peer`, beyond what `before` says was listed already: by lane; what the peer holds a part of; urgent ones;
  /// own before foreign; log by log, by seq. In which order they go is the session's decision. What the hub or the addressee has
  /// said it holds goes to nobody else. News for one node goes to that node or to a node of role relay. At most kOffersMax: ask
  /// again for those behind.
  core::Result<std::vector<Offer>> waiting_for(const Peer& peer, const core::Frontier& peer_frontier,
                                               std::span<const Partial> peer_partials, const Listed& before) const;
  /// The first page of it: by lane, urgent ones first.
  core::Result<std::vector<core::BundleId>> offers_for(const Peer& peer, const core::Frontier& peer_frontier,
                                                       std::span<const Partial> peer_partials) const;

  // --- the way to the hub (routing.h)

  /// What to say of ourselves.
  Way way() const;
  /// What `node` said of itself when we met it last.
  Way last_way_of(core::NodeNumber node) const;
  /// A meeting with `peer`, who has proven to be there. `same_receipt`: both have the same. Meetings within kMeetingApartMs of
  /// this process count as one.
  core::Result<void> met(const Peer& peer, bool same_receipt, core::MonoMs now);
  /// `peer` has brought a receipt newer than ours.
  core::Result<void> heard_from(const Peer& peer);
  /// What `peer` says it holds, in parts, after forget_holds(); and what it has confirmed since, which its frontier may leave
  /// out. In memory until keep_neighbour().
  void forget_holds(core::NodeNumber peer);
  void note_holds(core::NodeNumber peer, const core::Frontier& told);
  void note_handed(core::NodeNumber peer, const core::BundleId& id);
  /// `peer` has brought us a bundle of that author: what is for the author may go back by it.
  void note_brought(core::NodeNumber peer, core::NodeNumber author);
  /// Something of that log, which is for another node, lies here or has lain here.
  bool has_carried(const core::LogId& log) const { return log_row(log).highest.value > 0; }
  core::Result<void> keep_neighbour(core::NodeNumber peer);

  /// Everything for a peer of which nothing is known: offers_for() without its bound, for files and sticks.
  core::Result<std::vector<core::BundleId>> all_offers_for(const Peer& peer) const;

  // --- receipts

  /// Takes a verified receipt if it is newer than what we have; true when it was. Frees foreign bundles that the hub has
  /// stored. Our own stay until drop_body(): a hub that is set back to an older copy of itself asks for them again.
  /// `also`: rows of the caller's that become durable with it.
  core::Result<bool> set_receipt(const core::Receipt& receipt, core::WriteBatch also = {});
  /// A verified receipt that a peer or a stick brought. As set_receipt(), except at the hub, which knows better than any copy of
  /// its own word: there one that it has not issued, as far as it remembers, is only noted (outrun()). True when it was news.
  core::Result<bool> hear_receipt(const core::Receipt& receipt);
  /// At the hub: the newest receipt, validly signed by its own key, that it has forgotten or that a copy of it has issued. Its
  /// next receipt must be of a larger epoch. Outlives a restart.
  const std::optional<ForeignReceipt>& outrun() const { return outrun_; }
  const std::optional<core::Receipt>& receipt() const { return receipt_; }
  /// How far the hub has a log that is not for us. Of our own logs only what the receipt's tag proves to be about what we wrote:
  /// what may be shown as being at the hub, and no more.
  core::Reached proven(const core::LogId& log) const;
  /// receipt() with our own logs as in proven().
  std::optional<core::Receipt> proven_receipt() const;
  /// Node `n` itself has said (in a session, or signed on a stick) how far it has the logs that are addressed to it. Only grows.
  core::Result<void> set_direct(core::NodeNumber n, const core::Frontier& frontier);
  /// At the hub: what the next receipt may say of every uplink log. Flushes first. Quarantined counts as opened.
  core::Result<core::HubReach> reached();
  /// Grows with whatever may change what reached() says.
  std::uint64_t changes() const { return changes_; }
  /// How often since the start a log of others has come to reach less far than it did: a bundle of it was evicted, or the hub
  /// took back its word for what was freed; by log, which of them was its last.
  std::uint64_t setbacks() const { return setbacks_; }
  const std::map<core::LogId, std::uint64_t>& set_back() const { return set_back_; }
  /// Frees the body of a bundle that is complete; its header stays as evidence. No effect when it is gone already.
  core::Result<void> drop_body(const core::BundleId& id);

  // --- what nobody wants any more

  /// The body of the bundle of `author` with this mark is not wanted: its picture was rejected or superseded. Writes into the
  /// caller's batch, so that it becomes durable with the verdict; when that is committed, call settle_let_go().
  void let_go(core::WriteBatch& batch, core::NodeNumber author, core::BundleMark mark) const;
  /// Frees what has come of such bodies. From now on the header alone is taken in: begin() says have, the bundle counts as held,
  /// a receipt covers it, and there is nothing to open. What is complete already stays.
  core::Result<void> settle_let_go();
  bool unwanted(const Header& header) const;

  /// Own bundles, by lane, of which the hub (or, at the hub, the addressee) has not said that it holds them.
  core::Result<LaneTally> waiting() const;
  /// What lies here for others, by lane.
  LaneTally carried() const;

  // --- opening

  /// Complete bundles for us that are not opened yet: by lane, then in order of arrival.
  core::Result<std::vector<core::BundleId>> inbox();
  /// Both write into the caller's batch, so that what was read from the bundle becomes durable in the same step.
  void mark_opened(core::WriteBatch& batch, const core::BundleId& id);
  void quarantine(core::WriteBatch& batch, const core::BundleId& id, core::Code code);
  core::Result<std::vector<Quarantined>> quarantined() const;
  /// True for what the author's certificate, and no revocation, stands for; and for what a person has released.
  core::Result<bool> vouched(const core::BundleId& id) const;
  /// Complete bundles for us that nobody vouches for and that are not in quarantine yet.
  core::Result<std::vector<core::BundleId>> untrusted() const;
  /// A person has looked at it: it leaves quarantine, is vouched for, and stands in the inbox again. kMalformed when it is not in
  /// quarantine.
  core::Result<void> release(core::WriteBatch& batch, const core::BundleId& id);
  core::Result<std::vector<Equivocation>> equivocations() const;

  /// Walks everything: signatures, chains, chunk hashes. `report` is called for each fault; the walk goes on.
  core::Result<VerifyReport> verify(const std::function<void(const core::BundleId&, const core::Error&)>& report) const;

  /// What sessions remember of that node (protocol/session/memory.h), and keep of it. It only saves bytes: not synced.
  core::Result<std::optional<core::Bytes>> recall(core::NodeNumber node) const;
  core::Result<void> remember(core::NodeNumber node, const core::Bytes& memory);

  /// What was taken in wholly from sticks, so that an unchanged one is recognised: a hash, and what it must still stand for.
  core::Result<bool> stick_seen(const core::Hash& what, const core::Hash& shape) const;
  core::Result<void> remember_stick(const core::Hash& what, const core::Hash& shape);

  const core::Membership& membership() const { return *membership_; }
  core::NodeNumber self() const { return self_; }
  core::Role role() const { return role_; }

 private:
  Shelf(core::Store& store, const core::Membership& membership, core::NodeNumber self, core::Role role,
        const ShelfLimits& limits);
  core::Result<void> load();
  core::Result<void> load_receipt();
  core::Result<void> load_partials();
  core::Result<void> load_beyond();
  core::Result<void> load_lives();
  core::Result<void> load_outrun();
  core::Result<bool> fits_own(const core::Receipt& receipt, const core::Author& life) const;
  core::Result<OwnLives> judge_own(const core::Receipt& receipt) const;
  core::Result<void> commit(const core::WriteBatch& batch, core::Durability durability);

  core::Result<std::optional<HeaderRow>> row(const core::BundleId& id) const;
  LogRow log_row(const core::LogId& log) const;
  /// What the hub or the addressee has said it holds of a log that is not for us; 0 for others.
  core::Seq covered(const core::LogId& log) const;
  /// It has arrived where it should, and goes to nobody else.
  bool for_us_alone(const core::LogId& log) const { return for_us(log) && log.audience != core::kEveryone; }
  /// What may be left out when sending to `peer`.
  core::Seq settled(const core::LogId& log, const Peer& peer) const;
  bool sendable(const core::LogId& log, const Peer& peer) const;
  Handing handing(const core::LogId& log, const Peer& peer) const;
  bool on_the_way(const core::LogId& log, const Peer& peer) const;
  bool brings(core::NodeNumber peer, core::NodeNumber author) const;
  static core::Result<std::optional<Offer>> offer_from(const core::BundleId& id, core::ByteView header_row);
  core::Result<void> list_log(const core::LogId& log, core::Seq after, const Handing& handing,
                              const std::set<core::BundleId>& listed, std::vector<Offer>& out) const;
  core::Result<void> list_urgent(const core::LogId& log, core::Seq after, const Handing& handing,
                                 const std::set<core::BundleId>& listed, std::vector<Offer>& out) const;
  core::Result<void> list_begun(std::span<const Partial> partials, core::Lane lane, const Peer& peer,
                                const core::Frontier& peer_frontier, std::set<core::BundleId>& listed,
                                std::vector<Offer>& out) const;

  // intake
  core::Result<std::optional<core::Hash>> known_root(const core::LogId& log, core::Seq seq) const;
  core::Result<std::optional<Begin>> check_known(const Header& header);
  core::Result<std::optional<Begin>> check_signature(const Header& header, const std::optional<core::Hash>& claimed,
                                                     core::Hash& previous);
  core::Result<bool> fits_neighbours(const Header& header, const core::Hash& previous) const;
  core::Result<void> keep_proof(const core::BundleId& at, core::ByteView kept, core::ByteView other);
  core::Result<Begin> equivocation(const Header& header);
  core::Result<void> reload(Arriving& arriving);
  std::pair<std::uint64_t, core::ByteView> in_memory(const Arriving& arriving) const;
  void put_waiting(core::WriteBatch& batch, Arriving& arriving, std::uint64_t end);
  /// What happens to the piece that makes a body whole: `hold` leaves it to finish(), which the caller calls at once.
  enum class Last { store, hold };
  core::Result<void> store_piece(Arriving& arriving, core::ByteView piece, Pace pace, Last last);
  core::Result<void> keep_begun();
  core::Result<Progress> add(const core::BundleId& id, std::uint64_t offset, core::ByteView bytes, Pace pace, Last last);
  core::Result<void> put_complete(core::WriteBatch& batch, const Arriving& arriving, LogRow& log);
  core::Result<void> walk_on(const core::LogId& log, LogRow& row) const;

  // inbox
  core::Result<void> load_inbox();
  core::Result<void> settle_marked();
  // routing
  core::Result<void> load_routing();
  core::Result<void> set_standing(const Standing& next);

  // let_go
  core::Result<void> load_let_go();
  core::Result<void> keep_header(const Header& header, const core::Hash& previous);

  // quota
  struct Usage;
  struct Victim {
    core::BundleId id;
    std::uint64_t bytes = 0;
    std::uint32_t copies = 0;  ///< others that are known to hold it
    std::uint64_t arrival = 0;
    bool partial = false;
  };
  Usage usage_with(const Header& header) const;
  std::uint64_t disk_wanted(const Header& header, std::uint64_t arriving) const;
  std::optional<core::Error> over_quota(const Header& header) const;
  core::Result<bool> make_room(const Header& header);
  core::Result<std::vector<Victim>> victims_for(std::uint64_t bytes, core::Lane above) const;
  core::Result<void> list_victims(const core::LogId& log, std::vector<Victim>& out) const;
  core::Result<void> evict(const std::vector<Victim>& victims);
  core::Result<void> evict_bundle(const core::BundleId& id);
  std::uint8_t full_lanes() const;
  void note_lacked(core::Lane lane, std::uint64_t bytes);

  // coverage
  core::Result<void> abandon_covered();
  core::Result<void> free_covered(const core::LogId& log);
  core::Result<void> free_covered(const std::vector<core::LogId>& logs);
  core::Result<void> free_left_behind();
  core::Result<void> recount(const core::LogId& log, LogRow& row) const;
  core::Result<void> settle_rows(core::WriteBatch& batch, const std::vector<core::LogId>& changed);

  core::Store* store_;
  const core::Membership* membership_;
  core::NodeNumber self_;
  core::Role role_;
  ShelfLimits limits_;
  std::uint64_t free_disk_ = ~0ULL;
  std::map<core::LogId, LogRow> logs_;
  std::map<core::BundleId, Arriving> arriving_;
  FreshBodies fresh_{kFreshMax};
  /// The inbox as the store has it, with the order of arrival, and those of which a caller's batch may have changed that. Kept,
  /// because a scan over what was opened walks over all the removed rows that the store has not tidied away yet.
  std::map<core::BundleId, std::uint64_t> inbox_;
  std::set<core::BundleId> marked_;
  std::map<core::LogId, core::Seq> own_beyond_;
  std::set<std::pair<core::NodeNumber, core::BundleMark>> let_go_;
  std::uint64_t beyond_news_ = 0;
  OwnLives lives_;
  std::optional<ForeignReceipt> outrun_;
  std::optional<core::Receipt> receipt_;
  std::map<core::NodeNumber, core::Frontier> direct_;
  Standing standing_;
  std::map<core::NodeNumber, Neighbour> neighbours_;
  std::map<core::NodeNumber, core::Bytes> kept_neighbours_;  ///< as they lie in the store
  std::map<core::NodeNumber, core::MonoMs> met_at_;          ///< in this process
  std::uint64_t arrivals_ = 0;
  std::uint64_t changes_ = 0;
  std::uint64_t setbacks_ = 0;
  std::map<core::LogId, std::uint64_t> set_back_;
  std::uint64_t unsynced_bytes_ = 0;
  std::array<std::uint64_t, 4> lacked_{};  ///< by lane: the least for which there was no room, since the start
  std::uint64_t freed_bytes_ = 0;          ///< of bodies, since tidy()
  bool dirty_ = false;
  bool tidied_ = false;  ///< what a power cut or a full disk kept from being freed has been looked for
};

}  // namespace satchel::protocol
