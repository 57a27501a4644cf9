#pragma once

#include <vector>

#include "core/base/rng.h"
#include "core/crypto/box.h"
#include "core/crypto/sign.h"
#include "protocol/bundle/header.h"

namespace satchel::protocol {

/// What to seal, for whom, and at which place of which log (Shelf's OwnStage::next gives the place).
struct SealRequest {
  core::BundleId id;
  core::Hash previous_root;                 ///< root of the bundle before it in its log; all zero for seq 1
  std::vector<core::BoxPublic> recipients;  ///< hub and recovery key, or one site's key
  core::ByteView group_key;                 ///< 32 bytes: every enrolled node may open it; empty: no group stanza
  core::ByteView payload;                   ///< encode_payload(); not empty
  ChunkSize chunk_size = ChunkSize::k64;
  bool urgent = false;  ///< shown to everybody on the way: one bit in the clear header
};

struct SealedBundle {
  Header header;
  core::Bytes body;  ///< chunk list ‖ ciphertext
};

/// Seals with a fresh content key from `rng` and signs. kLimitExceeded when the payload or the list of recipients is too large.
core::Result<SealedBundle> seal_bundle(const SealRequest& request, const core::SignKeys& author, core::Rng& rng);

inline constexpr std::size_t kContentKeySize = 32;

/// The keys that a node can open with, borrowed. Absent ones are not tried.
struct Opener {
  const core::BoxKeys* box = nullptr;
  core::ByteView group_key;
};

/// True when one of the stanzas names one of the keys by its hint (a wrong hint may hit by chance: 1 in 4 billion).
bool opens(const Header& header, const Opener& opener);

/// What seals the content of the bundle: kContentKeySize bytes, of use for no other one. kSealBroken when no stanza is for
/// `opener`.
core::Result<core::SecretBytes> content_key(const Header& header, const Opener& opener);

/// The payload, for one who has the content key. kSealBroken when a tag does not fit; no hash is looked at, since every byte lies
/// under a tag. `body` is as long as the header says.
core::Result<core::Bytes> open_content(const Header& header, core::ByteView body, core::ByteView content_key);

/// As open_bundle(), for a body whose hashes have been verified.
core::Result<core::Bytes> open_proven_bundle(const Header& header, core::ByteView body, const Opener& opener);

/// The payload. kSealBroken when no stanza is for `opener` or a tag does not fit; kHashBad when the body is not the one that the
/// header names. The header's signature must have been verified before.
core::Result<core::Bytes> open_bundle(const Header& header, core::ByteView body, const Opener& opener);

/// kHashBad, or nothing to say: the chunk list (if any) gives the root, and each chunk has its hash.
core::Result<void> verify_body(const Header& header, core::ByteView body);

}  // namespace satchel::protocol
