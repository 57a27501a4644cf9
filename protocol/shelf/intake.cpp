#include <algorithm>

#include "core/store/keys.h"
#include "protocol/shelf/body_store.h"
#include "protocol/shelf/shelf.h"
#include "protocol/shelf/shelf_keys.h"

namespace satchel::protocol {

namespace keys = core::keys;
using core::Bytes;
using core::ByteView;
using core::Code;
using core::Durability;
using core::Error;
using core::Result;
using core::Seq;
using core::WriteBatch;

namespace {

Begin refuse(Error why) { return {Begin::Outcome::refused, 0, std::move(why)}; }
Begin refuse(Code code) { return refuse(Error{code, {}}); }

}  // namespace

Result<void> Shelf::reload(Arriving& arriving) {
  const Header& header = arriving.header;
  arriving.loaded = false;
  arriving.held.clear();
  fresh_.forget(header.id);
  SATCHEL_TRY_ASSIGN(arriving.offset, body_reach(*store_, header));
  arriving.held_from = arriving.offset;
  arriving.list.clear();
  arriving.proof.clear();
  arriving.in_rows.clear();
  if (header.list_size() > 0 && arriving.offset >= header.list_size()) {
    SATCHEL_TRY_ASSIGN(arriving.list, read_range(*store_, header, 0, header.list_size()));
  }
  if (arriving.offset < header.body_size()) {
    SATCHEL_TRY_ASSIGN(arriving.proof, read_range(*store_, header, header.proof_start(arriving.offset), arriving.offset));
    const std::uint64_t block = block_start(header, arriving.offset);
    SATCHEL_TRY(store_->scan(keys::bundle(keys::kChunk, header.id), piece_key(header.id, block), [&](ByteView key, ByteView) {
      core::ByteReader in{key.last(8)};
      arriving.in_rows.push_back(in.u64_be());
      return true;
    }));
  }
  arriving.loaded = true;
  return {};
}

/// What is in memory of the body: its offset, and the bytes from there to where it has come.
std::pair<std::uint64_t, ByteView> Shelf::in_memory(const Arriving& arriving) const {
  if (const auto fresh = fresh_.so_far(arriving.header.id)) return {0, *fresh};
  return {arriving.offset - arriving.proof.size(), arriving.proof};
}

/// Rows for the bytes that wait in memory, up to `end`: whole blocks, and what has begun of the last one.
void Shelf::put_waiting(WriteBatch& batch, Arriving& arriving, std::uint64_t end) {
  const Header& header = arriving.header;
  const auto [from, bytes] = in_memory(arriving);
  for (std::uint64_t at = arriving.held_from; at < end;) {
    const std::uint64_t stop = block_end(header, at);
    const bool whole = stop <= end;
    const std::uint64_t first = whole ? block_start(header, at) : at;
    const std::uint64_t last = std::min(stop, end);
    if (whole) {
      for (const std::uint64_t row : arriving.in_rows) batch.remove(piece_key(header.id, row));
      arriving.in_rows.clear();
    } else {
      arriving.in_rows.push_back(first);
    }
    batch.put(piece_key(header.id, first), core::to_bytes(bytes.subspan(first - from, last - first)));
    at = last;
  }
}

/// Takes `piece`, which does not cross the end of a block, at the wanted offset. On return the store and `arriving` agree, but
/// for what came fast: more is about to follow, and one commit is cheaper than one a block. When the piece completed a list or
/// chunk that is not what the header names, that list or chunk is gone again.
Result<void> Shelf::store_piece(Arriving& arriving, ByteView piece, Pace pace, Last last) {
  const Header& header = arriving.header;
  const std::uint64_t start = header.proof_start(arriving.offset);
  const std::uint64_t end = arriving.offset + piece.size();
  const bool proof_full = end == header.proof_end(arriving.offset);
  const bool fresh = fresh_.so_far(header.id).has_value();
  if (fresh) {
    fresh_.add(header.id, arriving.offset, piece);
  } else {
    core::append(arriving.proof, piece);
  }
  arriving.offset = end;
  unsynced_bytes_ += piece.size();

  const auto [from, bytes] = in_memory(arriving);
  const ByteView proof = bytes.subspan(start - from);
  const bool bad = proof_full && !proves(header, arriving.list, start, proof);
  const bool held = !bad && end == header.body_size() && last == Last::hold;
  const bool memory_ends = proof_full && !fresh;
  const bool more_follows = pace == Pace::fast && end < header.body_size() && !memory_ends;
  const bool waits = !bad && more_follows && end - arriving.held_from < kWaitingMax;
  if (proof_full && !bad && start < header.list_size()) arriving.list = core::to_bytes(proof);
  if (waits) return {};

  std::uint64_t reach = start;
  WriteBatch batch;
  if (arriving.row_due && !held) {
    batch.put(keys::bundle(keys::kPartial, header.id), encode(PartialRow{arriving.previous, header.bytes}));
  }
  if (bad) {
    if (arriving.held_from > start) {
      SATCHEL_TRY(remove_from(*store_, batch, header, start, arriving.held_from));
    } else {
      put_waiting(batch, arriving, start);
    }
    fresh_.forget(header.id);
    arriving.in_rows.clear();
    arriving.offset = start;
  } else {
    // A block that has begun would be written again with its rest.
    reach = more_follows ? block_start(header, end) : end;
    put_waiting(batch, arriving, reach);
  }
  if (proof_full) arriving.proof.clear();
  if (held) {
    arriving.held = std::move(batch);
    return {};
  }
  const std::uint64_t unsynced_max = pace == Pace::fast ? kUnsyncedFastMax : kUnsyncedMax;
  SATCHEL_TRY(commit(batch, unsynced_bytes_ >= unsynced_max ? Durability::synced : Durability::later));
  arriving.row_due = false;
  arriving.held_from = reach;
  return {};
}

/// What waits in memory.
Result<void> Shelf::keep_begun() {
  for (auto& [id, arriving] : arriving_) {
    const bool waits = arriving.loaded && arriving.held.empty() && arriving.offset > arriving.held_from;
    if (!waits) continue;
    WriteBatch batch;
    if (arriving.row_due)
      batch.put(keys::bundle(keys::kPartial, id), encode(PartialRow{arriving.previous, arriving.header.bytes}));
    put_waiting(batch, arriving, arriving.offset);
    if (auto kept = commit(batch, Durability::later); !kept) {
      arriving.loaded = false;
      arriving.offset = arriving.held_from;
      return kept;
    }
    arriving.row_due = false;
    arriving.held_from = arriving.offset;
  }
  return {};
}

Result<Progress> Shelf::append(const core::BundleId& id, std::uint64_t offset, ByteView bytes, Pace pace) {
  return add(id, offset, bytes, pace, Last::store);
}

Result<Progress> Shelf::take(const core::BundleId& id, std::uint64_t offset, ByteView bytes, Pace pace) {
  SATCHEL_TRY_ASSIGN(const Progress progress, add(id, offset, bytes, pace, Last::hold));
  if (progress.whole) SATCHEL_TRY(finish(id));
  return progress;
}

Result<Progress> Shelf::add(const core::BundleId& id, std::uint64_t offset, ByteView bytes, Pace pace, Last last) {
  const auto found = arriving_.find(id);
  if (found == arriving_.end()) {
    SATCHEL_TRY_ASSIGN(const auto complete, header(id));
    if (!complete) return Error{Code::kMalformed, "body without a header"};
    return Progress{complete->body_size(), true, false};
  }
  Arriving& arriving = found->second;
  if (!arriving.loaded) SATCHEL_TRY(reload(arriving));
  const std::uint64_t size = arriving.header.body_size();
  if (offset > arriving.offset) return Progress{arriving.offset, false, false};
  if (arriving.offset - offset >= bytes.size()) return Progress{arriving.offset, arriving.offset == size, false};
  ByteView rest = bytes.subspan(arriving.offset - offset);
  if (rest.size() > size - arriving.offset) return Error{Code::kLimitExceeded, "more body than the header says"};
  while (!rest.empty()) {
    const std::uint64_t room = block_end(arriving.header, arriving.offset) - arriving.offset;
    const ByteView piece = rest.first(static_cast<std::size_t>(std::min<std::uint64_t>(room, rest.size())));
    const std::uint64_t wanted = arriving.offset + piece.size();
    if (auto stored = store_piece(arriving, piece, pace, last); !stored) {
      arriving.loaded = false;
      arriving.offset = arriving.held_from;
      fresh_.forget(id);
      return stored.error();
    }
    if (arriving.offset != wanted) return Progress{arriving.offset, false, true};
    rest = rest.subspan(piece.size());
  }
  return Progress{arriving.offset, arriving.offset == size, false};
}

/// Goes on over the bundles that arrived beyond the gap that has just been filled.
Result<void> Shelf::walk_on(const core::LogId& log, LogRow& log_row) const {
  if (log_row.highest <= log_row.contiguous) return {};
  std::optional<Error> fault;
  const auto visit = [&](ByteView key, ByteView value) {
    const auto id = keys::parse_at(key);
    if (!id || id->seq.value != log_row.contiguous.value + 1) return false;
    auto stored = decode_header_row(value);
    auto parsed = stored ? stored_header(stored->header) : Result<Header>{stored.error()};
    if (!parsed) {
      fault = parsed.error();
      return false;
    }
    log_row.contiguous = log_row.root_at = id->seq;
    log_row.root = parsed->root;
    return true;
  };
  const Seq next{log_row.contiguous.value + 1};
  SATCHEL_TRY(store_->scan(keys::log(keys::kHeader, log), keys::at(keys::kHeader, log, next), visit));
  if (fault) return *fault;
  return {};
}

Result<void> Shelf::put_complete(WriteBatch& batch, const Arriving& arriving, LogRow& log) {
  const Header& header = arriving.header;
  const std::uint64_t arrival = arrivals_ + 1;
  if (!arriving.row_due) batch.remove(keys::bundle(keys::kPartial, header.id));
  batch.put(keys::bundle(keys::kHeader, header.id), encode(HeaderRow{false, arrival, 0, arriving.previous, header.bytes}));
  if (header.urgent && !for_us_alone(header.id.log)) batch.put(keys::bundle(keys::kUrgent, header.id), {});
  if (for_us(header.id.log)) {
    core::ByteWriter order;
    order.u64_be(arrival);
    batch.put(keys::bundle(keys::kInbox, header.id), std::move(order).take());
  }
  log.held_bundles += 1;
  log.held_bytes += header.bytes.size() + header.body_size();
  log.last_arrival = arrival;
  log.highest = std::max(log.highest, header.id.seq);
  log.contiguous = std::max(log.contiguous, covered(header.id.log));
  if (header.id.seq.value == log.contiguous.value + 1) {
    log.contiguous = log.root_at = header.id.seq;
    log.root = header.root;
    SATCHEL_TRY(walk_on(header.id.log, log));
  }
  batch.put(log_key(header.id.log), encode(log));
  return {};
}

Result<void> Shelf::finish(const core::BundleId& id) {
  const auto found = arriving_.find(id);
  if (found == arriving_.end()) {
    SATCHEL_TRY_ASSIGN(const auto complete, row(id));
    if (!complete) return Error{Code::kMalformed, "no such bundle is arriving"};
    return {};
  }
  Arriving& arriving = found->second;
  if (arriving.offset != arriving.header.body_size()) return Error{Code::kMalformed, "the body is not whole"};
  // A neighbour may have become complete since begin().
  SATCHEL_TRY_ASSIGN(const bool fits, fits_neighbours(arriving.header, arriving.previous));
  if (!fits) {
    SATCHEL_TRY(keep_proof(id, {}, arriving.header.bytes));
    SATCHEL_TRY(abandon(id));
    return Error{Code::kEquivocation, {}};
  }
  const bool held = !arriving.held.empty();
  WriteBatch batch = std::move(arriving.held);
  LogRow log = log_row(id.log);
  auto written = put_complete(batch, arriving, log);
  if (written) written = commit(batch, Durability::later);
  if (!written) {
    if (held) arriving.offset = arriving.held_from;
    arriving.loaded = false;
    arriving.held.clear();
    fresh_.forget(id);
    return written.error();
  }
  arrivals_ = log.last_arrival;
  if (for_us(id.log)) inbox_[id] = log.last_arrival;
  logs_[id.log] = log;
  arriving_.erase(found);
  return {};
}

Result<void> Shelf::abandon(const core::BundleId& id) {
  const auto found = arriving_.find(id);
  if (found == arriving_.end()) return {};
  WriteBatch batch;
  batch.remove(keys::bundle(keys::kPartial, id));
  fresh_.forget(id);
  SATCHEL_TRY_ASSIGN(const std::uint64_t reach, body_reach(*store_, found->second.header));
  SATCHEL_TRY(remove_from(*store_, batch, found->second.header, 0, reach));
  SATCHEL_TRY(commit(batch, Durability::later));
  arriving_.erase(found);
  return {};
}

// --- begin

Result<std::optional<core::Hash>> Shelf::known_root(const core::LogId& log, Seq seq) const {
  if (seq.value == 0) return std::optional<core::Hash>{core::Hash{}};
  const LogRow log_summary = log_row(log);
  if (log_summary.root_at == seq) return std::optional<core::Hash>{log_summary.root};
  SATCHEL_TRY_ASSIGN(const auto there, header({log, seq}));
  if (there) return std::optional<core::Hash>{there->root};
  return std::optional<core::Hash>{};
}

Result<bool> Shelf::fits_neighbours(const Header& header, const core::Hash& previous) const {
  const Seq place{header.id.seq.value - 1};
  SATCHEL_TRY_ASSIGN(const auto before, known_root(header.id.log, place));
  if (before && *before != previous) {
    // What a receipt freed here may have been the other word of an author whose disk was set back: the hub had the one that
    // counts, and nothing is left to show.
    if (place.value == 0) return false;
    SATCHEL_TRY_ASSIGN(const auto held, row({header.id.log, place}));
    if (held) return false;
  }
  SATCHEL_TRY_ASSIGN(const auto after, previous_root({header.id.log, Seq{header.id.seq.value + 1}}));
  return !after || *after == header.root;
}

Result<void> Shelf::keep_proof(const core::BundleId& at, ByteView kept, ByteView other) {
  SATCHEL_TRY_ASSIGN(const auto there, store_->get(keys::bundle(keys::kEquivocation, at)));
  if (there) return {};  // one proof is enough
  core::ByteWriter out;
  out.sized(kept).sized(other);
  WriteBatch batch;
  batch.put(keys::bundle(keys::kEquivocation, at), std::move(out).take());
  return commit(batch, Durability::later);
}

/// A validly signed header that cannot stand beside what we hold: at its own place, or at a neighbour's.
Result<Begin> Shelf::equivocation(const Header& header) {
  if (own(header.id.log)) SATCHEL_TRY(note_beyond(header.id, true));
  SATCHEL_TRY_ASSIGN(const auto against, standing_against(header));
  SATCHEL_TRY(keep_proof(header.id, against ? ByteView{against->header.bytes} : ByteView{}, header.bytes));
  return refuse(Code::kEquivocation);
}

/// What can be said without the signature: a bundle that we hold with the same root, or that nobody needs any more.
Result<std::optional<Begin>> Shelf::check_known(const Header& header) {
  using Answer = std::optional<Begin>;
  const core::BundleId& id = header.id;
  if (id.log.audience != core::kToHub && id.log.author.node != core::kHubNumber) {
    return Answer{refuse({Code::kMalformed, "only the hub writes to nodes"})};
  }
  SATCHEL_TRY_ASSIGN(const auto there, this->header(id));
  if (there && there->root == header.root) return Answer{Begin{Begin::Outcome::have, 0, {}}};
  // Freed under a receipt: nothing is left here to compare it with.
  if (!there && !own(id.log) && std::max(log_row(id.log).contiguous, covered(id.log)) >= id.seq) {
    return Answer{Begin{Begin::Outcome::have, 0, {}}};
  }
  if (!membership_->find(id.log.author.node)) return Answer{refuse(Code::kPeerNotEnrolled)};
  if (!membership_->trusted(id)) return Answer{refuse(Code::kRevoked)};
  return Answer{};
}

/// Sets `previous` to the root that the author signed; or answers.
Result<std::optional<Begin>> Shelf::check_signature(const Header& header, const std::optional<core::Hash>& claimed,
                                                    core::Hash& previous) {
  using Answer = std::optional<Begin>;
  const core::SignPublic author = membership_->find(header.id.log.author.node)->sign;
  SATCHEL_TRY_ASSIGN(const auto known, known_root(header.id.log, Seq{header.id.seq.value - 1}));
  if (known && verify_header(header, *known, author)) {
    previous = *known;
    return Answer{};
  }
  if (!claimed) {
    if (header.id.seq.value == 1) return Answer{refuse(Code::kSignatureBad)};
    return Answer{Begin{Begin::Outcome::need_previous, 0, {}}};
  }
  if (!verify_header(header, *claimed, author)) return Answer{refuse(Code::kSignatureBad)};
  previous = *claimed;
  return Answer{};
}

Result<Begin> Shelf::begin(ByteView header_bytes, const std::optional<core::Hash>& claimed) {
  auto parsed = parse_header(header_bytes);
  if (!parsed) return refuse(parsed.error());
  const Header& header = *parsed;
  SATCHEL_TRY_ASSIGN(const auto known, check_known(header));
  if (known) return *known;
  core::Hash previous;
  SATCHEL_TRY_ASSIGN(const auto unsigned_answer, check_signature(header, claimed, previous));
  if (unsigned_answer) return *unsigned_answer;

  SATCHEL_TRY_ASSIGN(const auto there, row(header.id));
  SATCHEL_TRY_ASSIGN(const bool fits, fits_neighbours(header, previous));
  if (there || !fits) return equivocation(header);
  if (own(header.id.log)) {  // our own word from a life that this database has forgotten
    SATCHEL_TRY(note_beyond(header.id));
    return Begin{Begin::Outcome::have, 0, {}};
  }
  if (const auto partial = arriving_.find(header.id); partial != arriving_.end()) {
    if (partial->second.header.root != header.root) return equivocation(header);
    if (partial->second.offset < header.body_size()) return Begin{Begin::Outcome::take, partial->second.offset, {}};
    // A kill fell between the last byte and finish().
    auto finished = finish(header.id);
    if (finished) return Begin{Begin::Outcome::have, 0, {}, true};
    if (finished.error().code == Code::kEquivocation) return refuse(finished.error());
    return finished.error();
  }
  if (unwanted(header)) {
    SATCHEL_TRY(keep_header(header, previous));
    return Begin{Begin::Outcome::have, 0, {}, true};
  }
  if (auto full = over_quota(header)) {
    SATCHEL_TRY_ASSIGN(const bool room, make_room(header));
    if (room) full = over_quota(header);
    if (full) return refuse(*std::move(full));
  }
  Arriving arriving;
  arriving.header = header;
  arriving.previous = previous;
  arriving.row_due = arriving.loaded = true;  // nothing of it lies in the store
  arriving_.insert_or_assign(header.id, std::move(arriving));
  if (for_us(header.id.log)) fresh_.expect(header.id, header.body_size());
  return Begin{Begin::Outcome::take, 0, {}};
}

}  // namespace satchel::protocol
