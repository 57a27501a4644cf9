#pragma once

#include "core/crypto/secret.h"

namespace satchel::tests {

/// Including this file starts libsodium before the first test of the executable runs.
struct CryptoStarted {
  CryptoStarted() { core::crypto_init(); }
};
inline const CryptoStarted kCryptoStarted;

}  // namespace satchel::tests
