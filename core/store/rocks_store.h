#pragma once

#include <string>

#include "core/store/store.h"

namespace satchel::core {

enum class OpenMode {
  read_write,  ///< creates the folder when it is missing; one process at a time (kStoreBusy otherwise)
  read_only,   ///< sees what was committed before; writes give kStoreOpen
};

/// The store on RocksDB, tuned for an old PC: small memtables and caches, paranoid checks, checksums verified on every read;
/// large values lie beside it in a value log (value_log.h), so that a picture is written once and no compaction copies it.
/// RocksDB keeps no diary. kStoreOpen, kStoreBusy, kStoreDamaged, kDiskFull.
Result<std::unique_ptr<Store>> open_rocks_store(const std::string& folder, OpenMode mode);

}  // namespace satchel::core
