// What of a picture goes with which bundle: each rendition in one of its own, in the smaller of its forms.
#include "node/renditions.h"

#include <set>

#include "core/store/keys.h"
#include "core/transcode/transcode.h"
#include "node/ledger.h"

namespace satchel::node {

using core::Bytes;
using core::ByteView;
using core::Hash;
using core::LogId;
using core::Result;
using core::Seq;
using Form = protocol::WireBlob::Form;
namespace keys = core::keys;

namespace {

/// A preview is small already: JPEG XL saves 3 % of it for a millisecond of the hub's time.
constexpr std::size_t kPlainMost = 4'096;

}  // namespace

protocol::WireBlob to_wire(ByteView picture) {
  if (picture.size() <= kPlainMost) return {Form::plain, core::to_bytes(picture)};
  if (auto jxl = core::to_jxl(picture)) return {Form::jpeg_xl, *std::move(jxl)};
  return {Form::plain, core::to_bytes(picture)};
}

Result<Bytes> from_wire(const protocol::BlobView& blob) {
  if (blob.form == Form::jpeg_xl) return core::from_jxl(blob.bytes);
  return core::to_bytes(blob.bytes);
}

LogId Ledger::Turn::log_to_hub(core::Lane lane) const {
  return {{ledger_.base_.self, ledger_.base_.high_water.incarnation()}, core::kToHub, lane};
}

Result<Hash> Ledger::Turn::put_blob(ByteView blob, const std::optional<core::BundleId>& carrier) {
  const Hash hash = protocol::blob_hash(blob);
  SATCHEL_TRY_ASSIGN(const auto here, blob_here(hash));
  if (!here) {
    blobs_[hash] = ledger_.blobs_.put(batch_, hash, blob, carrier);
  } else if (carrier) {
    blobs_[hash] = Blobs::put_carrier(batch_, hash, *here, *carrier);
  }
  return hash;
}

Result<Hash> Ledger::Turn::keep(ByteView bytes) { return put_blob(bytes, std::nullopt); }

Result<core::BundleMark> Ledger::Turn::send(ByteView picture, core::Lane lane) {
  const LogId log = log_to_hub(lane);
  SATCHEL_TRY(seal_run(log));  // what is stated before goes before in its log
  protocol::Payload payload;
  payload.blobs.push_back(to_wire(picture));
  const auto size = lane == core::Lane::original ? protocol::ChunkSize::k64 : protocol::ChunkSize::k32;
  SATCHEL_TRY_ASSIGN(const Sealed sealed, seal(log, protocol::encode_payload(payload), size));
  SATCHEL_TRY(put_blob(picture, sealed.id));
  return core::bundle_mark(sealed.root);
}

/// What has been stated for one log and is not sealed yet.
Result<void> Ledger::Turn::seal_run(LogId log) {
  const auto run = runs_.extract(log);
  if (run.empty()) return {};
  protocol::Payload payload;
  payload.runs.push_back(run.mapped());
  SATCHEL_TRY_ASSIGN(const Sealed sealed, seal(log, protocol::encode_payload(payload), protocol::ChunkSize::k16));
  for (const core::Run& stated : payload.runs) {
    Seq seq = stated.first;
    core::RecordId previous = stated.previous;
    for (const Bytes& body : stated.bodies) {
      previous = core::record_id({log, seq, previous, body});
      carriers_[previous] = sealed.id;
      batch_.put(keys::of(keys::kWhere, previous.view()), protocol::id_bytes(sealed.id));
      ++seq.value;
    }
  }
  return {};
}

Result<void> Ledger::Turn::seal_runs() {
  while (!runs_.empty()) SATCHEL_TRY(seal_run(runs_.begin()->first));
  return {};
}

/// What is still on its way of a picture that will not be used is not wanted any more. The hub says so to its shelf, and the
/// author to its own; nobody else can tell. A bundle that another submission of the student names too stays wanted with that one.
/// What was said again in another life has other marks: it comes whole.
Result<void> Ledger::Turn::let_go_of(const core::StudentState& state) {
  const core::NodeNumber self = ledger_.base_.self;
  std::set<std::pair<core::NodeNumber, core::BundleMark>> wanted;
  for (const core::SubmissionSeen& seen : state.submissions) {
    if (core::decided_against(state, seen.id)) continue;
    for (const core::BundleMark mark : {seen.fact.photo_bundle, seen.fact.original_bundle}) wanted.insert({seen.author, mark});
  }
  for (const core::SubmissionSeen& seen : state.submissions) {
    if ((self != core::kHubNumber && seen.author != self) || !core::decided_against(state, seen.id)) continue;
    const core::CaptureSeen* capture = core::find_capture(state, seen.fact.capture);
    const std::pair<core::BundleMark, Hash> pictures[] = {
        {seen.fact.photo_bundle, capture != nullptr ? capture->fact.standard : Hash{}},
        {seen.fact.original_bundle, capture != nullptr ? capture->fact.original : Hash{}},
    };
    for (const auto& [mark, picture] : pictures) {
      if (mark == 0 || wanted.contains({seen.author, mark})) continue;
      SATCHEL_TRY_ASSIGN(const auto here, ledger_.blobs_.find(picture));
      if (self == core::kHubNumber && (here || blobs_.contains(picture))) continue;  // it has come: it may stay
      ledger_.base_.shelf.let_go(batch_, seen.author, mark);
      let_go_ = true;
    }
  }
  return {};
}

}  // namespace satchel::node
