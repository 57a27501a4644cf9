#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/ids.h"

namespace satchel::core {

/// BLAKE2b-256 (RFC 7693), unkeyed.
Hash hash(ByteView bytes);
/// BLAKE2b-256 over a domain string, then the bytes: `context` is written as its length (one byte) and itself, so that two uses
/// can never give each other's hashes. `context` is at most 255 bytes.
Hash hash(std::string_view context, ByteView bytes);
/// The same, keyed (BLAKE2b's own key input). `key` is 16 to 64 bytes.
Hash keyed_hash(ByteView key, std::string_view context, ByteView bytes);

/// BLAKE2b-256 of bytes that come in pieces.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  Hasher& add(ByteView bytes);
  /// Ends it; call once.
  Hash finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// BLAKE2b-512 and HMAC over it (RFC 2104, block length 128): what the Noise framework names HASH and HMAC-HASH for BLAKE2b.
using Hash64 = std::array<std::uint8_t, 64>;
Hash64 blake2b_512(ByteView a, ByteView b = {});
Hash64 hmac_blake2b_512(ByteView key, ByteView a, ByteView b = {});

/// SHA-256 (FIPS 180-4) in lower-case hex: only for telling files that others publish with it.
std::string sha256_hex(ByteView bytes);

}  // namespace satchel::core
