#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace satchel::core {

/// RFC 4648 section 5 (base64url), without padding.
std::string to_base64url(ByteView bytes);
/// Exact inverse: nullopt for any other character, padding, a length that cannot be, or bits left over.
std::optional<Bytes> from_base64url(std::string_view text);

}  // namespace satchel::core
