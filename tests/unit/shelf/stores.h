#pragma once

#include <map>

#include "core/store/keys.h"
#include "core/store/store.h"

namespace satchel::tests {

/// All rows of a store whose keys begin with `prefix`.
inline std::map<core::Bytes, core::Bytes> rows(const core::Store& store, core::Bytes prefix = {}) {
  std::map<core::Bytes, core::Bytes> out;
  const auto scanned = store.scan(prefix, {}, [&](core::ByteView key, core::ByteView value) {
    out[core::to_bytes(key)] = core::to_bytes(value);
    return true;
  });
  SATCHEL_CHECK(scanned.has_value());
  return out;
}

inline std::size_t count(const core::Store& store, char letter) {
  return rows(store, {static_cast<std::uint8_t>(letter)}).size();
}

/// Writes one row behind the shelf's back.
inline void plant(core::Store& store, const core::Bytes& key, const core::Bytes& value) {
  core::WriteBatch batch;
  batch.put(key, value);
  SATCHEL_CHECK(store.commit(batch, core::Durability::synced).has_value());
}

}  // namespace satchel::tests
