#pragma once

#include <optional>
#include <string_view>

#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/crypto/box.h"
#include "core/crypto/sign.h"

namespace satchel::core {

/// What makes a node itself: it never leaves the key file.
struct Identity {
  SignKeys sign;
  BoxKeys box;
  SecretBytes store_key;  ///< 32 bytes: seals values at rest and keys the indexes
  Identity clone() const;
};

Identity make_identity(Rng& rng);

/// The key file: "satchel-key" magic, version, KDF parameters and salt, sealed secrets. With a passphrase the sealing key comes
/// from Argon2id, 64 MiB and 3 passes: the memory and passes of the "second recommended option" of RFC 9106, section 4 (libsodium
/// has one lane; its MODERATE 256 MiB would not fit an old PC). Without one the file is only as safe as its permissions, and says
/// so in its header. The layout stands in protocol/SPEC.md.
Bytes write_key_file(const Identity& identity, std::string_view passphrase, Rng& rng);
/// kKeyFileBad for any changed byte (the file carries its own hash), kVersionUnknown, or kPassphraseWrong when a passphrase is
/// needed and this one does not open it; a passphrase that is not needed is ignored. Parameters in the file are bounded, so that
/// a hostile one cannot ask for more than 256 MiB or 16 passes.
Result<Identity> read_key_file(ByteView file, std::string_view passphrase);

}  // namespace satchel::core
