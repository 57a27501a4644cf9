#include "core/store/rocks_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/check.h"
#include "core/store/rocks_store_checksum.h"

namespace satchel::core {
namespace {

using Status = rocksdb::Status;
namespace fs = std::filesystem;

constexpr std::size_t kMiB = 1024 * 1024;

/// Two write buffers, as tables, twice.
constexpr std::uintmax_t kRoomToFlush = 16 * kMiB;
/// A log up to this is replayed in a few milliseconds.
constexpr std::uintmax_t kLogToFlush = kMiB;

rocksdb::Slice slice(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
ByteView view(const rocksdb::Slice& bytes) { return as_bytes({bytes.data(), bytes.size()}); }

/// RocksDB's words name files and offsets, never keys' or values' content; keys hold nothing of a person (core/store/keys.h).
Error to_error(const Status& status, Code otherwise) {
  if (status.IsNoSpace()) return {Code::kDiskFull, status.ToString()};
  if (status.IsIOError()) return {otherwise, status.ToString()};
  return {Code::kStoreDamaged, status.ToString()};
}

/// RocksDB gives a held lock no code of its own: these are the words of its env/fs_posix.cc, for another process and for this
/// one.
bool lock_is_held(const Status& status) {
  const std::string words = status.ToString();
  return words.find("While lock file") != std::string::npos || words.find("lock hold by current process") != std::string::npos;
}

Error to_open_error(const Status& status) {
  if (lock_is_held(status)) return {Code::kStoreBusy, {}};
  if (status.IsInvalidArgument() || status.IsNotFound()) return {Code::kStoreOpen, status.ToString()};
  return to_error(status, Code::kStoreOpen);
}

/// What lies in the folder before RocksDB looks at it.
struct Found {
  bool current = false;  ///< the file that names the manifest
  bool tables = false;   ///< data files
  std::size_t wal_files = 0;
  std::uintmax_t wal_bytes = 0;
};

Found look_into(const std::string& folder) {
  Found out;
  std::error_code ignored;
  for (fs::directory_iterator at{folder, ignored}, end; at != end; at.increment(ignored)) {
    const fs::path path = at->path();
    if (path.filename() == "CURRENT") out.current = true;
    if (path.extension() == ".sst" || path.extension() == ".blob") out.tables = true;
    if (path.extension() != ".log") continue;
    ++out.wal_files;
    const std::uintmax_t size = fs::file_size(path, ignored);
    if (!ignored) out.wal_bytes += size;
  }
  return out;
}

/// RocksDB's own diary is not kept: a reader leaves no trace in the folder, and Debian's build of 7.8 ends the process by an
/// assertion when the diary finds the disk full. Whatever goes wrong comes back as a status.
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

/// A row of our own in RocksDB, which the Store never shows: counts the synced commits, so that after damage to the log one can
/// tell whether anything that was promised lies behind it.
constexpr std::string_view kSyncedCount = "\xFF\xFFsatchel synced commits";

using Recovery = rocksdb::WALRecoveryMode;

rocksdb::Options tuned(const Found& found, Recovery recovery) {
  rocksdb::Options out;
  out.create_if_missing = true;
  out.paranoid_checks = true;
  out.wal_recovery_mode = recovery;
  // Replaying a short log (4 ms to open) is faster than flushing it to a table (9 to 28 ms). But each opening adds a log, so at
  // some point the flush is cheaper.
  out.avoid_flush_during_recovery = found.wal_files <= 8 && found.wal_bytes <= kLogToFlush;
  out.skip_stats_update_on_db_open = true;
  out.skip_checking_sst_file_sizes_on_db_open = true;
  out.stats_dump_period_sec = 0;
  out.stats_persist_period_sec = 0;

  // An old PC: few threads, little memory, few descriptors.
  out.max_background_jobs = 2;
  out.write_buffer_size = 4 * kMiB;
  out.max_write_buffer_number = 2;
  out.target_file_size_base = 4 * kMiB;
  out.max_bytes_for_level_base = 16 * kMiB;
  out.max_open_files = 128;
  out.bytes_per_sync = kMiB;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(8 * kMiB);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));

  // Nearly every value is sealed, so compression would find nothing.
  out.compression = rocksdb::kNoCompression;
  out.enable_blob_files = true;
  out.min_blob_size = 4096;
  out.blob_file_size = 64 * kMiB;
  out.blob_compression_type = rocksdb::kNoCompression;
  out.enable_blob_garbage_collection = true;
  // Only reclaim() copies large values together: compactions that come by themselves would write the oldest pictures again and
  // again, a third of what taking in a photo cost. Files in which nothing lives any more go all the same.
  out.blob_garbage_collection_age_cutoff = 0.0;

  out.info_log = std::make_shared<SilentLogger>();
  return out;
}

/// RocksDB would poll for free space every five seconds and refuse Resume() meanwhile; commit() asks when there is something to
/// write, so that the first one after a person has made space goes through.
class NoPolling final : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, Status, bool* auto_recovery) override { *auto_recovery = false; }
};

Result<std::optional<Bytes>> get_at(rocksdb::DB& db, const rocksdb::Snapshot* moment, ByteView key) {
  rocksdb::ReadOptions options;
  options.snapshot = moment;
  rocksdb::PinnableSlice value;
  const Status status = db.Get(options, db.DefaultColumnFamily(), slice(key), &value);
  if (status.IsNotFound()) return std::optional<Bytes>{};
  if (!status.ok()) return to_error(status, Code::kStoreIo);
  return std::optional<Bytes>{to_bytes(view(value))};
}

/// The smallest key behind all that begin with `prefix`; empty when there is none.
Bytes behind(ByteView prefix) {
  Bytes out = to_bytes(prefix);
  while (!out.empty() && out.back() == 0xFF) out.pop_back();
  if (!out.empty()) ++out.back();
  return out;
}

enum class Direction { up, down };

Result<void> scan_at(rocksdb::DB& db, const rocksdb::Snapshot* moment, ByteView prefix, ByteView from, Direction direction,
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
    if (at->key() == rocksdb::Slice{kSyncedCount.data(), kSyncedCount.size()}) continue;
    if (!visit(view(at->key()), view(at->value()))) return {};
  }
  if (!at->status().ok()) return to_error(at->status(), Code::kStoreIo);
  return {};
}

class RocksSnapshot final : public Snapshot {
 public:
  explicit RocksSnapshot(rocksdb::DB& db) : db_(db), moment_(db.GetSnapshot()) {}
  RocksSnapshot(const RocksSnapshot&) = delete;
  RocksSnapshot& operator=(const RocksSnapshot&) = delete;
  ~RocksSnapshot() override { db_.ReleaseSnapshot(moment_); }
  Result<std::optional<Bytes>> get(ByteView key) const override { return get_at(db_, moment_, key); }
  Result<void> scan(ByteView prefix, ByteView from, const Visit& visit) const override {
    return scan_at(db_, moment_, prefix, from, Direction::up, visit);
  }
  Result<void> scan_back(ByteView prefix, const Visit& visit) const override {
    return scan_at(db_, moment_, prefix, {}, Direction::down, visit);
  }

 private:
  rocksdb::DB& db_;
  const rocksdb::Snapshot* moment_;
};

class RocksStore final : public Store {
 public:
  RocksStore(std::unique_ptr<rocksdb::DB> db, std::string folder, OpenMode mode, std::uint64_t synced_commits, bool salvaged)
      : db_(std::move(db)), folder_(std::move(folder)), mode_(mode), salvaged_(salvaged), synced_commits_(synced_commits) {}
  RocksStore(const RocksStore&) = delete;
  RocksStore& operator=(const RocksStore&) = delete;
  ~RocksStore() override;
  Result<std::optional<Bytes>> get(ByteView key) const override { return get_at(*db_, nullptr, key); }
  Result<void> scan(ByteView prefix, ByteView from, const Visit& visit) const override {
    return scan_at(*db_, nullptr, prefix, from, Direction::up, visit);
  }
  Result<void> scan_back(ByteView prefix, const Visit& visit) const override {
    return scan_at(*db_, nullptr, prefix, {}, Direction::down, visit);
  }
  Result<void> commit(const WriteBatch& batch, Durability durability) override;
  std::unique_ptr<Snapshot> snapshot() const override { return std::make_unique<RocksSnapshot>(*db_); }
  Result<void> reclaim(ByteView prefix) override;
  bool salvaged() const override { return salvaged_; }

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::string folder_;
  OpenMode mode_;
  bool salvaged_;
  std::atomic<std::uint64_t> synced_commits_;
  // After a failed write RocksDB refuses all others until it is told to resume.
  std::atomic<bool> failed_{false};
  std::atomic<std::uint64_t> written_bytes_{0};

  bool room_to_flush() const;
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

Result<void> RocksStore::commit(const WriteBatch& batch, Durability durability) {
  if (mode_ == OpenMode::read_only) return Error{Code::kStoreOpen, "opened to read only"};
  if (failed_) {
    // Resume() flushes, and waits for ever when that flush finds no room (RocksDB 7.8, with automatic recovery off).
    if (!room_to_flush()) return Error{Code::kDiskFull, "16 MB must be free to go on"};
    if (const Status resumed = db_->Resume(); !resumed.ok()) return to_error(resumed, Code::kStoreIo);
    failed_ = false;
  }
  rocksdb::WriteBatch changes;
  for (const WriteBatch::Change& change : batch.changes()) {
    const Status added = change.value ? changes.Put(slice(change.key), slice(*change.value)) : changes.Delete(slice(change.key));
    SATCHEL_CHECK(added.ok());
  }
  rocksdb::WriteOptions options;
  options.sync = durability == Durability::synced;
  if (options.sync) {
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

Result<void> RocksStore::reclaim(ByteView prefix) {
  if (mode_ == OpenMode::read_only) return Error{Code::kStoreOpen, "opened to read only"};
  if (failed_ || !room_to_flush()) return {};  // it would begin by writing; commit() says what is wrong
  const Bytes end = behind(prefix);
  const rocksdb::Slice lower = slice(prefix);
  const rocksdb::Slice upper = slice(end);
  rocksdb::CompactRangeOptions options;
  // The lowest level, too: only there is what was removed let go of, and with it the large values in their own files.
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  options.blob_garbage_collection_policy = rocksdb::BlobGarbageCollectionPolicy::kForce;
  options.blob_garbage_collection_age_cutoff = 1.0;
  const Status status = db_->CompactRange(options, prefix.empty() ? nullptr : &lower, end.empty() ? nullptr : &upper);
  if (!status.ok()) return to_error(status, Code::kStoreIo);
  return {};
}

struct Opened {
  Status status;
  std::unique_ptr<rocksdb::DB> db;
};

Opened open_with(const std::string& folder, const Found& found, OpenMode mode, Recovery recovery) {
  link_rocks_checksum();
  rocksdb::Options options = tuned(found, recovery);
  options.listeners.push_back(std::make_shared<NoPolling>());
  rocksdb::DB* db = nullptr;
  Opened out;
  if (mode == OpenMode::read_only) {
    options.create_if_missing = false;
    out.status = rocksdb::DB::OpenForReadOnly(options, folder, &db);
  } else {
    out.status = rocksdb::DB::Open(options, folder, &db);
  }
  out.db.reset(db);
  return out;
}

std::uint64_t synced_commits(rocksdb::DB& db) {
  const auto row = get_at(db, nullptr, as_bytes(kSyncedCount));
  return row && *row ? ByteReader{**row}.u64() : 0;
}

/// The count as it stands before the damage; 0 when it cannot be read.
std::uint64_t synced_before_damage(const std::string& folder, const Found& found) {
  const Opened opened = open_with(folder, found, OpenMode::read_only, Recovery::kPointInTimeRecovery);
  return opened.status.ok() ? synced_commits(*opened.db) : 0;
}

/// The largest count of which a trace lies in the logs. RocksDB reads none behind a damage in the last block, so this looks at
/// the bare bytes: the key, the length of the value (a varint in its batch format, so one byte of 8), the value.
std::uint64_t synced_traces(const std::string& folder) {
  std::uint64_t out = 0;
  std::error_code ignored;
  for (fs::directory_iterator at{folder, ignored}, end; at != end; at.increment(ignored)) {
    if (at->path().extension() != ".log") continue;
    std::ifstream file{at->path(), std::ios::binary};
    std::ostringstream whole;
    whole << file.rdbuf();
    const std::string bytes = whole.str();
    for (std::size_t here = bytes.find(kSyncedCount); here != std::string::npos; here = bytes.find(kSyncedCount, here + 1)) {
      ByteReader in{as_bytes(std::string_view(bytes).substr(here + kSyncedCount.size()))};
      if (in.u8() != 8) continue;
      const std::uint64_t count = in.u64();
      if (in.ok()) out = std::max(out, count);
    }
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocks_store(const std::string& folder, OpenMode mode) {
  const Found found = look_into(folder);
  // RocksDB would take such a folder for a new one and clear away the tables as left-overs.
  if (found.tables && !found.current) return Error{Code::kStoreDamaged, "CURRENT is missing beside data files"};

  // A log that merely ends early is what every crash leaves. Anything else wrong in it is either what a power cut wrote behind
  // the last synced batch, and then all from there on goes, to keep a prefix of the batches; or a changed byte amid what was
  // promised, and then all that is whole stays, and the store says so.
  Opened opened = open_with(folder, found, mode, Recovery::kTolerateCorruptedTailRecords);
  bool salvaged = false;
  if (opened.status.IsCorruption()) {
    salvaged = synced_traces(folder) > synced_before_damage(folder, found);
    opened = open_with(folder, found, mode, salvaged ? Recovery::kSkipAnyCorruptedRecords : Recovery::kPointInTimeRecovery);
  }
  if (!opened.status.ok()) return to_open_error(opened.status);
  const std::uint64_t synced = synced_commits(*opened.db);
  return std::unique_ptr<Store>{std::make_unique<RocksStore>(std::move(opened.db), folder, mode, synced, salvaged)};
}

}  // namespace satchel::core
