#pragma once

#include <rocksdb/wal_filter.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/store/value_log.h"

namespace satchel::core {

/// The largest count of synced commits of which a trace lies in the logs from number `from` on. RocksDB reads none behind a
/// damage in the last block, so this looks at the bare bytes.
std::uint64_t synced_traces(const std::string& folder, std::uint64_t from = 0);

/// Stands at RocksDB's replay of its log. The log and the value log are two files: a power cut may keep a batch of the one and
/// not what it names in the other. Replay ends before the first such batch, so that what is left is a prefix of the commits. Only
/// batches behind the last synced one are looked at: whatever lies before it was synced, too, in both, and what is wrong there is
/// damage, to be told when it is read.
class FarReplay final : public rocksdb::WalFilter {
 public:
  /// `settle`: what is taken is synced first, since RocksDB may go on to write it to a table.
  FarReplay(std::string folder, ValueLog& values, bool settle) : folder_(std::move(folder)), values_(values), settle_(settle) {}
  const char* Name() const override { return "satchel far values"; }
  WalProcessingOption LogRecordFound(unsigned long long log, const std::string& name, const rocksdb::WriteBatch& batch,
                                     rocksdb::WriteBatch* replacement, bool* replaced) override;
  bool cut() const { return cut_; }
  /// The disk could not be asked: what was replayed counts for nothing.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  std::uint64_t promised_from(std::uint64_t log);
  Result<bool> all_there(const std::vector<ValuePlace>& places);

  std::string folder_;
  ValueLog& values_;
  bool settle_;
  std::uint64_t seen_ = 0;  ///< the synced count in the batches so far
  std::uint64_t log_ = 0;
  std::uint64_t promised_ = 0;  ///< of log_ and those after it
  bool looked_ = false;
  bool cut_ = false;
  std::optional<Error> failure_;
};

}  // namespace satchel::core
