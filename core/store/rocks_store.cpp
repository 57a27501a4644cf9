#include "core/store/rocks_store.h"

#include <rocksdb/db.h>

#include <algorithm>
#include <bitset>
#include <filesystem>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/store/rocks_open.h"
#include "core/store/rocks_rows.h"
#include "core/store/rocks_status.h"
#include "core/store/value_log.h"

namespace satchel::core {
namespace {

using Status = rocksdb::Status;
namespace fs = std::filesystem;

constexpr std::size_t kMiB = 1024 * 1024;

/// Two write buffers, as tables, twice.
constexpr std::uintmax_t kRoomToFlush = 16 * kMiB;
/// How much of large values reclaim() copies before it gives their old files back.
constexpr std::uint64_t kMoveMost = 256 * kMiB;
/// ... and how much in one commit.
constexpr std::uint64_t kMoveStep = kMiB;

Result<std::optional<Bytes>> get_at(rocksdb::DB& db, const ValueLog& values, const rocksdb::Snapshot* moment, ByteView key) {
  SATCHEL_TRY_ASSIGN(auto row, row_at(db, moment, key));
  const auto place = row ? place_in(*row) : std::nullopt;
  if (!place) return row;
  SATCHEL_TRY_ASSIGN(Bytes value, values.read(*place));
  return std::optional<Bytes>{std::move(value)};
}

/// The smallest key behind all that begin with `prefix`; empty when there is none.
Bytes behind(ByteView prefix) {
  Bytes out = to_bytes(prefix);
  while (!out.empty() && out.back() == 0xFF) out.pop_back();
  if (!out.empty()) ++out.back();
  return out;
}

enum class Direction { up, down };

/// Rows as they stand in RocksDB, our own among them.
Result<void> rows_at(rocksdb::DB& db, const rocksdb::Snapshot* moment, ByteView prefix, ByteView from, Direction direction,
                     const Visit& visit) {
  const Bytes end = behind(prefix);
  const rocksdb::Slice upper = slice(end);
  const rocksdb::Slice lower = slice(prefix);
  rocksdb::ReadOptions options;
  options.snapshot = moment;
  if (!end.empty()) options.iterate_upper_bound = &upper;
  if (!prefix.empty()) options.iterate_lower_bound = &lower;
  const std::unique_ptr<rocksdb::Iterator> at{db.NewIterator(options)};
  if (direction == Direction::down) {
    at->SeekToLast();
  } else {
    at->Seek(from.empty() || slice(from).compare(lower) < 0 ? lower : slice(from));
  }
  for (; at->Valid(); direction == Direction::up ? at->Next() : at->Prev()) {
    if (!visit(view(at->key()), view(at->value()))) return {};
  }
  if (!at->status().ok()) return to_error(at->status(), Code::kStoreIo);
  return {};
}

Result<void> scan_at(rocksdb::DB& db, const ValueLog& values, const rocksdb::Snapshot* moment, ByteView prefix, ByteView from,
                     Direction direction, const Visit& visit) {
  std::optional<Error> fault;
  SATCHEL_TRY(rows_at(db, moment, prefix, from, direction, [&](ByteView key, ByteView row) {
    if (own_row(key)) return true;
    const auto place = place_in(row);
    if (!place) return visit(key, row);
    const auto value = values.read(*place);
    if (!value) fault = value.error();
    return value && visit(key, *value);
  }));
  if (fault) return *fault;
  return {};
}

class RocksSnapshot final : public Snapshot {
 public:
  RocksSnapshot(rocksdb::DB& db, const ValueLog& values)
      : db_(db), values_(values), held_(values.hold()), moment_(db.GetSnapshot()) {}
  RocksSnapshot(const RocksSnapshot&) = delete;
  RocksSnapshot& operator=(const RocksSnapshot&) = delete;
  ~RocksSnapshot() override { db_.ReleaseSnapshot(moment_); }
  Result<std::optional<Bytes>> get(ByteView key) const override { return get_at(db_, values_, moment_, key); }
  Result<void> scan(ByteView prefix, ByteView from, const Visit& visit) const override {
    return scan_at(db_, values_, moment_, prefix, from, Direction::up, visit);
  }
  Result<void> scan_back(ByteView prefix, const Visit& visit) const override {
    return scan_at(db_, values_, moment_, prefix, {}, Direction::down, visit);
  }

 private:
  rocksdb::DB& db_;
  const ValueLog& values_;
  std::shared_ptr<const void> held_;
  const rocksdb::Snapshot* moment_;
};

/// A row whose value lies in the value log.
struct FarRow {
  Bytes key;
  ValuePlace place;
};

/// For each first byte of a key, whether values of such keys lie in the value log, or did.
using FarKeys = std::bitset<256>;

Bytes encode(const FarKeys& keys) {
  Bytes out(keys.size() / 8);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i]) out[i / 8] = static_cast<std::uint8_t>(out[i / 8] | (1U << (i % 8)));
  }
  return out;
}
FarKeys decode_far_keys(ByteView row) {
  FarKeys out;
  for (std::size_t i = 0; i < out.size() && i / 8 < row.size(); ++i) out[i] = (row[i / 8] >> (i % 8) & 1U) != 0;
  return out;
}

/// Which rows a store begins with.
struct OwnRows {
  std::uint64_t synced_commits = 0;
  FarKeys far_keys;
};

Result<OwnRows> own_rows(rocksdb::DB& db) {
  OwnRows out;
  SATCHEL_TRY_ASSIGN(const auto synced, row_at(db, nullptr, as_bytes(kSyncedCount)));
  if (synced) out.synced_commits = ByteReader{*synced}.u64();
  SATCHEL_TRY_ASSIGN(const auto far, row_at(db, nullptr, as_bytes(kFarKeys)));
  if (far) out.far_keys = decode_far_keys(*far);
  return out;
}

class RocksStore final : public Store {
 public:
  RocksStore(OpenedRocks opened, std::string folder, OpenMode mode, const OwnRows& own)
      : values_(std::move(opened.values)),
        db_(std::move(opened.db)),
        folder_(std::move(folder)),
        mode_(mode),
        salvaged_(opened.salvaged),
        synced_commits_(own.synced_commits),
        far_keys_(own.far_keys) {}
  RocksStore(const RocksStore&) = delete;
  RocksStore& operator=(const RocksStore&) = delete;
  ~RocksStore() override;
  Result<std::optional<Bytes>> get(ByteView key) const override {
    const auto held = values_->hold();
    return get_at(*db_, *values_, nullptr, key);
  }
  Result<void> scan(ByteView prefix, ByteView from, const Visit& visit) const override {
    const auto held = values_->hold();
    return scan_at(*db_, *values_, nullptr, prefix, from, Direction::up, visit);
  }
  Result<void> scan_back(ByteView prefix, const Visit& visit) const override {
    const auto held = values_->hold();
    return scan_at(*db_, *values_, nullptr, prefix, {}, Direction::down, visit);
  }
  Result<void> commit(const WriteBatch& batch, Durability durability) override;
  std::unique_ptr<Snapshot> snapshot() const override { return std::make_unique<RocksSnapshot>(*db_, *values_); }
  Result<void> reclaim(ByteView prefix) override;
  bool salvaged() const override { return salvaged_; }

 private:
  bool room_to_flush() const;
  Result<void> write(rocksdb::WriteBatch& changes, Durability durability);
  Result<void> each_far_row(const std::function<void(ByteView key, const ValuePlace&)>& visit);
  Result<void> reclaim_values(ByteView prefix);
  Result<void> move_values(const std::set<std::uint32_t>& files);
  Result<void> move_rows(const std::vector<FarRow>& rows, std::set<std::uint32_t>& kept);
  Result<void> drop(std::vector<std::uint32_t> files);

  std::shared_ptr<ValueLog> values_;
  std::unique_ptr<rocksdb::DB> db_;
  std::string folder_;
  OpenMode mode_;
  bool salvaged_;
  std::mutex writing_;  ///< of all below: in one order to the value log and to RocksDB's
  std::uint64_t synced_commits_;
  FarKeys far_keys_;
  bool failed_ = false;  ///< after a failed write RocksDB refuses all others until it is told to resume
  std::uint64_t written_bytes_ = 0;
};

bool RocksStore::room_to_flush() const {
  std::error_code unknown;
  const fs::space_info space = fs::space(folder_, unknown);
  return unknown || space.available >= kRoomToFlush;
}

/// After a long log the next opening, of which there is one a command, would have to replay it: 10 MB cost 100 ms. All is safe
/// already, so a failure is no harm.
RocksStore::~RocksStore() {
  if (written_bytes_ > kLogToFlush && !failed_ && room_to_flush()) [[maybe_unused]]
    const Status flushed = db_->Flush(rocksdb::FlushOptions{});
}

/// Under writing_. What is synced names only values that are synced.
Result<void> RocksStore::write(rocksdb::WriteBatch& changes, Durability durability) {
  rocksdb::WriteOptions options;
  options.sync = durability == Durability::synced;
  if (options.sync) {
    SATCHEL_TRY(values_->sync());
    const Bytes count = ByteWriter{}.u64(++synced_commits_).bytes();
    const Status added = changes.Put({kSyncedCount.data(), kSyncedCount.size()}, slice(count));
    SATCHEL_CHECK(added.ok());
  }
  const Status status = db_->Write(options, &changes);
  if (status.ok()) {
    written_bytes_ += changes.GetDataSize();
    return {};
  }
  failed_ = true;
  return to_error(status, Code::kStoreIo);
}

Result<void> RocksStore::commit(const WriteBatch& batch, Durability durability) {
  if (mode_ == OpenMode::read_only) return Error{Code::kStoreOpen, "opened to read only"};
  const std::lock_guard lock{writing_};
  if (failed_) {
    // Resume() flushes, and waits for ever when that flush finds no room (RocksDB 7.8, with automatic recovery off).
    if (!room_to_flush()) return Error{Code::kDiskFull, "16 MB must be free to go on"};
    if (const Status resumed = db_->Resume(); !resumed.ok()) return to_error(resumed, Code::kStoreIo);
    failed_ = false;
  }
  // In the order of keys, RocksDB finds the place of a row from that of the one before. Of two changes of one key the later one
  // still comes later.
  std::vector<const WriteBatch::Change*> ordered;
  ordered.reserve(batch.changes().size());
  for (const WriteBatch::Change& change : batch.changes()) ordered.push_back(&change);
  std::ranges::stable_sort(ordered, {}, [](const WriteBatch::Change* change) { return as_text(change->key); });
  std::vector<ByteView> far;
  for (const WriteBatch::Change* change : ordered) {
    if (change->value && lies_far(*change->value)) far.push_back(*change->value);
  }
  SATCHEL_TRY_ASSIGN(const auto places, values_->append(far));
  rocksdb::WriteBatch changes;
  FarKeys far_keys = far_keys_;
  auto place = places.begin();
  for (const WriteBatch::Change* change : ordered) {
    Status added;
    if (!change->value) {
      added = changes.Delete(slice(change->key));
    } else if (lies_far(*change->value)) {
      far_keys.set(change->key.empty() ? 0 : change->key.front());
      added = changes.Put(slice(change->key), slice(far_row(*place++)));
    } else {
      added = changes.Put(slice(change->key), slice(*change->value));
    }
    SATCHEL_CHECK(added.ok());
  }
  if (far_keys != far_keys_) {
    const Status added = changes.Put({kFarKeys.data(), kFarKeys.size()}, slice(encode(far_keys)));
    SATCHEL_CHECK(added.ok());
  }
  SATCHEL_TRY(write(changes, durability));
  far_keys_ = far_keys;
  return {};
}

Result<void> RocksStore::each_far_row(const std::function<void(ByteView key, const ValuePlace&)>& visit) {
  FarKeys letters;
  {
    const std::lock_guard lock{writing_};
    letters = far_keys_;
  }
  for (std::size_t letter = 0; letter < letters.size(); ++letter) {
    if (!letters[letter]) continue;
    // The empty key stands with those that begin with a zero: before them.
    const Bytes prefix = letter == 0 ? Bytes{} : Bytes{static_cast<std::uint8_t>(letter)};
    SATCHEL_TRY(rows_at(*db_, nullptr, prefix, {}, Direction::up, [&](ByteView key, ByteView row) {
      if (letter == 0 && !key.empty() && key.front() != 0) return false;
      if (const auto place = place_in(row)) visit(key, *place);
      return true;
    }));
  }
  return {};
}

/// Writes the rows' values anew, but for those that have changed meanwhile. The file of a value that cannot be read is kept.
Result<void> RocksStore::move_rows(const std::vector<FarRow>& rows, std::set<std::uint32_t>& kept) {
  const std::lock_guard lock{writing_};
  std::vector<const FarRow*> moved;
  std::vector<Bytes> values;
  for (const FarRow& row : rows) {
    SATCHEL_TRY_ASSIGN(const auto now, row_at(*db_, nullptr, row.key));
    if (!now || place_in(*now) != row.place) continue;
    auto value = values_->read(row.place);
    if (!value) {
      kept.insert(row.place.file);
      continue;
    }
    moved.push_back(&row);
    values.push_back(*std::move(value));
  }
  const std::vector<ByteView> views(values.begin(), values.end());
  SATCHEL_TRY_ASSIGN(const auto places, values_->append(views));
  rocksdb::WriteBatch changes;
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const Status added = changes.Put(slice(moved[i]->key), slice(far_row(places[i])));
    SATCHEL_CHECK(added.ok());
  }
  return write(changes, Durability::later);
}

/// Gives `files` back once what lives in them lies elsewhere.
Result<void> RocksStore::move_values(const std::set<std::uint32_t>& files) {
  std::vector<FarRow> rows;
  std::set<std::uint32_t> kept;
  std::uint64_t bytes = 0;
  Result<void> failed;
  SATCHEL_TRY(each_far_row([&](ByteView key, const ValuePlace& place) {
    if (!failed || !files.contains(place.file)) return;
    rows.push_back({to_bytes(key), place});
    bytes += place.size;
    if (bytes < kMoveStep) return;
    failed = move_rows(std::exchange(rows, {}), kept);
    bytes = 0;
  }));
  if (!failed) return failed;
  SATCHEL_TRY(move_rows(rows, kept));
  std::vector<std::uint32_t> empty;
  std::ranges::set_difference(files, kept, std::back_inserter(empty));
  return drop(std::move(empty));
}

/// Once the database would remember, after a power cut too, that nothing lies in them.
Result<void> RocksStore::drop(std::vector<std::uint32_t> files) {
  if (files.empty()) return {};
  {
    const std::lock_guard lock{writing_};
    rocksdb::WriteBatch nothing;
    SATCHEL_TRY(write(nothing, Durability::synced));
  }
  values_->drop(std::move(files));
  return {};
}

/// Files in which nothing lives go at once; what lives in the others is moved, a few files at a time, so that this needs little
/// more room than it gives.
Result<void> RocksStore::reclaim_values(ByteView prefix) {
  {
    const std::lock_guard lock{writing_};
    if (prefix.empty() ? far_keys_.none() : !far_keys_[prefix.front()]) return {};
    SATCHEL_TRY(values_->begin_new_file());
  }
  SATCHEL_TRY_ASSIGN(const auto files, values_->closed_files());
  std::map<std::uint32_t, std::uint64_t> living;
  SATCHEL_TRY(each_far_row([&](ByteView, const ValuePlace& place) { living[place.file] += place.size; }));
  std::vector<std::uint32_t> dead;
  for (const auto& [file, size] : files) {
    if (!living.contains(file)) dead.push_back(file);
  }
  SATCHEL_TRY(drop(std::move(dead)));
  std::set<std::uint32_t> some;
  std::uint64_t bytes = 0;
  for (const auto& [file, size] : files) {
    if (!living.contains(file) || living[file] >= size) continue;
    some.insert(file);
    bytes += living[file];
    if (bytes < kMoveMost) continue;
    SATCHEL_TRY(move_values(std::exchange(some, {})));
    bytes = 0;
  }
  return some.empty() ? Result<void>{} : move_values(some);
}

Result<void> RocksStore::reclaim(ByteView prefix) {
  if (mode_ == OpenMode::read_only) return Error{Code::kStoreOpen, "opened to read only"};
  {
    const std::lock_guard lock{writing_};
    if (failed_ || !room_to_flush()) return {};  // it would begin by writing; commit() says what is wrong
  }
  SATCHEL_TRY(reclaim_values(prefix));
  const Bytes end = behind(prefix);
  const rocksdb::Slice lower = slice(prefix);
  const rocksdb::Slice upper = slice(end);
  rocksdb::CompactRangeOptions options;
  // The lowest level, too: only there is what was removed let go of.
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  options.blob_garbage_collection_policy = rocksdb::BlobGarbageCollectionPolicy::kForce;
  options.blob_garbage_collection_age_cutoff = 1.0;
  const Status status = db_->CompactRange(options, prefix.empty() ? nullptr : &lower, end.empty() ? nullptr : &upper);
  if (!status.ok()) return to_error(status, Code::kStoreIo);
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocks_store(const std::string& folder, OpenMode mode) {
  SATCHEL_TRY_ASSIGN(OpenedRocks opened, open_rocks(folder, mode));
  SATCHEL_TRY_ASSIGN(const OwnRows own, own_rows(*opened.db));
  return std::unique_ptr<Store>{std::make_unique<RocksStore>(std::move(opened), folder, mode, own)};
}

}  // namespace satchel::core
