#pragma once

#include <rocksdb/db.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/store/rocks_store.h"
#include "core/store/value_log.h"

namespace satchel::core {

/// A log up to this is replayed in a few milliseconds; a longer one is flushed when the store is closed or opened.
inline constexpr std::uint64_t kLogToFlush = 1024 * 1024;

struct OpenedRocks {
  std::shared_ptr<ValueLog> values;
  std::unique_ptr<rocksdb::DB> db;
  bool salvaged = false;  ///< there was damage in what had been synced
};

/// RocksDB and the value log in `folder`, tuned for an old PC, and in step with each other after whatever ended the last process.
/// Errors as of open_rocks_store().
Result<OpenedRocks> open_rocks(const std::string& folder, OpenMode mode);

/// The row as it stands in RocksDB. kStoreIo, kStoreDamaged.
Result<std::optional<Bytes>> row_at(rocksdb::DB& db, const rocksdb::Snapshot* moment, ByteView key);

}  // namespace satchel::core
