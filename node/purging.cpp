// What the hub's order to destroy means for one node's book. A purge is a record, so it folds like any other; here it becomes
// true on the disk: pictures and their index rows go in the batch that folds the order, then the bodies of the bundles that
// brought them, then persons out of roster rows; the database gives the room back; and only then a record certifies it. A row
// D stands for what is still to be done, so that a kill at any moment leaves no more than that.
#include <algorithm>
#include <set>

#include "core/campaign/after_approval.h"
#include "core/store/keys.h"
#include "node/ledger.h"
#include "node/places.h"
#include "node/purging.h"
#include "protocol/body/body.h"

namespace satchel::node {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Hash;
using core::PurgeScope;
using core::Result;
namespace keys = core::keys;

namespace {

/// One destroyed picture, as its row has it: student ‖ state ‖ size ‖ [bundle ‖ [bundle in whose body it lay]].
struct Destroyed {
  enum class State : std::uint8_t {
    never_here = 0,  ///< it had not come; if it comes, it is not kept
    gone = 1,        ///< it lay here, and is to be certified
    certified = 2,
  };
  core::StudentRef student;
  State state = State::never_here;
  std::uint64_t size_bytes = 0;
  std::optional<core::BundleId> carrier;
  std::optional<core::BundleId> place;
};

Bytes encode(const Destroyed& row) {
  core::ByteWriter out;
  out.u64(row.student.value).u8(static_cast<std::uint8_t>(row.state)).u64(row.size_bytes);
  if (row.carrier) out.raw(protocol::id_bytes(*row.carrier));
  if (row.carrier && row.place) out.raw(protocol::id_bytes(*row.place));
  return std::move(out).take();
}

Result<Destroyed> decode(ByteView bytes) {
  core::ByteReader in{bytes};
  Destroyed out;
  out.student.value = in.u64();
  const std::uint8_t state = in.u8();
  out.size_bytes = in.u64();
  if (in.remaining() > 0) out.carrier = bundle_id_from(in.raw(kBundleIdBytes));
  if (in.remaining() > 0) out.place = bundle_id_from(in.rest());
  if (!in.ok() || state > static_cast<std::uint8_t>(Destroyed::State::certified)) {
    return Error{Code::kStoreDamaged, "row of a destroyed picture"};
  }
  out.state = static_cast<Destroyed::State>(state);
  return out;
}

Bytes destroyed_key(const Hash& picture) { return keys::of(keys::kDestroyed, picture.view()); }

/// What a purge of this scope takes of the pictures that are known.
std::set<Hash> pictures_of(const core::StudentState& state, PurgeScope scope) {
  std::set<Hash> out;
  for (const core::CaptureSeen& seen : state.captures) {
    out.insert(seen.fact.original);
    if (scope == PurgeScope::originals) continue;
    out.insert(seen.fact.standard);
    out.insert(seen.fact.preview);
  }
  // One file may be the original and the standard picture at once; then it stays with the latter.
  if (scope == PurgeScope::originals) {
    for (const core::CaptureSeen& seen : state.captures) out.erase(seen.fact.standard);
  }
  out.erase(Hash{});
  return out;
}

}  // namespace

Result<std::optional<core::BundleId>> destroyed_carrier(const core::Store& store, const Hash& picture) {
  SATCHEL_TRY_ASSIGN(const auto stored, store.get(destroyed_key(picture)));
  if (!stored) return std::optional<core::BundleId>{};
  SATCHEL_TRY_ASSIGN(const Destroyed row, decode(*stored));
  return row.carrier;
}

Result<bool> Ledger::destroyed(const Hash& picture) const {
  SATCHEL_TRY_ASSIGN(const auto row, base_.store.get(destroyed_key(picture)));
  return row.has_value();
}

Result<void> Ledger::Turn::destroy_pictures(const core::StudentState& state) {
  const auto scope = core::purge_scope(state);
  if (!scope) return {};
  const core::NodeNumber self = ledger_.base_.self;
  for (const Hash& picture : pictures_of(state, *scope)) {
    SATCHEL_TRY_ASSIGN(const bool before, ledger_.destroyed(picture));
    if (before) continue;
    Destroyed row{state.student, Destroyed::State::never_here, 0, std::nullopt, std::nullopt};
    SATCHEL_TRY_ASSIGN(const auto here, blob_here(picture));
    if (here) {
      row = {state.student, Destroyed::State::gone, here->size_bytes, here->carrier, std::nullopt};
      if (here->place) row.place = here->place->bundle;
      Blobs::remove(batch_, picture, *here);
      batch_.remove(keys::of(keys::kBlobStudent, picture.view()));
      blobs_[picture] = *here;  // that it had come, and by which bundle, is still to be said
    }
    batch_.put(destroyed_key(picture), encode(row));
  }
  for (const core::SubmissionSeen& seen : state.submissions) {
    if (self != core::kHubNumber && seen.author != self) continue;
    if (seen.fact.original_bundle != 0) ledger_.base_.shelf.let_go(batch_, seen.author, seen.fact.original_bundle);
    if (seen.fact.photo_bundle != 0 && *scope >= PurgeScope::pictures) {
      ledger_.base_.shelf.let_go(batch_, seen.author, seen.fact.photo_bundle);
    }
    let_go_ = true;
  }
  batch_.put(keys::student(keys::kPurgeDue, state.student), {});
  return {};
}

Result<Ledger::Holding> Ledger::held_of(const core::StudentState& state, PurgeScope scope) const {
  Holding out;
  for (const Hash& picture : pictures_of(state, scope)) {
    SATCHEL_TRY_ASSIGN(const auto here, blobs_.find(picture));
    if (!here) continue;
    ++out.pictures;
    out.bytes += here->size_bytes;
  }
  if (scope == PurgeScope::records && state.roster && !core::purges(state, scope)) out.rows = 1;
  return out;
}

/// Persons out of the roster rows that lie here, also those that came late. Gives how many rows it was.
Result<std::size_t> Ledger::strike_out(core::WriteBatch& batch, core::StudentRef student) {
  std::vector<std::pair<core::RecordId, core::BundleId>> places;
  const Bytes prefix = keys::student(keys::kStudentRecord, student);
  SATCHEL_TRY(base_.store.scan(prefix, {}, [&](ByteView key, ByteView value) {
    const auto id = core::RecordId::from(key.subspan(prefix.size()));
    const auto place = bundle_id_from(value);
    if (id && place) places.emplace_back(*id, *place);
    return true;
  }));
  std::size_t rows = 0;
  for (const auto& [id, place] : places) {
    SATCHEL_TRY_ASSIGN(StoredRecord record, record_at(id, place));
    const auto fact = protocol::decode_fact(record.entry.body);
    const auto* roster = fact ? std::get_if<core::RosterFact>(&*fact) : nullptr;
    if (roster == nullptr || record.struck) continue;
    SATCHEL_TRY_ASSIGN(record.entry.body, protocol::encode_fact(core::without_person(*roster)));
    record.struck = true;
    const Bytes at = keys::at(keys::kRecord, place.log, place.seq);
    const Bytes again = keys::of(keys::kSaidAgain, id.view());
    SATCHEL_TRY_ASSIGN(const auto said_again, base_.store.get(again));
    const Bytes& key = said_again ? again : at;
    const auto encode_row = said_again ? encode_said_again_row : encode_record_row;
    batch.put(key, encode_row(record, key, base_.identity.store_key.view(), base_.surroundings.rng));
    // The bundle that brought it, which this node alone can open, goes too: what else it carried stands in rows of its own.
    SATCHEL_TRY_ASSIGN(const auto carrier, carrier_of(id));
    if (carrier && carrier->log.author.node != base_.self && carrier->log.audience != core::kEveryone) {
      SATCHEL_TRY(base_.shelf.drop_body(*carrier));
    }
    ++rows;
  }
  return rows;
}

/// One node's word that it is done, with what lay there.
Result<void> Ledger::certify(Turn& turn, const core::StudentState& state, std::size_t rows) {
  const PurgeScope scope = *core::purge_scope(state);
  core::PurgedFact fact;
  fact.student = state.student;
  fact.scope = scope;
  fact.rows = static_cast<std::uint32_t>(rows);
  fact.done = base_.surroundings.clock.moment();
  core::Audience audience = core::kToHub;
  core::Lane lane = core::Lane::record;
  if (base_.self == core::kHubNumber) {
    if (!state.roster || state.roster->site == core::kHubNumber) return {};
    audience = core::Audience{state.roster->site.value};
    lane = core::Lane::control;
  }
  const auto say = [&]() -> Result<void> {
    SATCHEL_TRY(turn.state(audience, lane, fact));
    fact.destroyed.clear();
    fact.bytes = 0;
    fact.rows = 0;
    return {};
  };
  bool said = false;
  for (const Hash& picture : pictures_of(state, scope)) {
    SATCHEL_TRY_ASSIGN(const auto stored, base_.store.get(destroyed_key(picture)));
    if (!stored) continue;
    SATCHEL_TRY_ASSIGN(Destroyed row, decode(*stored));
    if (row.state != Destroyed::State::gone) continue;
    row.state = Destroyed::State::certified;
    turn.batch().put(destroyed_key(picture), encode(row));
    fact.destroyed.push_back(picture);
    fact.bytes += row.size_bytes;
    if (fact.destroyed.size() < protocol::kFactDestroyedMax) continue;
    SATCHEL_TRY(say());
    said = true;
  }
  const auto told = core::purged_by(state, base_.self);
  const bool new_word = !fact.destroyed.empty() || fact.rows > 0 || !told || *told < scope;
  return new_word && (!said || !fact.destroyed.empty()) ? say() : Result<void>{};
}

Result<std::size_t> Ledger::carry_out_purges() {
  std::vector<core::StudentRef> due;
  SATCHEL_TRY(base_.store.scan(Bytes{static_cast<std::uint8_t>(keys::kPurgeDue)}, {}, [&](ByteView key, ByteView) {
    core::ByteReader in{key.subspan(1)};
    due.push_back(core::StudentRef{in.u64_be()});
    return true;
  }));
  if (due.empty()) return std::size_t{0};
  std::vector<std::pair<core::StudentState, std::size_t>> done;
  bool bodies = false;
  bool records = false;
  core::WriteBatch batch;
  for (const core::StudentRef ref : due) {
    SATCHEL_TRY_ASSIGN(auto known, student(ref));
    if (!known || !core::purge_scope(*known)) continue;
    for (const Hash& picture : pictures_of(*known, *core::purge_scope(*known))) {
      SATCHEL_TRY_ASSIGN(const auto stored, base_.store.get(destroyed_key(picture)));
      if (!stored) continue;
      SATCHEL_TRY_ASSIGN(const Destroyed row, decode(*stored));
      if (row.state != Destroyed::State::gone) continue;
      bodies = true;
      for (const auto& body : {row.carrier, row.place}) {
        if (body) SATCHEL_TRY(base_.shelf.drop_body(*body));
      }
    }
    std::size_t rows = 0;
    if (core::purges(*known, PurgeScope::records)) {
      SATCHEL_TRY_ASSIGN(rows, strike_out(batch, ref));
    }
    records = records || rows > 0;
    done.emplace_back(*std::move(known), rows);
  }
  SATCHEL_TRY(base_.store.commit(batch, core::Durability::synced));
  SATCHEL_TRY(base_.shelf.flush());
  // Removed is not gone: the database's files are written anew without it.
  const auto rewrite = [&](char letter) { return base_.store.reclaim(Bytes{static_cast<std::uint8_t>(letter)}); };
  if (bodies) {
    SATCHEL_TRY(rewrite(keys::kBlob));
    SATCHEL_TRY(rewrite(keys::kChunk));
  }
  if (records) {
    for (const char letter : {keys::kRecord, keys::kSaidAgain, keys::kStudentState, keys::kChunk}) SATCHEL_TRY(rewrite(letter));
  }
  Turn turn{*this};
  for (const auto& [state, rows] : done) SATCHEL_TRY(certify(turn, state, rows));
  SATCHEL_TRY(turn.commit());
  core::WriteBatch settled;
  for (const core::StudentRef ref : due) settled.remove(keys::student(keys::kPurgeDue, ref));
  SATCHEL_TRY(base_.store.commit(settled, core::Durability::synced));
  base_.log.note("carried out a purge of " + std::to_string(done.size()) + " students");
  return done.size();
}

}  // namespace satchel::node
