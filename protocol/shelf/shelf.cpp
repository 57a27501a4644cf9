#include "protocol/shelf/shelf.h"

#include <utility>

#include "core/store/keys.h"
#include "protocol/shelf/body_store.h"
#include "protocol/shelf/shelf_keys.h"

namespace satchel::protocol {

namespace keys = core::keys;
using core::Bytes;
using core::ByteView;
using core::Code;
using core::Durability;
using core::Error;
using core::LogId;
using core::Result;
using core::Seq;
using core::WriteBatch;

namespace {

Result<Header> header_with_body(const std::optional<HeaderRow>& row) {
  if (!row) return Error{Code::kStoreDamaged, "bundle header"};
  if (row->body_dropped) return Code::kPictureNotHere;
  return stored_header(row->header);
}

}  // namespace

Shelf::Shelf(core::Store& store, const core::Membership& membership, core::NodeNumber self, core::Role role,
             const ShelfLimits& limits)
    : store_(&store), membership_(&membership), self_(self), role_(role), limits_(limits) {}

Result<std::unique_ptr<Shelf>> Shelf::open(core::Store& store, const core::Membership& membership, core::NodeNumber self,
                                           core::Role role, const ShelfLimits& limits) {
  std::unique_ptr<Shelf> shelf{new Shelf(store, membership, self, role, limits)};
  SATCHEL_TRY(shelf->load());
  return shelf;
}

Result<void> Shelf::load() {
  std::optional<Error> fault;
  SATCHEL_TRY(store_->scan(Bytes{static_cast<std::uint8_t>(keys::kLog)}, {}, [&](ByteView key, ByteView value) {
    const auto log = parse_log_key(key);
    auto log_row = decode_log_row(value);
    if (!log || !log_row) {
      fault = Error{Code::kStoreDamaged, "summary of a log"};
      return false;
    }
    arrivals_ = std::max(arrivals_, log_row->last_arrival);
    logs_[*log] = *log_row;
    return true;
  }));
  SATCHEL_TRY(store_->scan(Bytes{static_cast<std::uint8_t>(keys::kDirect)}, {}, [&](ByteView key, ByteView value) {
    core::ByteReader in{key.subspan(1)};
    const core::NodeNumber node{in.u32_be()};
    auto frontier = core::decode_frontier(value);
    if (!in.done() || !frontier) {
      fault = Error{Code::kStoreDamaged, "frontier of a node"};
      return false;
    }
    direct_[node] = *std::move(frontier);
    return true;
  }));
  if (fault) return *fault;
  SATCHEL_TRY(load_receipt());
  SATCHEL_TRY(load_beyond());
  SATCHEL_TRY(load_inbox());
  SATCHEL_TRY(load_let_go());
  SATCHEL_TRY(load_lives());
  SATCHEL_TRY(load_outrun());
  SATCHEL_TRY(load_routing());
  return load_partials();
}

Result<void> Shelf::load_receipt() {
  SATCHEL_TRY_ASSIGN(const auto bytes, store_->get(receipt_key()));
  if (!bytes) return {};
  const core::Founding& founding = membership_->founding();
  auto receipt = core::decode_receipt(*bytes, founding.id(), founding.hub_sign);
  if (!receipt) return Error{Code::kStoreDamaged, "receipt"};
  receipt_ = *std::move(receipt);
  return {};
}

Result<void> Shelf::load_beyond() {
  SATCHEL_TRY_ASSIGN(const auto bytes, store_->get(beyond_key()));
  if (!bytes) return {};
  const auto beyond = core::decode_frontier(*bytes);
  if (!beyond) return Error{Code::kStoreDamaged, "own logs seen beyond"};
  own_beyond_ = beyond->entries();
  return {};
}

Result<void> Shelf::load_partials() {
  std::vector<Bytes> rows;
  SATCHEL_TRY(store_->scan(Bytes{static_cast<std::uint8_t>(keys::kPartial)}, {}, [&](ByteView, ByteView value) {
    rows.push_back(core::to_bytes(value));
    return true;
  }));
  for (const Bytes& bytes : rows) {
    SATCHEL_TRY_ASSIGN(const PartialRow partial, decode_partial_row(bytes));
    Arriving arriving;
    SATCHEL_TRY_ASSIGN(arriving.header, stored_header(partial.header));
    arriving.previous = partial.previous;
    SATCHEL_TRY_ASSIGN(arriving.offset, body_reach(*store_, arriving.header));
    const core::BundleId id = arriving.header.id;
    arriving_.insert_or_assign(id, std::move(arriving));
  }
  return {};
}

Result<void> Shelf::commit(const WriteBatch& batch, Durability durability) {
  if (batch.empty()) return {};
  SATCHEL_TRY(store_->commit(batch, durability));
  ++changes_;
  dirty_ = durability == Durability::later;
  if (!dirty_) unsynced_bytes_ = 0;
  return {};
}

Result<void> Shelf::flush() {
  if (!std::exchange(tidied_, true)) {
    const auto freed = free_left_behind();
    if (!freed && freed.error().code != core::Code::kDiskFull) return freed;
    tidied_ = freed.has_value();
  }
  SATCHEL_TRY(keep_begun());
  if (!dirty_) return {};
  WriteBatch batch;
  core::ByteWriter count;
  count.u64(arrivals_);
  batch.put(flush_key(), std::move(count).take());
  return commit(batch, Durability::synced);
}

Result<std::optional<HeaderRow>> Shelf::row(const core::BundleId& id) const {
  if (id.seq > log_row(id.log).highest) return std::optional<HeaderRow>{};
  SATCHEL_TRY_ASSIGN(const auto bytes, store_->get(keys::bundle(keys::kHeader, id)));
  if (!bytes) return std::optional<HeaderRow>{};
  SATCHEL_TRY_ASSIGN(HeaderRow found, decode_header_row(*bytes));
  return std::optional<HeaderRow>{std::move(found)};
}

LogRow Shelf::log_row(const LogId& log) const {
  const auto found = logs_.find(log);
  return found == logs_.end() ? LogRow{} : found->second;
}

bool Shelf::for_us(const LogId& log) const {
  return !own(log) && (log.audience == core::kEveryone || log.audience.value == self_.value);
}

Seq Shelf::covered(const LogId& log) const {
  if (for_us(log) || log.audience == core::kEveryone) return {};
  if (log.audience == core::kToHub) return proven(log).stored;
  const auto said = direct_.find(core::NodeNumber{log.audience.value});
  return said == direct_.end() ? Seq{} : said->second.at(log);
}

core::Frontier Shelf::frontier() const {
  core::Frontier out;
  for (const auto& [log, log_row] : logs_) out.raise(log, std::max(log_row.contiguous, covered(log)));
  if (receipt_) {
    for (const auto& [log, reached] : receipt_->logs) out.raise(log, covered(log));
  }
  for (const auto& [node, said] : direct_) {
    for (const auto& [log, seq] : said.entries()) out.raise(log, covered(log));
  }
  return out;
}

std::vector<Partial> Shelf::partials() const {
  std::vector<Partial> out;
  for (const auto& [id, arriving] : arriving_) out.push_back({id, arriving.offset});
  return out;
}

Result<std::optional<Header>> Shelf::header(const core::BundleId& id) const {
  SATCHEL_TRY_ASSIGN(const auto found, row(id));
  if (!found) return std::optional<Header>{};
  SATCHEL_TRY_ASSIGN(Header out, stored_header(found->header));
  return std::optional<Header>{std::move(out)};
}

Result<std::optional<core::Hash>> Shelf::previous_root(const core::BundleId& id) const {
  SATCHEL_TRY_ASSIGN(const auto found, row(id));
  if (!found) return std::optional<core::Hash>{};
  return std::optional<core::Hash>{found->previous};
}

Result<Bytes> Shelf::read(const core::BundleId& id, std::uint64_t offset, std::size_t n) const {
  SATCHEL_TRY_ASSIGN(const auto found, row(id));
  if (!found || found->body_dropped) return Code::kPictureNotHere;
  SATCHEL_TRY_ASSIGN(const Header parsed, stored_header(found->header));
  const std::uint64_t size = parsed.body_size();
  return read_range(*store_, parsed, offset, offset < size ? offset + std::min<std::uint64_t>(n, size - offset) : offset);
}

Result<Shelf::Held> Shelf::take_out(const core::BundleId& id) {
  SATCHEL_TRY_ASSIGN(const auto found, row(id));
  Held out;
  SATCHEL_TRY_ASSIGN(out.header, header_with_body(found));
  if (auto fresh = fresh_.take(id)) {
    out.body = *std::move(fresh);
    out.proven = true;
    return out;
  }
  SATCHEL_TRY_ASSIGN(out.body, read_range(*store_, out.header, 0, out.header.body_size()));
  return out;
}

Result<Shelf::Held> Shelf::body_of(const core::BundleId& id) const {
  SATCHEL_TRY_ASSIGN(const auto found, row(id));
  Held out;
  SATCHEL_TRY_ASSIGN(out.header, header_with_body(found));
  SATCHEL_TRY_ASSIGN(out.body, read_range(*store_, out.header, 0, out.header.body_size()));
  return out;
}

Result<Bytes> Shelf::read_body(const core::BundleId& id) const {
  return read(id, 0, static_cast<std::size_t>(kCiphertextMax + kChunksMax * kHashSize));
}

}  // namespace satchel::protocol
