#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/crypto/secret.h"

namespace satchel::core {

/// An X25519 key pair (RFC 7748).
struct BoxKeys {
  BoxPublic public_key;
  SecretBytes secret;  ///< 32 bytes
};

BoxKeys make_box_keys(Rng& rng);
BoxKeys box_keys_from_secret(ByteView secret32);

/// False for a key of low order, with which every agreement fails. Whoever takes a key in from outside asks this once.
[[nodiscard]] bool usable_box_key(const BoxPublic& key);

/// X25519. kSealBroken when the result is all zero (a low-order point was sent).
Result<SecretBytes> agree(const BoxKeys& ours, const BoxPublic& theirs);

/// ChaCha20-Poly1305 (RFC 8439) with the Noise nonce: 32 zero bits, then `counter` as 64 little-endian bits. Key of 32 bytes. The
/// output is 16 bytes longer than the input.
inline constexpr std::size_t kTagSize = 16;
Bytes chacha_seal(ByteView key, std::uint64_t counter, ByteView associated, ByteView plain);
/// kSealBroken unless key, counter, associated data and every byte fit.
Result<Bytes> chacha_open(ByteView key, std::uint64_t counter, ByteView associated, ByteView sealed);

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a caller's 24-byte nonce, never used twice with one key.
using Nonce24 = std::array<std::uint8_t, 24>;
Bytes xchacha_seal(ByteView key, const Nonce24& nonce, ByteView associated, ByteView plain);
Result<Bytes> xchacha_open(ByteView key, const Nonce24& nonce, ByteView associated, ByteView sealed);
/// The same into `plain`, which is as long as `sealed` without its tag. What stands there after a failure means nothing.
Result<void> xchacha_open_to(std::span<std::uint8_t> plain, ByteView key, const Nonce24& nonce, ByteView associated,
                             ByteView sealed);

/// nonce(24, from `rng`) ‖ XChaCha20-Poly1305: for values at rest and for files, where a counter is not to be had. `associated`
/// binds the value to its place, so that two sealed values cannot be exchanged.
Bytes seal_value(ByteView key, Rng& rng, ByteView associated, ByteView plain);
Result<Bytes> open_value(ByteView key, ByteView associated, ByteView sealed);

/// A sealed box for one recipient: ephemeral public key(32) ‖ XChaCha20-Poly1305 under a key derived from the agreement and both
/// public keys. For files (cards) that travel alone; bundles have their own form (protocol/bundle.h). `recipient` must be a
/// usable_box_key.
Bytes seal_to(const BoxPublic& recipient, Rng& rng, std::string_view context, ByteView plain);
Result<Bytes> open_from(const BoxKeys& ours, std::string_view context, ByteView sealed);

}  // namespace satchel::core
