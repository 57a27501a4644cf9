// Former lives: what another machine with a copy of our disk may have overwritten at the hub is said again in the present one.
#include <algorithm>

#include "core/store/keys.h"
#include "node/ledger.h"
#include "protocol/body/body.h"
#include "protocol/bundle/payload.h"

namespace satchel::node {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::LogId;
using core::RecordId;
using core::Result;
using core::Seq;
namespace keys = core::keys;

namespace {

/// Records of one bundle: its seal costs each of them a few bytes, and the first are at the hub before the last are on their way.
constexpr std::size_t kRunMost = 100;
/// One synced step: short on an old disk, and little to do again after a kill.
constexpr std::size_t kBlobsPerTurn = 16;
constexpr std::uint64_t kBytesPerTurn = 4ULL * 1024 * 1024;

/// The row of a record that a former life wrote, under its id and not its place: at that place the copy may have written another.
Bytes said_again_key(const RecordId& id) { return keys::of(keys::kSaidAgain, id.view()); }

}  // namespace

// --- taking in

Result<void> Ledger::Turn::take_again(const core::Run& run, const core::BundleId& carrier) {
  const LogId& old = run.log;
  const bool same_voice =
      old.author.node == carrier.log.author.node && old.audience == carrier.log.audience && old.lane == carrier.log.lane;
  if (!same_voice) return Error{Code::kMalformed, "run of another log"};
  const auto author = ledger_.base_.membership.find(old.author.node);
  if (!author) return Code::kPeerNotEnrolled;
  SATCHEL_TRY_ASSIGN(const std::vector<RecordId> ids, core::verify_run(run, author->sign));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    SATCHEL_TRY_ASSIGN(const bool known, ledger_.knows(ids[i]));
    if (known || carriers_.contains(ids[i])) continue;
    StoredRecord record;
    record.id = ids[i];
    record.entry = {old, Seq{run.first.value + i}, i == 0 ? run.previous : ids[i - 1], run.bodies[i]};
    if (i + 1 == ids.size()) record.signature = run.signature;
    SATCHEL_TRY(put_record(record, said_again_key(record.id), carrier));
  }
  return {};
}

Result<bool> Ledger::knows(const RecordId& id) const {
  SATCHEL_TRY_ASSIGN(const auto place, base_.store.get(keys::of(keys::kRecordIndex, id.view())));
  return place.has_value();
}

Result<StoredRecord> Ledger::record_at(const RecordId& id, const core::BundleId& place) const {
  const Bytes key = keys::bundle(keys::kRecord, place);
  SATCHEL_TRY_ASSIGN(const auto row, base_.store.get(key));
  if (row && row->size() >= RecordId::kSize && core::same_bytes(ByteView{*row}.first(RecordId::kSize), id.view())) {
    return decode_record_row(key, *row, base_.identity.store_key.view());
  }
  const Bytes again = said_again_key(id);
  SATCHEL_TRY_ASSIGN(const auto other, base_.store.get(again));
  if (!other) return Error{Code::kStoreDamaged, "record missing"};
  return decode_said_again_row(again, *other, base_.identity.store_key.view());
}

// --- saying again

/// Seals `run`, of a former life, into the present one. Whoever has its records sees by their ids that they are the same.
Result<void> Ledger::Turn::say_again(const core::Run& run) {
  const LogId log{{ledger_.base_.self, ledger_.base_.high_water.incarnation()}, run.log.audience, run.log.lane};
  protocol::Payload payload;
  payload.runs.push_back(run);
  SATCHEL_TRY_ASSIGN(const Sealed sealed, seal(log, protocol::encode_payload(payload), protocol::ChunkSize::k16));
  const core::BundleId carrier = sealed.id;
  Seq seq = run.first;
  RecordId id = run.previous;
  for (const Bytes& body : run.bodies) {
    id = core::record_id({run.log, seq, id, body});
    ++seq.value;
    carriers_[id] = carrier;
    batch_.put(keys::of(keys::kWhere, id.view()), protocol::id_bytes(carrier));
    const auto fact = protocol::decode_fact(body);
    if (!fact) continue;  // written by a newer program: carried all the same
    if (const auto student = core::student_of(*fact)) touched_[*student];
  }
  return {};
}

namespace {

/// A record of ours that is to be said again.
struct Place {
  LogId log;
  Seq seq;
  bool urgent = false;
};

}  // namespace

Result<bool> Ledger::was_urgent(const core::BundleId& carrier) const {
  SATCHEL_TRY_ASSIGN(const auto header, base_.shelf.header(carrier));
  return header && header->urgent;
}

Result<std::size_t> Ledger::reissue_records() {
  std::vector<Place> places;
  std::vector<std::pair<Place, RecordId>> own;
  core::ByteWriter ours;
  ours.u8(static_cast<std::uint8_t>(keys::kRecord)).u32_be(base_.self.value);
  std::optional<Error> trouble;
  SATCHEL_TRY(base_.store.scan(ours.bytes(), {}, [&](ByteView key, ByteView value) {
    const auto place = keys::parse_at(key);
    const auto id = value.size() >= RecordId::kSize ? RecordId::from(value.first(RecordId::kSize)) : std::nullopt;
    if (!place || !id) {
      trouble = Error{Code::kStoreDamaged, "record row"};
      return false;
    }
    // What a purge struck a person out of cannot be said again: its id is of what stood there before.
    const auto record = decode_record_row(key, value, base_.identity.store_key.view());
    if (record && record->struck) return true;
    if (base_.shelf.forsaken(place->log.author.incarnation)) own.push_back({{place->log, place->seq, false}, *id});
    return true;
  }));
  if (trouble) return *trouble;
  for (const auto& [place, id] : own) {
    SATCHEL_TRY_ASSIGN(const auto carrier, carrier_of(id));
    if (!carrier || !base_.shelf.unproven(*carrier)) continue;
    places.push_back(place);
    SATCHEL_TRY_ASSIGN(places.back().urgent, was_urgent(*carrier));
  }
  const auto follows = [](const Place& a, const Place& b) { return a.log == b.log && b.seq.value == a.seq.value + 1; };
  for (std::size_t from = 0; from < places.size();) {
    std::size_t to = from + 1;
    while (to < places.size() && to - from < kRunMost && follows(places[to - 1], places[to])) ++to;
    core::Run run{places[from].log, places[from].seq, {}, {}, {}};
    if (run.first.value > 1) {
      const Bytes before = keys::at(keys::kRecord, run.log, Seq{run.first.value - 1});
      SATCHEL_TRY_ASSIGN(const auto row, base_.store.get(before));
      const auto id =
          row && row->size() >= RecordId::kSize ? RecordId::from(ByteView{*row}.first(RecordId::kSize)) : std::nullopt;
      if (!id) return Error{Code::kStoreDamaged, "record row"};
      run.previous = *id;
    }
    for (std::size_t i = from; i < to; ++i) {
      const Bytes key = keys::at(keys::kRecord, places[i].log, places[i].seq);
      SATCHEL_TRY_ASSIGN(const auto row, base_.store.get(key));
      if (!row) return Error{Code::kStoreDamaged, "record row"};
      SATCHEL_TRY_ASSIGN(StoredRecord record, decode_record_row(key, *row, base_.identity.store_key.view()));
      if (!record.signature) return Error{Code::kStoreDamaged, "own record without a signature"};
      run.signature = *record.signature;
      run.bodies.push_back(std::move(record.entry.body));
    }
    Turn step = turn();
    step.make_urgent(std::any_of(places.begin() + static_cast<std::ptrdiff_t>(from),
                                 places.begin() + static_cast<std::ptrdiff_t>(to),
                                 [](const Place& place) { return place.urgent; }));
    SATCHEL_TRY(step.say_again(run));
    SATCHEL_TRY(step.commit());
    from = to;
  }
  return places.size();
}

Result<std::size_t> Ledger::reissue_blobs() {
  SATCHEL_TRY_ASSIGN(auto carried, blobs_.carried());
  std::erase_if(carried, [&](const Blobs::Carried& blob) { return !base_.shelf.unproven(blob.carrier); });
  std::ranges::sort(carried, [](const Blobs::Carried& a, const Blobs::Carried& b) {
    return std::tie(a.carrier.log.lane, a.carrier, a.hash) < std::tie(b.carrier.log.lane, b.carrier, b.hash);
  });
  std::size_t said = 0;
  for (std::size_t at = 0; at < carried.size();) {
    Turn step = turn();
    std::uint64_t bytes = 0;
    for (std::size_t n = 0; at < carried.size() && n < kBlobsPerTurn && bytes < kBytesPerTurn; ++n, ++at) {
      const Blobs::Carried& blob = carried[at];
      auto content = blobs_.get(blob.hash);
      if (!content && content.error().code == Code::kPictureNotHere) continue;  // it was let go: a person has decided on it
      if (!content && content.error().code == Code::kStoreDamaged) {
        base_.log.trouble("a picture that should be said again", content.error());
        continue;
      }
      if (!content) return content.error();
      bytes += content->size();
      SATCHEL_TRY_ASSIGN(const bool urgent, was_urgent(blob.carrier));
      step.make_urgent(urgent);
      SATCHEL_TRY(step.send(*content, blob.carrier.log.lane));
      SATCHEL_TRY(step.touch_picture(blob.hash));
      ++said;
    }
    SATCHEL_TRY(step.commit());
  }
  return said;
}

Result<std::size_t> Ledger::reissue() {
  if (!base_.shelf.reissue_due()) return std::size_t{0};
  SATCHEL_TRY_ASSIGN(const std::size_t records, reissue_records());
  SATCHEL_TRY_ASSIGN(const std::size_t blobs, reissue_blobs());
  SATCHEL_TRY(base_.shelf.end_reissue());
  base_.log.note("said again in this life: " + std::to_string(records) + " records, " + std::to_string(blobs) + " pictures");
  return records + blobs;
}

}  // namespace satchel::node
