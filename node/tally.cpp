#include "node/tally.h"

#include "core/store/keys.h"
#include "node/places.h"
#include "protocol/bundle/header.h"

namespace satchel::node {

using core::ByteReader;
using core::Bytes;
using core::ByteView;
using core::ByteWriter;
using core::Code;
using core::Error;
using core::NodeNumber;
using core::Result;
using core::StudentRef;
namespace keys = core::keys;

namespace {

constexpr std::uint8_t kStageBits = 0x0F;
enum Bit : std::uint8_t { kLastTerm = 0x10, kDrafted = 0x20, kSubmitted = 0x40, kProvable = 0x80 };
constexpr std::uint64_t kCellsMax = 256;
/// Digests a batch when the counts are made anew.
constexpr std::size_t kRebuildStep = 5000;
/// Removed rows that a scan may have to walk over before they are tidied away.
constexpr std::size_t kRemovedMost = 4096;

std::uint8_t cell_of(const Digest& digest) {
  auto cell = static_cast<std::uint8_t>(digest.stage);
  if (digest.last_term) cell |= kLastTerm;
  if (digest.drafted) cell |= kDrafted;
  if (digest.submitted) cell |= kSubmitted;
  if (provable(digest)) cell |= kProvable;
  return cell;
}

Bytes site_key(NodeNumber site) { return std::move(ByteWriter{}.u8(keys::kTally).u8('s').u32_be(site.value)).take(); }
Bytes class_key(std::string_view name) {
  return std::move(ByteWriter{}.u8(keys::kTally).u8('c').raw(core::as_bytes(name))).take();
}
Bytes proven_key(const core::LogId& log) {
  ByteWriter out;
  out.u8(keys::kTally).u8('p');
  keys::put_log(out, log);
  return std::move(out).take();
}
Bytes kept_key() { return keys::named(keys::kMeta, "tally.kept"); }

Bytes of_class_prefix(std::string_view name) {
  return std::move(ByteWriter{}.u8(keys::kOfClass).raw(core::as_bytes(name)).u8(0)).take();
}
Bytes of_site_prefix(NodeNumber site) { return std::move(ByteWriter{}.u8(keys::kOfSite).u32_be(site.value)).take(); }
Bytes with_student(Bytes prefix, StudentRef student) {
  core::append(prefix, ByteWriter{}.u64_be(student.value).bytes());
  return prefix;
}

Result<std::vector<StudentRef>> students_under(const core::Store& store, const Bytes& prefix) {
  std::vector<StudentRef> out;
  SATCHEL_TRY(store.scan(prefix, {}, [&](ByteView key, ByteView) {
    if (key.size() != prefix.size() + 8) return true;  // of a class whose name begins like this one
    ByteReader in{key.last(8)};
    out.push_back({in.u64_be()});
    return true;
  }));
  return out;
}

struct UnprovenRow {
  NodeNumber site;
  core::BundleId record;
  core::BundleId photo;
};

std::optional<UnprovenRow> decode_unproven(ByteView value) {
  ByteReader in{value};
  UnprovenRow out;
  out.site.value = in.u32();
  const auto record = bundle_id_from(in.raw(25));
  const auto photo = bundle_id_from(in.raw(25));
  if (!in.done() || !record || !photo) return std::nullopt;
  out.record = *record;
  out.photo = *photo;
  return out;
}

void put_unproven(core::WriteBatch& batch, StudentRef student, const Digest& digest) {
  ByteWriter out;
  out.u32(digest.site.value).raw(protocol::id_bytes(*digest.record_bundle)).raw(protocol::id_bytes(*digest.photo_bundle));
  batch.put(keys::student(keys::kUnproven, student), std::move(out).take());
}

Result<void> each_unproven(const core::Store& store, const std::function<void(StudentRef, const UnprovenRow&)>& visit) {
  bool whole = true;
  SATCHEL_TRY(store.scan(Bytes{keys::kUnproven}, {}, [&](ByteView key, ByteView value) {
    ByteReader in{key.subspan(1)};
    const StudentRef student{in.u64_be()};
    const auto row = decode_unproven(value);
    whole = row.has_value();
    if (whole) visit(student, *row);
    return whole;
  }));
  if (!whole) return Error{Code::kStoreDamaged, "unproven picture"};
  return {};
}

/// The receipt says all that was taken as proven.
Result<bool> still_proven(const core::Store& store, const std::optional<core::Receipt>& receipt) {
  bool out = true;
  SATCHEL_TRY(store.scan(Bytes{keys::kTally, 'p'}, {}, [&](ByteView key, ByteView value) {
    Bytes padded = core::to_bytes(key.subspan(1));  // a log's key is a bundle's without the number
    padded.insert(padded.end(), 8, 0);
    const auto id = keys::parse_at(padded);
    ByteReader in{value};
    out = id && receipt && receipt->at(id->log).opened.value >= in.u64() && receipt->at(id->log).stored.value >= 1;
    return out;
  }));
  return out;
}

/// All digests into counts of their own; the old ones are gone first. In between they do not count as kept, so that whatever
/// stops this half way, the next start begins again.
Result<void> count_anew(core::Store& store) {
  core::WriteBatch unkept;
  unkept.remove(kept_key());
  SATCHEL_TRY(store.commit(unkept, core::Durability::later));
  for (const char letter : {keys::kTally, keys::kUnproven, keys::kOfClass, keys::kOfSite}) {
    core::WriteBatch batch;
    SATCHEL_TRY(store.scan(Bytes{static_cast<std::uint8_t>(letter)}, {}, [&](ByteView key, ByteView) {
      batch.remove(core::to_bytes(key));
      return true;
    }));
    if (!batch.empty()) SATCHEL_TRY(store.commit(batch, core::Durability::later));
  }
  std::vector<std::pair<StudentRef, Digest>> step;
  std::optional<Error> trouble;
  const auto flush = [&]() -> Result<void> {
    core::WriteBatch batch;
    TallyChanges changes;
    for (const auto& [student, digest] : step) changes.change(batch, student, std::nullopt, digest);
    step.clear();
    SATCHEL_TRY(changes.put(store, batch));
    return batch.empty() ? Result<void>{} : store.commit(batch, core::Durability::later);
  };
  SATCHEL_TRY(each_digest(store, [&](StudentRef student, const Digest& digest) {
    step.emplace_back(student, digest);
    if (step.size() < kRebuildStep || trouble) return;
    if (const auto done = flush(); !done) trouble = done.error();
  }));
  if (trouble) return *trouble;
  SATCHEL_TRY(flush());
  core::WriteBatch kept;
  kept.put(kept_key(), Bytes{1});
  return store.commit(kept, core::Durability::synced);
}

}  // namespace

bool provable(const Digest& digest) {
  return digest.eligible() && digest.submitted && !digest.rejected() && digest.record_bundle && digest.photo_bundle;
}

void Tally::add(const Digest& digest, std::int64_t by) {
  const std::uint8_t cell = cell_of(digest);
  cells_[cell] += by;
  if (cells_[cell] == 0) cells_.erase(cell);
}

void Tally::merge(const Tally& other) {
  for (const auto& [cell, count] : other.cells_) {
    cells_[cell] += count;
    if (cells_[cell] == 0) cells_.erase(cell);
  }
}

void Tally::each(const std::function<void(const Digest&, std::uint64_t, bool)>& visit) const {
  for (const auto& [cell, count] : cells_) {
    if (count <= 0) continue;
    Digest like;
    like.stage = static_cast<core::Stage>(cell & kStageBits);
    like.last_term = (cell & kLastTerm) != 0;
    like.drafted = (cell & kDrafted) != 0;
    like.submitted = (cell & kSubmitted) != 0;
    visit(like, static_cast<std::uint64_t>(count), (cell & kProvable) != 0);
  }
}

Bytes Tally::encode() const {
  ByteWriter out;
  out.varint(cells_.size());
  for (const auto& [cell, count] : cells_) out.u8(cell).u64(static_cast<std::uint64_t>(count));
  return std::move(out).take();
}

Result<Tally> Tally::decode(ByteView bytes) {
  ByteReader in{bytes};
  Tally out;
  const std::uint64_t count = in.varint();
  if (count > kCellsMax) return Error{Code::kStoreDamaged, "tally"};
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint8_t cell = in.u8();
    out.cells_[cell] = static_cast<std::int64_t>(in.u64());
  }
  if (!in.done()) return Error{Code::kStoreDamaged, "tally"};
  return out;
}

void TallyChanges::change(core::WriteBatch& batch, StudentRef student, const std::optional<Digest>& before, const Digest& after) {
  if (before) {
    changed_[site_key(before->site)].add(*before, -1);
    changed_[class_key(before->class_name)].add(*before, -1);
  }
  changed_[site_key(after.site)].add(after, 1);
  changed_[class_key(after.class_name)].add(after, 1);
  if (before && before->site != after.site) batch.remove(with_student(of_site_prefix(before->site), student));
  if (before && before->class_name != after.class_name) batch.remove(with_student(of_class_prefix(before->class_name), student));
  if (!before || before->site != after.site) batch.put(with_student(of_site_prefix(after.site), student), {});
  if (!before || before->class_name != after.class_name) batch.put(with_student(of_class_prefix(after.class_name), student), {});
  if (provable(after)) {
    put_unproven(batch, student, after);
  } else if (before && provable(*before)) {
    batch.remove(keys::student(keys::kUnproven, student));
  }
}

Result<void> TallyChanges::put(const core::Store& store, core::WriteBatch& batch) {
  for (const auto& [key, change] : changed_) {
    if (change.empty()) continue;
    SATCHEL_TRY_ASSIGN(const auto row, store.get(key));
    Tally tally;
    if (row) {
      SATCHEL_TRY_ASSIGN(tally, Tally::decode(*row));
    }
    tally.merge(change);
    batch.put(key, tally.encode());
  }
  changed_.clear();
  return {};
}

Result<bool> tallies_kept(const core::Store& store) {
  SATCHEL_TRY_ASSIGN(const auto row, store.get(kept_key()));
  return row.has_value();
}

Result<void> keep_tallies(core::Store& store) {
  SATCHEL_TRY_ASSIGN(const bool kept, tallies_kept(store));
  return kept ? Result<void>{} : count_anew(store);
}

Result<void> each_site_tally(const core::Store& store, const std::function<void(NodeNumber, const Tally&)>& visit) {
  std::optional<Error> trouble;
  SATCHEL_TRY(store.scan(Bytes{keys::kTally, 's'}, {}, [&](ByteView key, ByteView value) {
    ByteReader in{key.subspan(2)};
    const NodeNumber site{in.u32_be()};
    const auto tally = Tally::decode(value);
    if (!tally) trouble = tally.error();
    if (tally) visit(site, *tally);
    return !trouble.has_value();
  }));
  if (trouble) return *trouble;
  return {};
}

Result<void> each_class_tally(const core::Store& store, const std::function<void(const std::string&, const Tally&)>& visit) {
  std::optional<Error> trouble;
  SATCHEL_TRY(store.scan(Bytes{keys::kTally, 'c'}, {}, [&](ByteView key, ByteView value) {
    const auto tally = Tally::decode(value);
    if (!tally) trouble = tally.error();
    if (tally) visit(std::string(core::as_text(key.subspan(2))), *tally);
    return !trouble.has_value();
  }));
  if (trouble) return *trouble;
  return {};
}

Result<std::vector<StudentRef>> students_of_class(const core::Store& store, std::string_view name) {
  return students_under(store, of_class_prefix(name));
}
Result<std::vector<StudentRef>> students_of_site(const core::Store& store, NodeNumber site) {
  return students_under(store, of_site_prefix(site));
}

Result<std::optional<std::map<NodeNumber, Unproven>>> unproven(const core::Store& store,
                                                               const std::optional<core::Receipt>& receipt) {
  using Answer = std::optional<std::map<NodeNumber, Unproven>>;
  SATCHEL_TRY_ASSIGN(const bool holds, still_proven(store, receipt));
  if (!holds) return Answer{};
  std::map<NodeNumber, Unproven> out;
  SATCHEL_TRY(each_unproven(store, [&](StudentRef, const UnprovenRow& row) {
    Unproven& site = out[row.site];
    ++site.students;
    if (!receipt) return;
    site.stored += receipt->stored(row.record) && receipt->stored(row.photo) ? 1U : 0U;
    site.opened += receipt->opened(row.record) && receipt->opened(row.photo) ? 1U : 0U;
  }));
  return Answer{std::move(out)};
}

Result<bool> settle_unproven(core::Store& store, const std::optional<core::Receipt>& receipt) {
  core::WriteBatch batch;
  SATCHEL_TRY_ASSIGN(const Settled settled, settle_unproven(store, receipt, batch));
  if (!batch.empty()) SATCHEL_TRY(store.commit(batch, core::Durability::later));
  SATCHEL_TRY(tidy_after(store, settled));
  return settled.left > 0;
}

Result<void> tidy_after(core::Store& store, const Settled& settled) {
  return settled.removed > kRemovedMost ? store.reclaim(Bytes{keys::kUnproven}) : Result<void>{};
}

Result<Settled> settle_unproven(core::Store& store, const std::optional<core::Receipt>& receipt, core::WriteBatch& batch) {
  SATCHEL_TRY_ASSIGN(const bool holds, still_proven(store, receipt));
  if (!holds) SATCHEL_TRY(count_anew(store));
  std::map<core::LogId, core::Seq> proven;
  Settled out;
  SATCHEL_TRY(each_unproven(store, [&](StudentRef student, const UnprovenRow& row) {
    const bool opened = receipt && receipt->opened(row.record) && receipt->opened(row.photo) && receipt->stored(row.record) &&
                        receipt->stored(row.photo);
    if (!opened) {
      ++out.left;
      return;
    }
    batch.remove(keys::student(keys::kUnproven, student));
    ++out.removed;
    for (const core::BundleId& id : {row.record, row.photo}) proven[id.log] = std::max(proven[id.log], id.seq);
  }));
  for (const auto& [log, seq] : proven) {
    SATCHEL_TRY_ASSIGN(const auto before, store.get(proven_key(log)));
    const std::uint64_t reached = before ? ByteReader{*before}.u64() : 0;
    if (seq.value > reached) batch.put(proven_key(log), ByteWriter{}.u64(seq.value).bytes());
  }
  return out;
}

}  // namespace satchel::node
