#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/campaign/student.h"
#include "core/crypto/campaign_secrets.h"
#include "core/crypto/identity.h"
#include "core/record/entry.h"
#include "core/record/facts.h"
#include "core/record/high_water.h"
#include "core/store/store.h"
#include "node/blobs.h"
#include "node/digest.h"
#include "node/log.h"
#include "node/surroundings.h"
#include "node/tally.h"
#include "node/witness.h"
#include "protocol/bundle/payload.h"
#include "protocol/shelf/shelf.h"

namespace satchel::node {

/// What the ledger stands on; everything borrowed, everything outlives it.
struct LedgerBase {
  const Surroundings& surroundings;
  core::Store& store;
  protocol::Shelf& shelf;
  core::Membership& membership;
  const core::Identity& identity;
  const core::CampaignSecrets& secrets;
  core::HighWater& high_water;
  core::NodeNumber self;
  const Log& log;
};

/// A record as it stands in the database.
struct StoredRecord {
  core::Entry entry;
  core::RecordId id;
  std::optional<core::Signature> signature;  ///< our own: always; others': on the last of each run
  bool struck = false;  ///< a purge has struck a person out of the body: the id is of what stood there before
};

/// The node's book of statements: writes our own, takes in those of others, and folds both into each student's state. Each change
/// is one synced batch: records, the bundles that carry them, blobs and the folded states become durable together or not at all.
class Ledger {
 public:
  /// The end of a log of records, as far as any is held.
  struct Chain {
    core::Seq last;
    core::RecordId id;
  };
  explicit Ledger(const LedgerBase& base)
      : base_(base), blobs_(base.store, base.shelf, base.identity.store_key.view(), base.surroundings.rng) {}

  /// Facts and blobs that are to become durable in one step. Dropping it without commit() changes nothing.
  class Turn {
   public:
    /// States `fact` for `audience`; at commit() it is sealed, with the other facts of the same audience and lane, into one
    /// bundle.
    core::Result<core::RecordId> state(core::Audience audience, core::Lane lane, const core::Fact& fact);
    /// Keeps `bytes` here, and sends them nowhere.
    core::Result<core::Hash> keep(core::ByteView bytes);
    /// Keeps `picture` here and sends it to the hub in a bundle of its own, in the smaller of its forms. Gives that bundle, so
    /// that a submission can name it (core/record/facts.h, BundleMark).
    core::Result<core::BundleMark> send(core::ByteView picture, core::Lane lane);
    /// Whatever this turn seals from here on goes before the rest of its lane, on every carrier; that it does is seen by all who
    /// carry it.
    void make_urgent(bool urgent = true) { urgent_ = urgent; }
    /// Puts a row of the caller's into the same batch.
    core::WriteBatch& batch() { return batch_; }
    /// Synced to disk when it returns without error.
    core::Result<void> commit();

   private:
    friend class Ledger;
    struct Touched {
      std::vector<core::Record> fresh;
      bool anew = false;  ///< what counts of the records that lie here has changed: all are folded again
    };
    explicit Turn(Ledger& ledger) : ledger_(ledger), stage_(ledger.base_.shelf.stage()) {}
    core::Result<Chain> head(const core::LogId& log);
    core::Result<core::RecordId> append_own(const core::LogId& log, core::Bytes body, const core::Fact& fact);
    struct Sealed {
      core::BundleId id;
      core::Hash root;
    };
    core::Result<Sealed> seal(const core::LogId& log, core::ByteView payload, protocol::ChunkSize chunk_size);
    core::Result<void> put_record(const StoredRecord& record, const core::Bytes& key, const core::BundleId& carrier);
    core::Result<void> note_fact(const core::RecordId& id, core::NodeNumber author, const core::LogId& log, core::Seq seq,
                                 core::Fact fact);
    core::Result<void> note_campaign_fact(const core::RecordId& id, const core::Fact& fact);
    core::Result<void> take_run(const core::Run& run, const core::BundleId& carrier);
    core::Result<void> take_again(const core::Run& run, const core::BundleId& carrier);
    /// How a blob came.
    struct Way {
      core::BundleId carrier;
      std::uint64_t offset = 0;    ///< of the form in which it came, in the payload
      bool plain = false;          ///< it came as it is
      bool alone = false;          ///< nothing else is in the bundle
      core::ByteView content_key;  ///< of the bundle
    };
    core::Result<void> take_blob(core::ByteView blob, const Way& way);
    core::Result<std::optional<Blobs::Index>> blob_here(const core::Hash& hash) const;
    core::Result<void> say_again(const core::Run& run);
    /// The student whose picture this is gets a new digest.
    core::Result<void> touch_picture(const core::Hash& hash);
    core::Result<void> touch_untrusted();
    /// A record that is here already counts anew when it comes from a revoked node's bundle that a person released.
    core::Result<void> touch_released(const core::Bytes& body, core::NodeNumber author);
    core::Result<void> seal_runs();
    core::Result<void> seal_run(core::LogId log);
    core::Result<core::Hash> put_blob(core::ByteView blob, const std::optional<core::BundleId>& carrier);
    core::LogId log_to_hub(core::Lane lane) const;
    core::Result<void> let_go_of(const core::StudentState& state);
    core::Result<void> destroy_pictures(const core::StudentState& state);
    core::Result<void> fold_touched();
    core::Result<void> fold_one(core::StudentRef student, Touched& touched);
    core::Result<void> put_digest(const core::StudentState& state);

    Ledger& ledger_;
    core::WriteBatch batch_;
    protocol::Shelf::OwnStage stage_;
    std::map<core::LogId, Chain> heads_;
    std::map<core::LogId, core::Run> runs_;  ///< own, not sealed yet
    std::map<core::StudentRef, Touched> touched_;
    std::map<core::RecordId, core::BundleId> carriers_;
    std::map<core::Hash, Blobs::Index> blobs_;
    std::map<core::Hash, core::StudentRef> pictures_;
    bool urgent_ = false;
    TallyChanges tallies_;
    std::vector<Folded> seen_;                     ///< for a witness
    std::size_t again_ = 0;                        ///< records that were here already
    bool let_go_ = false;                          ///< the batch says that a body is not wanted any more
    std::vector<core::BundleId> unwanted_bodies_;  ///< of what was destroyed, or lies here already: dropped after the commit
    std::vector<core::Member> new_members_;
    std::vector<core::Revocation> revocations_;
  };
  Turn turn() { return Turn{*this}; }
  /// The number of a new word of the hub's about one thing, where `next` is one above the largest that it remembers: a hub whose
  /// database was set back does not know how far it had counted. At a site `next` itself.
  std::uint64_t number(std::uint64_t next) const { return base_.self == core::kHubNumber ? base_.high_water.number(next) : next; }
  /// Told of every change from here on; nullptr: nobody. Borrowed.
  void set_witness(Witness* witness) { witness_ = witness; }

  struct Opened {
    std::size_t bundles = 0;
    std::size_t quarantined = 0;
  };
  /// Opens what lies in the shelf's inbox. A bundle that is not what it should be is quarantined with its cause, and the next one
  /// has its turn. At the hub, signs a new receipt when there is something new to say.
  core::Result<Opened> open_inbox();
  /// At the hub: states what it has. No effect when nothing changed, or elsewhere.
  core::Result<bool> issue_receipt();
  /// Takes as proven, in the counts (tally.h), what the receipt says. After a new one came in; no effect when nothing is open.
  core::Result<void> settle_proven();
  /// Says again, in the present life, what a forsaken one holds and the hub is not proven to have: the same records under the
  /// same ids, the same pictures, in new bundles. Step by step, each synced; goes on after a kill; no effect when nothing is due.
  /// The present life must not be forsaken itself. Gives how many records and pictures it was.
  core::Result<std::size_t> reissue();
  /// Sets aside what lies here above the positions of revocations, and folds its students anew without it. No effect when no
  /// revocation came since. Gives how many bundles it was.
  core::Result<std::size_t> set_aside_untrusted();
  /// Carries out what purges the hub has ordered since: the bodies of bundles with the pictures go, persons are struck out of
  /// roster rows, the file system gets the room back, and then it is certified by a record. Goes on after a kill; no effect when
  /// nothing is due. Gives how many students it was.
  core::Result<std::size_t> carry_out_purges();
  /// What lies here of a student's pictures and roster rows, and would go by a purge of this scope.
  struct Holding {
    std::size_t pictures = 0;
    std::uint64_t bytes = 0;
    std::size_t rows = 0;
  };
  core::Result<Holding> held_of(const core::StudentState& state, core::PurgeScope scope) const;
  /// What a bundle for us holds, for a person to look at; nothing is taken in.
  core::Result<protocol::Payload> look_into(const core::BundleId& id) const;
  /// Lets go what is in the shelf: raises the high water. Call before anything is offered to anybody.
  core::Result<void> release();

  /// Whether the bundle that carries this record of ours may have been handed to anybody. kStoreDamaged when none is named.
  core::Result<bool> has_left(const core::RecordId& id) const;

  core::Result<std::optional<core::StudentState>> student(core::StudentRef ref) const;
  /// All verified records about a student.
  core::Result<std::vector<core::Record>> records_of(core::StudentRef ref) const;
  Blobs& blobs() { return blobs_; }
  const Blobs& blobs() const { return blobs_; }

  struct VerifyReport {
    std::size_t records = 0;
    std::size_t unreadable = 0;  ///< written by a newer version: kept, not folded
    std::size_t struck = 0;      ///< a purge has struck a person out: the body cannot be compared with the id any more
  };
  /// Walks every record: chain, ids, signatures.
  core::Result<VerifyReport> verify(const std::function<void(const std::string& where, const core::Error&)>& fault) const;

 private:
  core::Result<bool> issue_new_receipt();
  std::uint64_t step();
  struct Opening {
    core::SecretBytes content_key;
    core::Bytes payload;
  };
  core::Result<Opening> unseal(const core::BundleId& id) const;
  core::Result<void> open_one(Turn& turn, const core::BundleId& id);
  core::Result<std::optional<core::Bytes>> body_at(core::ByteView key) const;
  core::Result<std::optional<core::BundleId>> carrier_of(const core::RecordId& id) const;
  core::Result<bool> counts(const core::RecordId& id, core::NodeNumber author) const;
  core::Result<bool> knows(const core::RecordId& id) const;
  core::Result<StoredRecord> record_at(const core::RecordId& id, const core::BundleId& place) const;
  core::Result<bool> destroyed(const core::Hash& picture) const;
  core::Result<std::size_t> strike_out(core::WriteBatch& batch, core::StudentRef student);
  core::Result<void> certify(Turn& turn, const core::StudentState& state, std::size_t rows);
  core::Result<bool> was_urgent(const core::BundleId& carrier) const;
  core::Result<std::size_t> reissue_records();
  core::Result<std::size_t> reissue_blobs();

  LedgerBase base_;
  Blobs blobs_;
  Witness* witness_ = nullptr;
  bool unsettled_ = true;                ///< something in the counts may be waiting for a receipt
  std::map<core::LogId, Chain> heads_;   ///< committed; those of which a turn has asked
  bool leapt_ = false;                   ///< the first receipt since the start has been made
  std::optional<std::uint64_t> stated_;  ///< Shelf::changes() when the last receipt was made
};

/// The row form of a record: id ‖ flags (1 has a signature, 2 struck out) ‖ [signature] ‖ sealed body. The body is sealed with
/// the store key, bound to `key`.
core::Bytes encode_record_row(const StoredRecord& record, core::ByteView key, core::ByteView store_key, core::Rng& rng);
/// `key` is the row's key, from which log and seq are read; `previous` of the entry is left zero. kStoreDamaged.
core::Result<StoredRecord> decode_record_row(core::ByteView key, core::ByteView value, core::ByteView store_key);
/// Rows of records that were said again (core/store/keys.h): as above, and before the sealed body log, seq and previous id.
core::Bytes encode_said_again_row(const StoredRecord& record, core::ByteView key, core::ByteView store_key, core::Rng& rng);
core::Result<StoredRecord> decode_said_again_row(core::ByteView key, core::ByteView value, core::ByteView store_key);

}  // namespace satchel::node
