#include <algorithm>
#include <utility>

#include "core/store/keys.h"
#include "protocol/shelf/body_store.h"
#include "protocol/shelf/shelf.h"
#include "protocol/shelf/shelf_keys.h"

/// What others have said they hold, and what may be freed for it.
namespace satchel::protocol {

namespace keys = core::keys;
using core::BundleId;
using core::Bytes;
using core::ByteView;
using core::Code;
using core::Durability;
using core::Error;
using core::LogId;
using core::Result;
using core::Seq;
using core::WriteBatch;

/// Recomputes how far a log of others reaches from what is covered and what lies here.
Result<void> Shelf::recount(const LogId& log, LogRow& log_summary) const {
  log_summary.contiguous = covered(log);
  return walk_on(log, log_summary);
}

Result<void> Shelf::settle_rows(WriteBatch& batch, const std::vector<LogId>& changed) {
  for (const LogId& log : changed) {
    LogRow log_summary = log_row(log);
    SATCHEL_TRY(recount(log, log_summary));
    batch.put(log_key(log), encode(log_summary));
  }
  return {};
}

Result<bool> Shelf::set_receipt(const core::Receipt& receipt, WriteBatch also) {
  if (receipt_ && !receipt.newer_than(*receipt_)) return false;
  SATCHEL_TRY_ASSIGN(OwnLives lives, judge_own(receipt));
  std::swap(lives_, lives);
  const std::optional<core::Receipt> before = std::exchange(receipt_, receipt);
  std::vector<LogId> uplink;
  std::vector<LogId> moved;
  for (const auto& [log, log_summary] : logs_) {
    if (log.audience != core::kToHub || for_us(log)) continue;
    uplink.push_back(log);
    // A hub restored from a backup takes back what it lost: then the log reaches only as far as we hold it ourselves.
    const bool taken_back = before && receipt.at(log).stored < before->at(log).stored;
    if (!own(log) && (taken_back || receipt.at(log).stored > log_summary.contiguous)) moved.push_back(log);
  }
  WriteBatch batch = std::move(also);
  Standing standing = standing_;
  standing.count_news(arrivals_);
  batch.put(receipt_key(), core::encode(receipt));
  batch.put(lives_key(), encode(lives_));
  batch.put(standing_key(), encode(standing));
  auto settled_rows = settle_rows(batch, moved);
  auto written = settled_rows ? commit(batch, Durability::synced) : settled_rows;
  if (!written) {
    receipt_ = before;
    lives_ = std::move(lives);
    return written.error();
  }
  standing_ = standing;
  for (const LogId& log : moved) {
    const Seq reached_before = logs_[log].contiguous;
    SATCHEL_TRY(recount(log, logs_[log]));
    if (logs_[log].contiguous < reached_before) set_back_[log] = ++setbacks_;
  }
  SATCHEL_TRY(free_covered(uplink));
  return true;
}

Result<void> Shelf::set_direct(core::NodeNumber n, const core::Frontier& frontier) {
  if (n == self_ || n == core::kHubNumber) return {};  // the hub speaks by receipts
  core::Frontier said = direct_.contains(n) ? direct_[n] : core::Frontier{};
  const core::Frontier before = said;
  for (const auto& [log, seq] : frontier.entries()) {
    // Only the hub writes to nodes; a few lives of it, four lanes each. More would grow our own frontier with what nobody wrote.
    if (log.audience.value != n.value || log.author.node != core::kHubNumber) continue;
    if (said.at(log).value == 0 && said.entries().size() >= kDirectLogsMax) continue;
    // Nobody can hold more of our own log than we wrote; a claim that says so proves nothing without a signature of ours.
    said.raise(log, own(log) ? std::min(seq, log_row(log).contiguous) : seq);
  }
  if (said == before) return {};
  direct_[n] = said;
  std::vector<LogId> changed;
  for (const auto& [log, log_summary] : logs_) {
    if (log.audience.value == n.value && !own(log) && said.at(log) > before.at(log)) changed.push_back(log);
  }
  WriteBatch batch;
  batch.put(direct_key(n), core::encode(said));
  auto settled_rows = settle_rows(batch, changed);
  auto written = settled_rows ? commit(batch, Durability::later) : settled_rows;
  if (!written) {
    direct_[n] = before;
    return written.error();
  }
  for (const LogId& log : changed) SATCHEL_TRY(recount(log, logs_[log]));
  return free_covered(changed);
}

/// Frees what of these logs, and of what is arriving, is covered. A disk that is too full to be told what may go is told again
/// before the next flush: what covers it is durable, and no other receipt may come for it.
Result<void> Shelf::free_covered(const std::vector<LogId>& logs) {
  auto freed = abandon_covered();
  for (const LogId& log : logs) {
    if (freed && !own(log)) freed = free_covered(log);
  }
  if (freed) return {};
  tidied_ = false;
  return freed.error().code == core::Code::kDiskFull ? Result<void>{} : freed;
}

/// Gives up what is arriving here and has arrived where it should; of its log nothing else need lie here.
Result<void> Shelf::abandon_covered() {
  std::vector<BundleId> covered_ids;
  for (const auto& [id, arriving] : arriving_) {
    if (id.seq <= covered(id.log)) covered_ids.push_back(id);
  }
  for (const BundleId& id : covered_ids) SATCHEL_TRY(abandon(id));
  return {};
}

/// Removes what lies here of a log of others as far as it is covered, some bundles a batch: a kill between two batches leaves
/// bundles that the next start frees.
Result<void> Shelf::free_covered(const LogId& log) {
  const Seq upto = covered(log);
  while (true) {
    std::vector<Bytes> rows;
    WriteBatch batch;
    SATCHEL_TRY(store_->scan(keys::log(keys::kHeader, log), {}, [&](ByteView key, ByteView value) {
      const auto id = keys::parse_at(key);
      if (!id || id->seq > upto || rows.size() == kEvictBatch) return false;
      batch.remove(core::to_bytes(key));
      rows.push_back(core::to_bytes(value));
      return true;
    }));
    if (rows.empty()) return {};
    LogRow log_summary = log_row(log);
    for (const Bytes& bytes : rows) {
      SATCHEL_TRY_ASSIGN(const HeaderRow stored, decode_header_row(bytes));
      SATCHEL_TRY_ASSIGN(const Header parsed, stored_header(stored.header));
      if (!stored.body_dropped) remove_body(batch, parsed);
      if (parsed.urgent) batch.remove(keys::bundle(keys::kUrgent, parsed.id));
      log_summary.held_bundles -= 1;
      log_summary.held_bytes -= parsed.bytes.size() + (stored.body_dropped ? 0 : parsed.body_size());
    }
    batch.put(log_key(log), encode(log_summary));
    SATCHEL_TRY(commit(batch, Durability::later));
    freed_bytes_ += log_row(log).held_bytes - log_summary.held_bytes;
    logs_[log] = log_summary;
  }
}

/// A receipt is durable before what it covers is freed; a power cut in between leaves bundles that no later receipt may come for.
Result<void> Shelf::free_left_behind() {
  SATCHEL_TRY(abandon_covered());
  SATCHEL_TRY(settle_let_go());
  std::vector<LogId> held;
  for (const auto& [log, log_summary] : logs_) {
    if (log_summary.held_bundles > 0 && covered(log).value > 0) held.push_back(log);
  }
  for (const LogId& log : held) {
    if (!own(log)) SATCHEL_TRY(free_covered(log));
  }
  return {};
}

Result<void> Shelf::tidy() {
  std::uint64_t held = 0;
  for (const auto& [log, log_summary] : logs_) held += log_summary.held_bytes;
  if (freed_bytes_ < std::max(kTidyBytes, held)) return {};
  SATCHEL_TRY(flush());
  SATCHEL_TRY(store_->reclaim({}));
  freed_bytes_ = 0;
  return {};
}

Result<void> Shelf::drop_body(const BundleId& id) {
  SATCHEL_TRY_ASSIGN(auto stored, row(id));
  if (!stored || stored->body_dropped) return {};
  SATCHEL_TRY_ASSIGN(const Header parsed, stored_header(stored->header));
  stored->body_dropped = true;
  LogRow log_summary = log_row(id.log);
  log_summary.held_bytes -= parsed.body_size();
  WriteBatch batch;
  batch.put(keys::bundle(keys::kHeader, id), encode(*stored));
  remove_body(batch, parsed);
  batch.put(log_key(id.log), encode(log_summary));
  SATCHEL_TRY(commit(batch, Durability::later));
  logs_[id.log] = log_summary;
  return {};
}

Result<core::HubReach> Shelf::reached() {
  SATCHEL_TRY(flush());
  SATCHEL_TRY(settle_marked());
  core::HubReach out;
  std::map<core::Author, std::map<LogId, core::RootAt>> roots;
  for (const auto& [log, log_summary] : logs_) {
    if (log.audience != core::kToHub || !for_us(log) || log_summary.contiguous.value == 0) continue;
    core::Reached reach{log_summary.contiguous, log_summary.contiguous};
    if (const auto first = inbox_.lower_bound({log, {}}); first != inbox_.end() && first->first.log == log) {
      reach.opened = std::min(reach.opened, Seq{first->first.seq.value - 1});
    }
    out.logs[log] = reach;
    // At the hub the root that we keep in mind is the one at the end of what we hold.
    if (log_summary.root_at != reach.stored) return Error{Code::kStoreDamaged, "the root at the end of a log"};
    roots[log.author][log] = {reach.stored, log_summary.root};
  }
  for (const auto& [author, at] : roots) out.tags[author] = core::receipt_tag(at);
  // Where two bodies claim a place that nothing fills yet, neither machine can go on in this life, and the one that hears of us
  // by receipts alone must learn it from them: a tag that nobody's content fits.
  SATCHEL_TRY_ASSIGN(const std::vector<Equivocation> twice, equivocations());
  for (const Equivocation& one : twice) {
    const auto tag = out.tags.find(one.id.log.author);
    if (tag != out.tags.end() && one.id.seq > log_row(one.id.log).contiguous) tag->second = {};
  }
  return out;
}

Result<LaneTally> Shelf::waiting() const {
  LaneTally out{};
  for (const auto& [log, log_summary] : logs_) {
    if (!own(log) || log.audience == core::kEveryone || log.audience.value == self_.value) continue;
    if (membership_->revoked(core::NodeNumber{log.audience.value})) continue;  // nobody is there to say so
    if (forsaken(log.author.incarnation) && !lives_.due) continue;             // said again in the present life
    const Seq held = std::min(covered(log), log_summary.contiguous);
    if (held == log_summary.contiguous) continue;
    std::uint64_t bytes = log_summary.total_bytes;
    if (held.value > 0) {
      SATCHEL_TRY_ASSIGN(const auto last, row({log, held}));
      if (!last) return Error{Code::kStoreDamaged, "a bundle of our own is missing"};
      bytes -= last->cumulative;
    }
    Tally& lane = out[core::lane_index(log.lane)];
    lane.bundles += log_summary.contiguous.value - held.value;
    lane.bytes += bytes;
  }
  return out;
}

LaneTally Shelf::carried() const {
  LaneTally out{};
  for (const auto& [log, log_summary] : logs_) {
    if (own(log) || for_us(log)) continue;
    Tally& lane = out[core::lane_index(log.lane)];
    lane.bundles += log_summary.held_bundles;
    lane.bytes += log_summary.held_bytes;
  }
  return out;
}

}  // namespace satchel::protocol
