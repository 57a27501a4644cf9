#pragma once

#include <optional>

#include "core/base/ids.h"
#include "core/store/keys.h"

namespace satchel::node {

/// What protocol::id_bytes() writes.
inline constexpr std::size_t kBundleIdBytes = 25;

/// Reads the bytes that protocol::id_bytes() writes; nullopt for any other length or form.
inline std::optional<core::BundleId> bundle_id_from(core::ByteView bytes) {
  if (bytes.size() != kBundleIdBytes) return std::nullopt;
  return core::keys::parse_at(core::keys::of('h', bytes));
}

}  // namespace satchel::node
