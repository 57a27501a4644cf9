#pragma once

#include <optional>

#include "core/base/ids.h"
#include "core/store/keys.h"

namespace satchel::node {

/// Reads the 25 bytes that protocol::id_bytes() writes; nullopt for any other length or form.
inline std::optional<core::BundleId> bundle_id_from(core::ByteView bytes) {
  if (bytes.size() != 25) return std::nullopt;
  return core::keys::parse_at(core::keys::of('h', bytes));
}

}  // namespace satchel::node
