#include "core/store/rocks_open.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "core/store/rocks_replay.h"
#include "core/store/rocks_rows.h"
#include "core/store/rocks_status.h"
#include "core/store/rocks_store_checksum.h"

namespace satchel::core {
namespace {

using Status = rocksdb::Status;
namespace fs = std::filesystem;

constexpr std::size_t kMiB = 1024 * 1024;

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

/// Inside the database's folder.
constexpr std::string_view kValuesFolder = "values";

Found look_into(const std::string& folder) {
  Found out;
  std::error_code ignored;
  out.tables = !fs::is_empty(folder + "/" + std::string(kValuesFolder), ignored) && !ignored;
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
  // Blob files are of earlier builds; reclaim() copies what lives in them into tables.
  out.enable_blob_garbage_collection = true;
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

/// RocksDB writes rows of unsynced commits to tables when its memory is full, and those are synced: so must be what they name.
class ValuesFirst final : public rocksdb::EventListener {
 public:
  explicit ValuesFirst(std::shared_ptr<ValueLog> values) : values_(std::move(values)) {}
  void OnFlushBegin(rocksdb::DB*, const rocksdb::FlushJobInfo&) override {
    // When it fails, every later commit does, too.
    static_cast<void>(values_->sync());
  }

 private:
  std::shared_ptr<ValueLog> values_;
};

struct Opened {
  Status status;
  std::unique_ptr<rocksdb::DB> db;
  std::shared_ptr<ValueLog> values;
  bool cut = false;  ///< replay ended before a batch whose values a power cut took
};

enum class Replay { whole, flushed };

Opened open_once(const std::string& folder, const Found& found, OpenMode mode, Recovery recovery, Replay replay) {
  link_rocks_checksum();
  Opened out;
  const bool reads = mode == OpenMode::read_only;
  out.values = std::make_shared<ValueLog>(folder + "/" + std::string(kValuesFolder),
                                          reads ? ValueLog::Mode::read_only : ValueLog::Mode::read_write);
  FarReplay far{folder, *out.values, !reads};
  rocksdb::Options options = tuned(found, recovery);
  options.listeners.push_back(std::make_shared<NoPolling>());
  options.listeners.push_back(std::make_shared<ValuesFirst>(out.values));
  // What is damaged amid what was promised is told when it is read, and takes nothing else with it.
  if (recovery != Recovery::kSkipAnyCorruptedRecords) options.wal_filter = &far;
  if (replay == Replay::flushed) options.avoid_flush_during_recovery = false;
  rocksdb::DB* db = nullptr;
  if (reads) {
    options.create_if_missing = false;
    out.status = rocksdb::DB::OpenForReadOnly(options, folder, &db);
  } else {
    out.status = rocksdb::DB::Open(options, folder, &db);
  }
  out.db.reset(db);
  out.cut = far.cut();
  if (out.status.ok() && far.failure()) out.status = Status::IOError(far.failure()->detail);
  return out;
}

Opened open_with(const std::string& folder, const Found& found, OpenMode mode, Recovery recovery) {
  Opened out = open_once(folder, found, mode, recovery, Replay::whole);
  if (!out.status.ok() || !out.cut || mode == OpenMode::read_only) return out;
  // The logs must not be replayed again: synced commits will follow, and vouch for what is cut off now.
  out.db.reset();
  return open_once(folder, found, mode, recovery, Replay::flushed);
}

/// The count as it stands before the damage; 0 when it cannot be read.
std::uint64_t synced_before_damage(const std::string& folder, const Found& found) {
  const Opened opened = open_with(folder, found, OpenMode::read_only, Recovery::kPointInTimeRecovery);
  if (!opened.status.ok()) return 0;
  const auto row = row_at(*opened.db, nullptr, as_bytes(kSyncedCount));
  return row && *row ? ByteReader{**row}.u64() : 0;
}

}  // namespace

/// The row as it stands in RocksDB.
Result<std::optional<Bytes>> row_at(rocksdb::DB& db, const rocksdb::Snapshot* moment, ByteView key) {
  rocksdb::ReadOptions options;
  options.snapshot = moment;
  rocksdb::PinnableSlice value;
  const Status status = db.Get(options, db.DefaultColumnFamily(), slice(key), &value);
  if (status.IsNotFound()) return std::optional<Bytes>{};
  if (!status.ok()) return to_error(status, Code::kStoreIo);
  return std::optional<Bytes>{to_bytes(view(value))};
}

Result<OpenedRocks> open_rocks(const std::string& folder, OpenMode mode) {
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
  return OpenedRocks{std::move(opened.values), std::move(opened.db), salvaged};
}

}  // namespace satchel::core
