#pragma once

#include <string>
#include <string_view>

#include "core/crypto/box.h"

namespace satchel::node {

/// What the bytes of a foreign code are sealed under in a fact: only the hub's key, or the recovery key, opens them.
inline constexpr std::string_view kForeignContext = "satchel foreign code";

inline core::Bytes seal_foreign(const core::BoxPublic& recipient, core::Rng& rng, std::string_view bytes) {
  return core::seal_to(recipient, rng, kForeignContext, core::as_bytes(bytes));
}
inline core::Result<core::Bytes> open_foreign(const core::BoxKeys& ours, core::ByteView sealed) {
  return core::open_from(ours, kForeignContext, sealed);
}

}  // namespace satchel::node
