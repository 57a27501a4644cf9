#include "core/store/keys.h"
#include "protocol/shelf/rows.h"
#include "protocol/shelf/shelf.h"
#include "protocol/shelf/shelf_keys.h"

/// Bodies that nobody wants any more: of a picture that was rejected or superseded before it had come. The header is kept, so
/// that the log has no hole, the chain and the receipt go on, and an equivocation still shows; the body is neither asked for nor
/// kept.
namespace satchel::protocol {

namespace keys = core::keys;
using core::Code;
using core::Durability;
using core::Error;
using core::Result;
using core::WriteBatch;

void Shelf::let_go(WriteBatch& batch, core::NodeNumber author, core::BundleMark mark) const {
  batch.put(let_go_key(author, mark), {});
}

bool Shelf::unwanted(const Header& header) const {
  return let_go_.contains({header.id.log.author.node, core::bundle_mark(header.root)});
}

Result<void> Shelf::load_let_go() {
  let_go_.clear();
  bool whole = true;
  SATCHEL_TRY(store_->scan(core::Bytes{static_cast<std::uint8_t>(keys::kLetGo)}, {}, [&](core::ByteView key, core::ByteView) {
    core::ByteReader in{key.subspan(1)};
    const core::NodeNumber author{in.u32_be()};
    let_go_.insert({author, in.u64_be()});
    whole = in.done();
    return whole;
  }));
  if (!whole) return Error{Code::kStoreDamaged, "what was let go"};
  return {};
}

Result<void> Shelf::settle_let_go() {
  SATCHEL_TRY(load_let_go());
  std::vector<std::pair<Header, core::Hash>> arriving;
  for (const auto& [id, partial] : arriving_) {
    if (unwanted(partial.header)) arriving.emplace_back(partial.header, partial.previous);
  }
  for (const auto& [header, previous] : arriving) {
    // A kill between the two leaves a bundle that is offered again, and then its header is kept.
    SATCHEL_TRY(abandon(header.id));
    // A neighbour that another machine with the same disk wrote may have become whole since this one was begun.
    SATCHEL_TRY_ASSIGN(const bool fits, fits_neighbours(header, previous));
    SATCHEL_TRY(fits ? keep_header(header, previous) : keep_proof(header.id, {}, header.bytes));
  }
  return {};
}

/// The bundle counts as held from now on, without a body. Its signature has been verified.
Result<void> Shelf::keep_header(const Header& header, const core::Hash& previous) {
  const core::LogId& log = header.id.log;
  LogRow summary = log_row(log);
  const std::uint64_t arrival = arrivals_ + 1;
  WriteBatch batch;
  batch.put(keys::bundle(keys::kHeader, header.id), encode(HeaderRow{true, arrival, 0, previous, header.bytes}));
  summary.held_bundles += 1;
  summary.held_bytes += header.bytes.size();
  summary.last_arrival = arrival;
  summary.highest = std::max(summary.highest, header.id.seq);
  summary.contiguous = std::max(summary.contiguous, covered(log));
  if (header.id.seq.value == summary.contiguous.value + 1) {
    summary.contiguous = summary.root_at = header.id.seq;
    summary.root = header.root;
    SATCHEL_TRY(walk_on(log, summary));
  }
  batch.put(log_key(log), encode(summary));
  SATCHEL_TRY(commit(batch, Durability::later));
  arrivals_ = arrival;
  logs_[log] = summary;
  return {};
}

}  // namespace satchel::protocol
