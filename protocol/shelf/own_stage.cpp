#include "core/store/keys.h"
#include "protocol/shelf/body_store.h"
#include "protocol/shelf/shelf.h"
#include "protocol/shelf/shelf_keys.h"

namespace satchel::protocol {

namespace keys = core::keys;
using core::Code;
using core::Error;
using core::LogId;
using core::Result;
using core::Seq;

Result<Shelf::OwnStage::Place> Shelf::OwnStage::next(const LogId& log) {
  SATCHEL_CHECK(shelf_->own(log));
  const auto staged = rows_.find(log);
  const LogRow now = staged == rows_.end() ? shelf_->log_row(log) : staged->second;
  if (shelf_->forsaken(log.author.incarnation) || shelf_->own_beyond_.contains(log)) {
    return Error{Code::kEquivocation, "this database is older than what has left the machine: a new incarnation is due"};
  }
  return Place{Seq{now.contiguous.value + 1}, now.root};
}

Result<void> Shelf::OwnStage::add(core::WriteBatch& batch, const SealedBundle& sealed) {
  const Header& header = sealed.header;
  SATCHEL_TRY_ASSIGN(const Place place, next(header.id.log));
  SATCHEL_CHECK(header.id.seq == place.seq);
  const core::Bytes key = keys::bundle(keys::kHeader, header.id);
  SATCHEL_TRY_ASSIGN(const auto there, shelf_->store_->get(key));
  SATCHEL_CHECK(!there.has_value());  // a stage was committed and not accepted: its numbers would be used twice

  if (rows_.empty()) arrivals_ = shelf_->arrivals_;
  LogRow row = rows_.contains(header.id.log) ? rows_[header.id.log] : shelf_->log_row(header.id.log);
  const std::uint64_t bytes = header.bytes.size() + header.body_size();
  row.contiguous = row.highest = row.root_at = header.id.seq;
  row.root = header.root;
  row.held_bundles += 1;
  row.held_bytes += bytes;
  row.total_bytes += bytes;
  row.last_arrival = ++arrivals_;
  batch.put(key, encode(HeaderRow{false, row.last_arrival, row.total_bytes, place.previous_root, header.bytes}));
  if (header.urgent) batch.put(keys::bundle(keys::kUrgent, header.id), {});
  put_body(batch, header, sealed.body);
  batch.put(log_key(header.id.log), encode(row));
  rows_[header.id.log] = row;
  return {};
}

void Shelf::accept(OwnStage stage) {
  for (const auto& [log, row] : stage.rows_) logs_[log] = row;
  arrivals_ = std::max(arrivals_, stage.arrivals_);
  ++changes_;
  dirty_ = false;  // its batch was synced, and with it all that was written before
  unsynced_bytes_ = 0;
}

std::map<LogId, Seq> Shelf::own_reach() const {
  std::map<LogId, Seq> out;
  for (const auto& [log, row] : logs_) {
    if (own(log)) out[log] = row.contiguous;
  }
  return out;
}

}  // namespace satchel::protocol
