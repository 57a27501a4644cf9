#include "node/ledger.h"

#include <algorithm>

#include "core/campaign/disputes.h"
#include "core/crypto/box.h"
#include "core/store/keys.h"
#include "node/anchors.h"
#include "node/foreign_match.h"
#include "node/meta.h"
#include "node/near_pictures.h"
#include "node/places.h"
#include "node/purging.h"
#include "node/visitors.h"
#include "protocol/body/body.h"
#include "protocol/bundle/payload.h"

namespace satchel::node {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Fact;
using core::Hash;
using core::LogId;
using core::RecordId;
using core::Result;
using core::Seq;
namespace keys = core::keys;

namespace {

/// The first and the current picture of a student are a few; what one bundle of roster rows holds keeps a frame of a slow line
/// small.
constexpr std::size_t kRunMax = 500;

}  // namespace

Result<Ledger::Chain> Ledger::Turn::head(const LogId& log) {
  if (const auto known = heads_.find(log); known != heads_.end()) return known->second;
  if (const auto known = ledger_.heads_.find(log); known != ledger_.heads_.end()) return known->second;
  Chain chain;
  std::optional<Error> trouble;
  SATCHEL_TRY(ledger_.base_.store.scan_back(keys::log(keys::kRecord, log), [&](ByteView key, ByteView value) {
    const auto place = keys::parse_at(key);
    const auto id = value.size() >= RecordId::kSize ? RecordId::from(value.first(RecordId::kSize)) : std::nullopt;
    if (!place || !id) {
      trouble = Error{Code::kStoreDamaged, "record row"};
    } else {
      chain = {place->seq, *id};
    }
    return false;
  }));
  if (trouble) return *trouble;
  heads_[log] = chain;
  return chain;
}

Result<RecordId> Ledger::Turn::state(core::Audience audience, core::Lane lane, const Fact& fact) {
  const LogId log{{ledger_.base_.self, ledger_.base_.high_water.incarnation()}, audience, lane};
  SATCHEL_TRY_ASSIGN(Bytes body, protocol::encode_fact(fact));
  return append_own(log, std::move(body), fact);
}

Result<RecordId> Ledger::Turn::append_own(const LogId& log, Bytes body, const Fact& fact) {
  SATCHEL_TRY_ASSIGN(const Chain before, head(log));
  StoredRecord record;
  record.entry = {log, Seq{before.last.value + 1}, before.id, std::move(body)};
  record.id = core::record_id(record.entry);
  record.signature = core::sign_record(ledger_.base_.identity.sign, record.id);
  heads_[log] = {record.entry.seq, record.id};

  if (const auto open = runs_.find(log); open != runs_.end() && open->second.bodies.size() >= kRunMax) SATCHEL_TRY(seal_runs());
  core::Run& run = runs_[log];
  if (run.bodies.empty()) run = {log, record.entry.seq, before.id, {}, {}};
  run.bodies.push_back(record.entry.body);
  run.signature = *record.signature;

  const Bytes key = keys::at(keys::kRecord, log, record.entry.seq);
  batch_.put(key, encode_record_row(record, key, ledger_.base_.identity.store_key.view(), ledger_.base_.surroundings.rng));
  SATCHEL_TRY(note_fact(record.id, ledger_.base_.self, log, record.entry.seq, fact));
  return record.id;
}

Result<Ledger::Turn::Sealed> Ledger::Turn::seal(const LogId& log, ByteView payload, protocol::ChunkSize chunk_size) {
  const LedgerBase& base = ledger_.base_;
  SATCHEL_TRY_ASSIGN(const auto place, stage_.next(log));
  protocol::SealRequest request;
  request.id = {log, place.seq};
  request.previous_root = place.previous_root;
  request.payload = payload;
  request.chunk_size = chunk_size;
  request.urgent = urgent_;
  const core::Founding& founding = base.membership.founding();
  if (log.audience == core::kEveryone) {
    request.group_key = base.secrets.group_key.view();
  } else if (log.audience == core::kToHub) {
    request.recipients = {founding.hub_box, founding.recovery_box};
  } else {
    const auto member = base.membership.find(core::NodeNumber{log.audience.value});
    if (!member) return Code::kPeerNotEnrolled;
    request.recipients = {member->box};
  }
  SATCHEL_TRY_ASSIGN(const auto sealed, protocol::seal_bundle(request, base.identity.sign, base.surroundings.rng));
  SATCHEL_TRY(stage_.add(batch_, sealed));
  return Sealed{request.id, sealed.header.root};
}

/// What the hub says of the campaign as a whole, kept where it is asked for.
Result<void> Ledger::Turn::note_campaign_fact(const RecordId& id, const Fact& fact) {
  if (const auto* offered = std::get_if<core::ProfileFact>(&fact)) {
    const core::Founding& founding = ledger_.base_.membership.founding();
    const auto profile = core::decode_profile(offered->profile, founding.id(), founding.hub_sign);
    if (profile) Meta::put_offered_profile(batch_, *profile);
  }
  if (const auto* timetable = std::get_if<core::TimetableFact>(&fact)) {
    SATCHEL_TRY(Meta::put_timetable(batch_, id, *timetable));
  }
  if (const auto* index = std::get_if<core::IndexFact>(&fact); index != nullptr && ledger_.base_.self != core::kHubNumber) {
    for (const core::IndexEntry& entry : index->entries) put_index_entry(batch_, index->version, entry);
  }
  return {};
}

Result<void> Ledger::Turn::note_fact(const RecordId& id, core::NodeNumber author, const LogId& log, Seq seq, Fact fact) {
  const Bytes place = protocol::id_bytes({log, seq});
  batch_.put(keys::of(keys::kRecordIndex, id.view()), place);
  const auto student = core::student_of(fact);
  if (!student) {
    if (const auto* member = std::get_if<core::MemberFact>(&fact)) {
      auto certificate = core::decode_member(member->certificate, ledger_.base_.membership.founding());
      if (certificate) {
        Meta::put_member(batch_, *certificate);
        new_members_.push_back(*std::move(certificate));
      }
    }
    if (author == core::kHubNumber) SATCHEL_TRY(note_campaign_fact(id, fact));
    if (const auto* revoked = std::get_if<core::RevocationFact>(&fact); revoked != nullptr && author == core::kHubNumber) {
      SATCHEL_TRY(Meta::put_revocation(batch_, id, *revoked));
      Meta::put_untrusted_due(batch_, true);
      revocations_.push_back(revoked->revocation);
    }
    return {};
  }
  core::ByteWriter key;
  key.raw(keys::student(keys::kStudentRecord, *student)).raw(id.view());
  batch_.put(std::move(key).take(), place);
  if (const auto* capture = std::get_if<core::CaptureFact>(&fact); capture != nullptr && capture->standard != Hash{}) {
    core::ByteWriter ref;
    ref.u64_be(student->value);
    batch_.put(keys::of(keys::kBlobStudent, capture->standard.view()), std::move(ref).take());
    pictures_[capture->standard] = *student;
  }
  if (const auto* capture = std::get_if<core::CaptureFact>(&fact); capture != nullptr && ledger_.base_.self == core::kHubNumber) {
    put_near_picture(batch_, *student, capture->perceptual_hash);
    const core::WallMs now = ledger_.base_.surroundings.clock.wall();
    SATCHEL_TRY(put_anchor(ledger_.base_.store, batch_, author, capture->taken, now));
  }
  if (const auto* foreign = std::get_if<core::ForeignCodeFact>(&fact)) {
    put_foreign_match(batch_, foreign->digest, *student);
  }
  touched_[*student].fresh.push_back({id, author, std::move(fact)});
  return {};
}

namespace {

Digest digest_of(const core::StudentState& state) {
  Digest digest;
  digest.stage = state.stage;
  if (state.roster) {
    digest.site = state.roster->site;
    digest.class_name = state.roster->class_name;
    digest.last_term = state.roster->last_term;
  }
  digest.drafted = std::ranges::any_of(state.captures, [](const core::CaptureSeen& seen) { return seen.fact.usable(); });
  digest.submitted = state.current.has_value();
  digest.disputed = core::reviewers_differ(state);
  if (const auto* verdict = core::current_verdict(state); verdict != nullptr && !verdict->fact.approved) {
    digest.reason = verdict->fact.reason;
  }
  return digest;
}

}  // namespace

Result<void> Ledger::Turn::put_digest(const core::StudentState& state) {
  Digest digest = digest_of(state);
  if (state.current) {
    if (const auto here = carriers_.find(*state.current); here != carriers_.end()) {
      digest.record_bundle = here->second;
    } else {
      SATCHEL_TRY_ASSIGN(digest.record_bundle, ledger_.carrier_of(*state.current));
    }
    if (const auto* capture = core::current_capture(state)) {
      if (const auto here = blobs_.find(capture->fact.standard); here != blobs_.end()) {
        digest.photo_bundle = here->second.carrier;
      } else {
        SATCHEL_TRY_ASSIGN(const auto stored, ledger_.blobs_.find(capture->fact.standard));
        if (stored) {
          digest.photo_bundle = stored->carrier;
        } else {
          SATCHEL_TRY_ASSIGN(digest.photo_bundle, destroyed_carrier(ledger_.base_.store, capture->fact.standard));
        }
      }
    }
  }
  Bytes key = keys::student(keys::kStudentDigest, state.student);
  SATCHEL_TRY_ASSIGN(const auto row, ledger_.base_.store.get(key));
  std::optional<Digest> before;
  if (row) {
    SATCHEL_TRY_ASSIGN(before, decode_digest(*row));
  }
  tallies_.change(batch_, state.student, before, digest);
  batch_.put(std::move(key), encode(digest));
  return {};
}

/// What lies here of a student is in the folded state already, unless a revocation or a release changed what of it counts; a
/// state that cannot be read (another version wrote it) is made from the records again.
Result<void> Ledger::Turn::fold_one(core::StudentRef student, Touched& touched) {
  std::optional<core::StudentState> known;
  bool anew = touched.anew;
  if (!anew) {
    auto kept = ledger_.student(student);
    if (kept) {
      known = *std::move(kept);
    } else if (kept.error().code == Code::kStoreIo) {
      return kept.error();
    } else {
      anew = true;
    }
  }
  if (known && touched.fresh.empty()) return put_digest(*known);  // one of its pictures came, or goes by another way
  std::vector<core::Record> records = std::move(touched.fresh);
  if (anew) {
    SATCHEL_TRY_ASSIGN(std::vector<core::Record> held, ledger_.records_of(student));
    std::ranges::move(held, std::back_inserter(records));
  }
  Folded change;
  if (ledger_.witness_ != nullptr) change = {known, {}, records};
  const core::StudentState state = known ? core::fold_on(*std::move(known), records) : core::fold(student, records);
  if (ledger_.witness_ != nullptr) {
    change.after = state;
    seen_.push_back(std::move(change));
  }
  SATCHEL_TRY(let_go_of(state));
  SATCHEL_TRY(destroy_pictures(state));
  SATCHEL_TRY(put_digest(state));
  Bytes key = keys::student(keys::kStudentState, student);
  Bytes sealed =
      core::seal_value(ledger_.base_.identity.store_key.view(), ledger_.base_.surroundings.rng, key, core::encode(state));
  batch_.put(std::move(key), std::move(sealed));
  return {};
}

Result<void> Ledger::Turn::fold_touched() {
  for (auto& [student, touched] : touched_) SATCHEL_TRY(fold_one(student, touched));
  return tallies_.put(ledger_.base_.store, batch_);
}

Result<void> Ledger::Turn::commit() {
  SATCHEL_TRY(seal_runs());
  SATCHEL_TRY(fold_touched());
  if (batch_.empty()) return {};
  SATCHEL_TRY(ledger_.base_.store.commit(batch_, core::Durability::synced));
  ledger_.base_.shelf.accept(std::move(stage_));
  ledger_.unsettled_ = ledger_.unsettled_ || !touched_.empty();
  if (ledger_.witness_ != nullptr) {
    for (const Folded& change : seen_) ledger_.witness_->folded(change);
    ledger_.witness_->known_again(again_);
  }
  for (const auto& [log, chain] : heads_) ledger_.heads_[log] = chain;
  for (const core::Member& member : new_members_) {
    if (const auto added = ledger_.base_.membership.add(member); !added) {
      ledger_.base_.log.trouble("certificate of node " + std::to_string(member.number.value), added.error());
    }
  }
  for (const core::Revocation& revocation : revocations_) ledger_.base_.membership.revoke(revocation);
  for (const core::BundleId& body : unwanted_bodies_) SATCHEL_TRY(ledger_.base_.shelf.drop_body(body));
  if (!let_go_) return {};
  // What was stated is durable all the same; the next start frees what this one could not.
  if (const auto freed = ledger_.base_.shelf.settle_let_go(); !freed) {
    ledger_.base_.log.trouble("freeing what is not wanted any more", freed.error());
  }
  return {};
}

Result<std::optional<core::BundleId>> Ledger::carrier_of(const RecordId& id) const {
  SATCHEL_TRY_ASSIGN(const auto row, base_.store.get(keys::of(keys::kWhere, id.view())));
  if (!row) return std::optional<core::BundleId>{};
  return bundle_id_from(*row);
}

Result<bool> Ledger::has_left(const RecordId& id) const {
  SATCHEL_TRY_ASSIGN(const auto carrier, carrier_of(id));
  if (!carrier) return Error{Code::kStoreDamaged, "a record without its bundle"};
  const LogId& log = carrier->log;
  if (log.author != core::Author{base_.self, base_.high_water.incarnation()}) return true;  // of a former life
  return base_.high_water.at(log) >= carrier->seq;
}

Result<std::vector<core::Record>> Ledger::records_of(core::StudentRef ref) const {
  std::vector<std::pair<RecordId, core::BundleId>> places;
  std::optional<Error> trouble;
  const Bytes prefix = keys::student(keys::kStudentRecord, ref);
  SATCHEL_TRY(base_.store.scan(prefix, {}, [&](ByteView key, ByteView value) {
    const auto id = RecordId::from(key.subspan(prefix.size()));
    const auto place = bundle_id_from(value);
    if (!id || !place) {
      trouble = Error{Code::kStoreDamaged, "student record row"};
      return false;
    }
    places.emplace_back(*id, *place);
    return true;
  }));
  if (trouble) return *trouble;
  std::vector<core::Record> out;
  for (const auto& [id, place] : places) {
    SATCHEL_TRY_ASSIGN(const bool counted, counts(id, place.log.author.node));
    if (!counted) continue;
    SATCHEL_TRY_ASSIGN(const StoredRecord record, record_at(id, place));
    SATCHEL_TRY_ASSIGN(Fact fact, protocol::decode_fact(record.entry.body));
    out.push_back({id, place.log.author.node, std::move(fact)});
  }
  return out;
}

Result<std::optional<core::StudentState>> Ledger::student(core::StudentRef ref) const {
  const Bytes key = keys::student(keys::kStudentState, ref);
  SATCHEL_TRY_ASSIGN(const auto row, base_.store.get(key));
  if (!row) return std::optional<core::StudentState>{};
  const auto plain = core::open_value(base_.identity.store_key.view(), key, *row);
  if (!plain) return Error{Code::kStoreDamaged, "student state"};
  SATCHEL_TRY_ASSIGN(core::StudentState state, core::decode_student(*plain));
  return std::optional<core::StudentState>{std::move(state)};
}

Result<void> Ledger::release() {
  std::map<core::LogId, Seq> reached;
  for (const auto& [log, seq] : base_.shelf.own_reach()) {
    // Former lives write nothing any more.
    if (log.author.incarnation == base_.high_water.incarnation()) reached.emplace(log, seq);
  }
  return base_.high_water.raise(reached);
}

}  // namespace satchel::node
