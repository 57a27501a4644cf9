#include "protocol/shelf/own_lives.h"

#include <algorithm>

#include "core/store/keys.h"
#include "protocol/shelf/shelf.h"
#include "protocol/shelf/shelf_keys.h"

/// Which of our own lives are ours alone, and what of them is proven to be at the hub.
namespace satchel::protocol {

namespace keys = core::keys;
using core::BundleId;
using core::Code;
using core::Error;
using core::LogId;
using core::Reached;
using core::Result;
using core::Seq;

Reached OwnLives::at(const LogId& log) const {
  const auto found = proven.find(log);
  return found == proven.end() ? Reached{} : found->second;
}

core::Bytes encode(const OwnLives& lives) {
  core::ByteWriter out;
  out.u8(lives.due ? 1 : 0).varint(lives.forsaken.size());
  for (const core::Incarnation& life : lives.forsaken) out.u64(life.value);
  out.varint(lives.proven.size());
  for (const auto& [log, reached] : lives.proven) {
    keys::put_log(out, log);
    out.u64(reached.stored.value).u64(reached.opened.value);
  }
  return std::move(out).take();
}

Result<OwnLives> decode_own_lives(core::ByteView bytes) {
  core::ByteReader in{bytes};
  OwnLives out;
  const std::uint8_t due = in.u8();
  out.due = due == 1;
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) out.forsaken.insert({in.u64()});
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const auto log = parse_log_key(keys::of(keys::kLog, in.raw(17)));
    Reached reached;
    reached.stored = {in.u64()};
    reached.opened = {in.u64()};
    if (!log || reached.opened > reached.stored) in.fail();
    if (in.ok()) out.proven[*log] = reached;
  }
  if (!in.done() || due > 1) return Error{Code::kStoreDamaged, "own lives"};
  return out;
}

Result<void> Shelf::load_lives() {
  SATCHEL_TRY_ASSIGN(const auto bytes, store_->get(lives_key()));
  if (!bytes) return {};
  SATCHEL_TRY_ASSIGN(lives_, decode_own_lives(*bytes));
  return {};
}

Reached Shelf::proven(const LogId& log) const {
  if (own(log)) return lives_.at(log);
  return receipt_ ? receipt_->at(log) : Reached{};
}

std::optional<core::Receipt> Shelf::proven_receipt() const {
  std::optional<core::Receipt> out = receipt_;
  if (!out) return out;
  std::erase_if(out->logs, [&](const auto& entry) { return own(entry.first); });
  out->logs.insert(lives_.proven.begin(), lives_.proven.end());
  return out;
}

bool Shelf::unproven(const BundleId& id) const {
  return own(id.log) && lives_.forsaken.contains(id.log.author.incarnation) && lives_.at(id.log).stored < id.seq;
}

/// True when what the receipt says of our logs in this life is about what this database holds.
Result<bool> Shelf::fits_own(const core::Receipt& receipt, const core::Author& life) const {
  std::map<LogId, core::RootAt> roots;
  for (const core::Lane lane : core::kLanes) {
    const LogId log{life, core::kToHub, lane};
    const Seq stored = receipt.at(log).stored;
    if (stored.value == 0) continue;
    if (stored > log_row(log).contiguous) return false;
    SATCHEL_TRY_ASSIGN(const auto root, known_root(log, stored));
    if (!root) return Error{Code::kStoreDamaged, "a bundle of our own is missing"};
    roots[log] = {stored, *root};
  }
  const auto tag = receipt.tags.find(life);
  if (roots.empty()) return true;
  return tag != receipt.tags.end() && tag->second == core::receipt_tag(roots);
}

/// What follows from `receipt` for our own lives. A hub that was set back takes its word back: then nothing that an earlier epoch
/// proved counts any more unless the tag fits.
Result<OwnLives> Shelf::judge_own(const core::Receipt& receipt) const {
  OwnLives out = lives_;
  const bool same_hub = receipt_ && receipt_->epoch == receipt.epoch && receipt_->hub == receipt.hub;
  std::set<core::Author> authors;
  for (const auto& [log, summary] : logs_) {
    if (own(log) && log.audience == core::kToHub) authors.insert(log.author);
  }
  for (const auto& [author, tag] : receipt.tags) {
    if (author.node == self_) authors.insert(author);
  }
  for (const core::Author& life : authors) {
    SATCHEL_TRY_ASSIGN(const bool fits, fits_own(receipt, life));
    const bool fresh = !fits && out.forsaken.insert(life.incarnation).second;
    for (const core::Lane lane : core::kLanes) {
      const LogId log{life, core::kToHub, lane};
      const Reached before = out.at(log);
      Reached now = receipt.at(log);
      if (!fits && same_hub) now = {std::min(before.stored, now.stored), std::min(before.opened, now.opened)};
      if (!fits && !same_hub) now = {};
      if (now.stored.value == 0) {
        out.proven.erase(log);
      } else {
        out.proven[log] = now;
      }
      const bool lost = fresh || now.stored < before.stored;
      if (lost && out.forsaken.contains(life.incarnation) && now.stored < log_row(log).contiguous) out.due = true;
    }
  }
  return out;
}

/// `id` is our own, validly signed, and not what we hold under that number.
Result<void> Shelf::note_beyond(const BundleId& id, bool parted) {
  OwnLives lives = lives_;
  // A number that we have used: there are two of us. One that we have not: we may merely have forgotten.
  const bool twice = parted || log_row(id.log).contiguous >= id.seq;
  const bool fresh = twice && lives.forsaken.insert(id.log.author.incarnation).second;
  lives.due |= fresh;
  const auto seen = own_beyond_.find(id.log);
  const bool further = seen == own_beyond_.end() || seen->second < id.seq;
  if (!further && !fresh) return {};
  core::Frontier beyond;
  for (const auto& [log, seq] : own_beyond_) beyond.raise(log, seq);
  beyond.raise(id.log, id.seq);
  core::WriteBatch batch;
  batch.put(beyond_key(), core::encode(beyond));
  if (fresh) batch.put(lives_key(), encode(lives));
  SATCHEL_TRY(commit(batch, core::Durability::later));
  own_beyond_[id.log] = beyond.at(id.log);
  ++beyond_news_;
  lives_ = std::move(lives);
  return {};
}

Result<std::optional<core::LogTag>> Shelf::tag_of(const core::Frontier& places) const {
  std::map<LogId, core::RootAt> roots;
  for (const auto& [log, seq] : places.entries()) {
    SATCHEL_TRY_ASSIGN(const auto root, known_root(log, seq));
    if (!root) return std::optional<core::LogTag>{};
    roots[log] = {seq, *root};
  }
  return std::optional{core::log_tag(roots)};
}

bool Shelf::knows_other(const core::Frontier& life) const {
  bool more = false;
  for (const auto& [log, seq] : life.entries()) {
    if (forsaken(log.author.incarnation)) return true;
    if (seq <= written(log)) continue;
    const auto seen = own_beyond_.find(log);
    if (seen == own_beyond_.end() || seen->second < seq) return false;
    more = true;
  }
  return more;
}

Result<std::optional<Shelf::Against>> Shelf::standing_against(const Header& refused) const {
  const auto whole = [&](Seq seq) -> Result<std::optional<Against>> {
    const BundleId id{refused.id.log, seq};
    SATCHEL_TRY_ASSIGN(const auto there, header(id));
    SATCHEL_TRY_ASSIGN(const auto previous, previous_root(id));
    if (!there || !previous) return std::optional<Against>{};
    return std::optional{Against{*there, *previous}};
  };
  SATCHEL_TRY_ASSIGN(const auto same, whole(refused.id.seq));
  if (same && same->header.root != refused.root) return same;
  if (const auto part = arriving_.find(refused.id); part != arriving_.end() && part->second.header.root != refused.root) {
    return std::optional{Against{part->second.header, part->second.previous}};
  }
  SATCHEL_TRY_ASSIGN(const auto after, whole(Seq{refused.id.seq.value + 1}));
  if (after && after->previous != refused.root) return after;
  SATCHEL_TRY_ASSIGN(const auto before, whole(Seq{refused.id.seq.value - 1}));
  const auto author = membership_->find(refused.id.log.author.node);
  if (before && author && !verify_header(refused, before->header.root, author->sign)) return before;
  return std::optional<Against>{};
}

Result<void> Shelf::forsake(core::Incarnation life) {
  OwnLives lives = lives_;
  if (!lives.forsaken.insert(life).second) return {};
  lives.due = true;
  core::WriteBatch batch;
  batch.put(lives_key(), encode(lives));
  SATCHEL_TRY(commit(batch, core::Durability::synced));
  lives_ = std::move(lives);
  return {};
}

Result<void> Shelf::load_outrun() {
  SATCHEL_TRY_ASSIGN(const auto bytes, store_->get(outrun_key()));
  if (!bytes) return {};
  core::ByteReader in{*bytes};
  ForeignReceipt seen;
  seen.hub = {in.u64()};
  seen.epoch = in.u32();
  seen.version = in.u64();
  if (!in.done()) return Error{Code::kStoreDamaged, "receipt of another"};
  outrun_ = seen;
  return {};
}

Result<bool> Shelf::hear_receipt(const core::Receipt& receipt) {
  if (role_ != core::Role::hub) return set_receipt(receipt);
  const auto mark = [](const auto& of) { return std::pair{of.epoch, of.version}; };
  if (outrun_ && mark(receipt) <= mark(*outrun_)) return false;
  if (receipt_ && mark(receipt) < mark(*receipt_)) return false;
  if (receipt_ && mark(receipt) == mark(*receipt_) && core::encode(receipt) == core::encode(*receipt_)) return false;
  core::ByteWriter row;
  row.u64(receipt.hub.value).u32(receipt.epoch).u64(receipt.version);
  core::WriteBatch batch;
  batch.put(outrun_key(), std::move(row).take());
  SATCHEL_TRY(commit(batch, core::Durability::synced));
  outrun_ = ForeignReceipt{receipt.hub, receipt.epoch, receipt.version};
  return true;
}

Result<void> Shelf::end_reissue() {
  if (!lives_.due) return {};
  // Nothing offers these bodies any more; what they held is in the present life, or the hub has it.
  for (const auto& [log, summary] : std::map<LogId, LogRow>{logs_}) {
    if (!own(log) || !lives_.forsaken.contains(log.author.incarnation)) continue;
    for (Seq seq{1}; seq <= summary.contiguous; ++seq.value) SATCHEL_TRY(drop_body({log, seq}));
  }
  OwnLives lives = lives_;
  lives.due = false;
  core::WriteBatch batch;
  batch.put(lives_key(), encode(lives));
  SATCHEL_TRY(commit(batch, core::Durability::synced));
  lives_ = std::move(lives);
  return {};
}

}  // namespace satchel::protocol
