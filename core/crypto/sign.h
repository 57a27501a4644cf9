#pragma once

#include <string_view>

#include "core/base/ids.h"
#include "core/base/rng.h"
#include "core/crypto/secret.h"

namespace satchel::core {

/// An Ed25519 key pair (RFC 8032).
struct SignKeys {
  SignPublic public_key;
  SecretBytes secret;  ///< 64 bytes as libsodium keeps them: seed ‖ public key
};

SignKeys make_sign_keys(Rng& rng);
/// `seed` is 32 bytes.
SignKeys sign_keys_from_seed(ByteView seed);

/// Signs `context` (length byte and text, at most 255) ‖ `bytes`. Every kind of statement has a context of its own, listed in
/// protocol/SPEC.md, so that a signature on one can never be shown as a signature on another.
Signature sign(const SignKeys& keys, std::string_view context, ByteView bytes);
/// False for a wrong signature, a low-order key, or a non-canonical encoding.
[[nodiscard]] bool verify(const SignPublic& key, std::string_view context, ByteView bytes, const Signature& signature);

}  // namespace satchel::core
