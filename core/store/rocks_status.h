#pragma once

#include <rocksdb/slice.h>
#include <rocksdb/status.h>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace satchel::core {

inline rocksdb::Slice slice(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline ByteView view(const rocksdb::Slice& bytes) { return as_bytes({bytes.data(), bytes.size()}); }

/// RocksDB's words name files and offsets, never keys' or values' content; keys hold nothing of a person (core/store/keys.h).
inline Error to_error(const rocksdb::Status& status, Code otherwise) {
  if (status.IsNoSpace()) return {Code::kDiskFull, status.ToString()};
  if (status.IsIOError()) return {otherwise, status.ToString()};
  return {Code::kStoreDamaged, status.ToString()};
}

}  // namespace satchel::core
