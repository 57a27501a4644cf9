// Opening what arrived: the half of the ledger that deals with the statements of others.
#include <algorithm>
#include <utility>

#include "core/store/keys.h"
#include "node/ledger.h"
#include "node/meta.h"
#include "node/renditions.h"
#include "protocol/body/body.h"
#include "protocol/bundle/bundle.h"
#include "protocol/bundle/payload.h"

namespace satchel::node {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::RecordId;
using core::Result;
using core::Seq;
namespace keys = core::keys;

namespace {

/// Bundles that become durable in one step: few enough that one step stays well under a second on an old PC.
constexpr std::size_t kBundlesPerTurn = 128;
/// A smaller blob gets rows of its own: two small rows then cost less than opening a body at each look.
constexpr std::size_t kInBodyLeast = 2 * 1024;

/// Faults of what arrived, as against faults of our own disk: the former are quarantined, the latter stop the work.
bool fault_of_bundle(Code code) {
  switch (core::info(code).exit) {
    case core::Exit::storage: return false;
    default: return code != Code::kStoreDamaged && code != Code::kStoreIo && code != Code::kTranscoderMissing;
  }
}

}  // namespace

Result<void> Ledger::Turn::take_run(const core::Run& run, const core::BundleId& carrier) {
  if (run.log != carrier.log) return take_again(run, carrier);
  const auto author = ledger_.base_.membership.find(run.log.author.node);
  if (!author) return Code::kPeerNotEnrolled;
  SATCHEL_TRY_ASSIGN(const std::vector<RecordId> ids, core::verify_run(run, author->sign));

  // The chain must fit what we hold before it, and what we hold at the same places. Mostly it goes on where the log ends.
  SATCHEL_TRY_ASSIGN(const Chain end, head(run.log));
  const auto id_at = [&](Seq seq) -> Result<std::optional<RecordId>> {
    if (seq > end.last) return std::optional<RecordId>{};
    if (seq == end.last && seq.value > 0) return std::optional<RecordId>{end.id};
    SATCHEL_TRY_ASSIGN(const auto row, ledger_.base_.store.get(keys::at(keys::kRecord, run.log, seq)));
    if (!row || row->size() < RecordId::kSize) return std::optional<RecordId>{};
    return RecordId::from(ByteView{*row}.first(RecordId::kSize));
  };
  if (run.first.value > 1) {
    SATCHEL_TRY_ASSIGN(const auto before, id_at(Seq{run.first.value - 1}));
    if (before && *before != run.previous) return Code::kEquivocation;
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    StoredRecord record;
    record.entry = {run.log, Seq{run.first.value + i}, {}, run.bodies[i]};
    record.id = ids[i];
    if (i + 1 == ids.size()) record.signature = run.signature;
    SATCHEL_TRY_ASSIGN(const auto here, id_at(record.entry.seq));
    if (here && *here != record.id) return Code::kEquivocation;
    if (here) {
      ++again_;
      SATCHEL_TRY(touch_released(run.bodies[i], run.log.author.node));
      continue;
    }
    SATCHEL_TRY(put_record(record, keys::at(keys::kRecord, run.log, record.entry.seq), carrier));
  }
  const Seq last{run.first.value + ids.size() - 1};
  if (last > end.last) heads_[run.log] = {last, ids.back()};
  return {};
}

Result<void> Ledger::Turn::put_record(const StoredRecord& record, const Bytes& key, const core::BundleId& carrier) {
  const core::LogId& log = record.entry.log;
  const auto encode_row = key[0] == keys::kRecord ? encode_record_row : encode_said_again_row;
  batch_.put(key, encode_row(record, key, ledger_.base_.identity.store_key.view(), ledger_.base_.surroundings.rng));
  batch_.put(keys::of(keys::kWhere, record.id.view()), protocol::id_bytes(carrier));
  carriers_[record.id] = carrier;
  auto fact = protocol::decode_fact(record.entry.body);
  if (!fact) {
    // By a newer version, most likely: kept as evidence and for the day when we understand it, not folded.
    batch_.put(keys::of(keys::kRecordIndex, record.id.view()), protocol::id_bytes({log, record.entry.seq}));
    ledger_.base_.log.trouble("record of node " + std::to_string(log.author.node.value), fact.error());
    return {};
  }
  return note_fact(record.id, log.author.node, log, record.entry.seq, *std::move(fact));
}

/// As it will be when this turn is committed.
Result<std::optional<Blobs::Index>> Ledger::Turn::blob_here(const core::Hash& hash) const {
  if (const auto fresh = blobs_.find(hash); fresh != blobs_.end()) return std::optional{fresh->second};
  return ledger_.blobs_.find(hash);
}

Result<void> Ledger::Turn::take_blob(ByteView blob, const Way& way) {
  const core::Hash hash = protocol::blob_hash(blob);
  // What was destroyed stays so: the bundle counts as opened, and its bytes are not kept.
  SATCHEL_TRY_ASSIGN(const bool destroyed, ledger_.destroyed(hash));
  if (destroyed) {
    unwanted_bodies_.push_back(way.carrier);
    return {};
  }
  // The hub keeps the body of what is for it: what came as it is need not lie there twice. Elsewhere bodies are freed.
  const bool body_stays = ledger_.base_.self == core::kHubNumber && way.alone;
  SATCHEL_TRY_ASSIGN(const auto here, blob_here(hash));
  if (here) {
    // One body is enough; and a purge that takes the picture has no second one to look for.
    const bool is_place = here->place && here->place->bundle == way.carrier;
    if (body_stays && !is_place && here->carrier != way.carrier) unwanted_bodies_.push_back(way.carrier);
    blobs_[hash] = Blobs::put_carrier(batch_, hash, *here, way.carrier);
  } else if (body_stays && way.plain && blob.size() >= kInBodyLeast) {
    blobs_[hash] = ledger_.blobs_.put_in_body(batch_, hash, blob.size(), way.carrier, way.offset, way.content_key);
  } else {
    blobs_[hash] = ledger_.blobs_.put(batch_, hash, blob, way.carrier);
  }
  return touch_picture(hash);
}

Result<void> Ledger::Turn::touch_picture(const core::Hash& hash) {
  if (const auto known = pictures_.find(hash); known != pictures_.end()) {
    touched_[known->second];
    return {};
  }
  SATCHEL_TRY_ASSIGN(const auto row, ledger_.base_.store.get(keys::of(keys::kBlobStudent, hash.view())));
  if (row) {
    core::ByteReader in{*row};
    touched_[core::StudentRef{in.u64_be()}];  // its digest now names the picture's bundle
  }
  return {};
}

Result<Ledger::Opening> Ledger::unseal(const core::BundleId& id) const {
  SATCHEL_TRY_ASSIGN(const protocol::Shelf::Held held, base_.shelf.take_out(id));
  const protocol::Opener opener{&base_.identity.box, base_.secrets.group_key.view()};
  if (!held.proven) SATCHEL_TRY(protocol::verify_body(held.header, held.body));
  Opening out;
  SATCHEL_TRY_ASSIGN(out.content_key, protocol::content_key(held.header, opener));
  SATCHEL_TRY_ASSIGN(out.payload, protocol::open_content(held.header, held.body, out.content_key.view()));
  return out;
}

Result<protocol::Payload> Ledger::look_into(const core::BundleId& id) const {
  SATCHEL_TRY_ASSIGN(const Opening opening, unseal(id));
  return protocol::decode_payload(opening.payload);
}

Result<void> Ledger::open_one(Turn& turn, const core::BundleId& id) {
  SATCHEL_TRY_ASSIGN(const bool vouched, base_.shelf.vouched(id));
  if (!vouched) return Code::kRevoked;
  const auto opening = unseal(id);
  if (!opening && opening.error().code == Code::kPictureNotHere) {
    // It was opened before, and what was in it was destroyed or lies here: a person has released it from quarantine since.
    base_.shelf.mark_opened(turn.batch(), id);
    return {};
  }
  if (!opening) return opening.error();
  SATCHEL_TRY_ASSIGN(const protocol::PayloadView payload, protocol::view_payload(opening->payload));
  for (const core::Run& run : payload.runs) SATCHEL_TRY(turn.take_run(run, id));
  const bool alone = payload.runs.empty() && payload.blobs.size() == 1;
  for (const protocol::BlobView& blob : payload.blobs) {
    const bool plain = blob.form == protocol::WireBlob::Form::plain;
    const Turn::Way way{id, blob.offset, plain, alone, opening->content_key.view()};
    if (plain) {
      SATCHEL_TRY(turn.take_blob(blob.bytes, way));
      continue;
    }
    SATCHEL_TRY_ASSIGN(const Bytes picture, from_wire(blob));
    SATCHEL_TRY(turn.take_blob(picture, way));
  }
  Meta::put_heard(turn.batch(), id.log.author.node, base_.surroundings.clock.wall());
  base_.shelf.mark_opened(turn.batch(), id);
  return {};
}

Result<Ledger::Opened> Ledger::open_inbox() {
  Opened opened;
  SATCHEL_TRY_ASSIGN(const std::vector<core::BundleId> inbox, base_.shelf.inbox());
  for (std::size_t at = 0; at < inbox.size();) {
    const std::size_t end = std::min(inbox.size(), at + kBundlesPerTurn);
    bool alone = false;
    {
      Turn together = turn();
      std::size_t i = at;
      for (; i < end; ++i) {
        if (const auto result = open_one(together, inbox[i]); !result) {
          if (!fault_of_bundle(result.error().code)) return result.error();
          alone = true;  // a half-taken bundle must leave no trace: the whole turn is dropped, and each is opened on its own
          break;
        }
      }
      if (!alone) {
        SATCHEL_TRY(together.commit());
        opened.bundles += end - at;
      }
    }
    for (std::size_t i = at; alone && i < end; ++i) {
      Turn single = turn();
      const auto result = open_one(single, inbox[i]);
      if (result) {
        SATCHEL_TRY(single.commit());
        ++opened.bundles;
        continue;
      }
      if (!fault_of_bundle(result.error().code)) return result.error();
      Turn aside = turn();
      base_.shelf.quarantine(aside.batch(), inbox[i], result.error().code);
      SATCHEL_TRY(aside.commit());
      if (witness_ != nullptr) witness_->quarantined(inbox[i], result.error().code);
      ++opened.quarantined;
      base_.log.trouble("quarantined a bundle of node " + std::to_string(inbox[i].log.author.node.value), result.error());
    }
    at = end;
  }
  if (opened.bundles + opened.quarantined > 0) {
    base_.log.note("opened " + std::to_string(opened.bundles) + " bundles, quarantined " + std::to_string(opened.quarantined));
  }
  SATCHEL_TRY(base_.shelf.flush());
  SATCHEL_TRY(issue_receipt());
  return opened;
}

Result<bool> Ledger::issue_receipt() {
  SATCHEL_TRY_ASSIGN(const bool issued, issue_new_receipt());
  if (!issued && base_.self == core::kHubNumber) SATCHEL_TRY(settle_proven());
  return issued;
}

Result<void> Ledger::settle_proven() {
  if (!unsettled_) return {};
  SATCHEL_TRY_ASSIGN(unsettled_, settle_unproven(base_.store, base_.shelf.proven_receipt()));
  return {};
}

/// By how much the next receipt's version is above the last one's. The first after a start leaps: a database that was set back
/// would else count again through numbers that it gave out before, and of two receipts of one number nobody sends his to the
/// other.
std::uint64_t Ledger::step() {
  constexpr std::uint64_t kLeap = 1U << 16;
  return std::exchange(leapt_, true) ? 1 : 1 + base_.surroundings.rng.u64() % kLeap;
}

Result<bool> Ledger::issue_new_receipt() {
  if (base_.self != core::kHubNumber) return false;
  // Someone has a newer word of ours than we remember: the next one must be of a later epoch, which a new incarnation brings.
  if (const auto& outrun = base_.shelf.outrun(); outrun && outrun->epoch >= base_.high_water.epoch()) return false;
  const auto& present = base_.shelf.receipt();
  const bool of_this_life = present && present->hub == base_.high_water.incarnation();
  if (of_this_life && stated_ == base_.shelf.changes()) return false;
  SATCHEL_TRY_ASSIGN(auto reached, base_.shelf.reached());
  // A hub that has nothing says so where a former life may have had something.
  const bool nothing_to_say = reached.logs.empty() && !base_.high_water.may_have_forgotten();
  const bool nothing_new =
      present ? of_this_life && present->logs == reached.logs && present->tags == reached.tags : nothing_to_say;
  if (nothing_new) {
    stated_ = base_.shelf.changes();
    return false;
  }
  core::Receipt receipt;
  receipt.campaign = base_.membership.founding().id();
  receipt.hub = base_.high_water.incarnation();
  receipt.epoch = base_.high_water.epoch();
  receipt.version = (present && present->epoch == receipt.epoch ? present->version : 0) + step();
  receipt.logs = std::move(reached.logs);
  receipt.tags = std::move(reached.tags);
  core::sign_receipt(receipt, base_.identity.sign);
  core::WriteBatch also;
  Meta::put_receipt_time(also, base_.surroundings.clock.wall());
  Settled settled;
  if (unsettled_) {
    SATCHEL_TRY_ASSIGN(settled, settle_unproven(base_.store, receipt, also));
  }
  SATCHEL_TRY_ASSIGN(const bool taken, base_.shelf.set_receipt(receipt, std::move(also)));
  if (taken) unsettled_ = settled.left > 0;
  SATCHEL_TRY(tidy_after(base_.store, settled));
  SATCHEL_TRY(base_.shelf.flush());
  stated_ = base_.shelf.changes();
  return taken;
}

Result<Ledger::VerifyReport> Ledger::verify(const std::function<void(const std::string&, const Error&)>& fault) const {
  VerifyReport report;
  std::optional<core::LogId> log;
  RecordId previous;
  Seq last;
  bool covered = true;  // the last record that we saw of this log lies under a signature
  const auto close_log = [&] {
    if (log && !covered)
      fault("record log of node " + std::to_string(log->author.node.value),
            Error{Code::kSignatureBad, "no signature at the end"});
  };
  const auto scanned = base_.store.scan(Bytes{static_cast<std::uint8_t>(keys::kRecord)}, {}, [&](ByteView key, ByteView value) {
    const auto place = keys::parse_at(key);
    auto record = decode_record_row(key, value, base_.identity.store_key.view());
    if (!place || !record) {
      fault("record row", Error{Code::kStoreDamaged, {}});
      return true;
    }
    ++report.records;
    const std::string where =
        "record " + std::to_string(place->seq.value) + " of node " + std::to_string(place->log.author.node.value);
    if (log != place->log) {
      close_log();
      log = place->log;
      previous = {};
      last = {};
    }
    const bool follows = place->seq.value == last.value + 1;
    if (follows) {
      record->entry.previous = previous;
      if (!record->struck && core::record_id(record->entry) != record->id) fault(where, Error{Code::kHashBad, {}});
    } else if (place->log.author.node == base_.self) {  // of others something may still be on its way
      fault(where, Error{Code::kStoreDamaged, "what we wrote before it is missing"});
    }
    if (record->signature) {
      const auto author = base_.membership.find(place->log.author.node);
      if (!author || !core::verify_record(author->sign, record->id, *record->signature))
        fault(where, Error{Code::kSignatureBad, {}});
    }
    report.struck += record->struck ? 1U : 0U;
    covered = record->signature.has_value();
    if (!protocol::decode_fact(record->entry.body)) ++report.unreadable;
    previous = record->id;
    last = place->seq;
    return true;
  });
  close_log();
  if (!scanned) fault("record log", scanned.error());
  return report;
}

}  // namespace satchel::node
