#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/crypto/sign.h"
#include "protocol/limits.h"

namespace satchel::protocol {

/// Ciphertext bytes in one chunk. The values stand in the header.
enum class ChunkSize : std::uint8_t { k16 = 0, k32 = 1, k64 = 2 };
inline constexpr std::size_t bytes_of(ChunkSize size) { return kChunkSizeMin << static_cast<unsigned>(size); }

/// One recipient's way to the content key.
struct Stanza {
  enum class Kind : std::uint8_t {
    box = 0,    ///< X25519 with the bundle's ephemeral key
    group = 1,  ///< the campaign's group key: every enrolled node
  };
  Kind kind = Kind::box;
  std::array<std::uint8_t, 4> hint{};  ///< lets a recipient find its stanza; says nothing to who does not know the key
  std::array<std::uint8_t, 48> wrapped{};
  bool operator==(const Stanza&) const = default;
};

/// What everybody may see of a bundle: enough to verify, rank, count, refuse and evict it, and nothing of what is inside.
/// A value of parse_header() or seal_bundle(); its fields agree with `bytes`.
struct Header {
  core::BundleId id;
  ChunkSize chunk_size = ChunkSize::k64;
  bool urgent = false;  ///< its author's word: goes before the rest of its lane (a student of the last term, a retake)
  std::uint64_t ciphertext_size = 0;  ///< all chunks with their tags
  core::Hash root;                    ///< over the hashes of the chunks
  core::BoxPublic ephemeral;          ///< one per bundle; also the salt of a group stanza
  std::vector<Stanza> stanzas;        ///< 1 to kStanzasMax
  core::Signature signature;          ///< by the author, context "satchel bundle", over all of the above ‖ previous root
  core::Bytes bytes;                  ///< exactly as they travel, signature included

  std::size_t chunk_count() const;
  /// Bytes of the chunk list that goes before the ciphertext: 32 a chunk, and nothing when there is one chunk (its hash is
  /// all there is to the root).
  std::size_t list_size() const;
  /// What follows the header on every carrier: chunk list ‖ ciphertext. Offsets everywhere count within this.
  std::uint64_t body_size() const { return list_size() + ciphertext_size; }
  /// The end of the run of body bytes that one hash proves and that holds `offset`: of the list, or of one chunk.
  std::uint64_t proof_end(std::uint64_t offset) const;
  /// Its start.
  std::uint64_t proof_start(std::uint64_t offset) const;
};

/// Exact inverse of the canonical form: every byte is read and counted. kMalformed, kVersionUnknown, kLimitExceeded. Does not
/// verify the signature.
core::Result<Header> parse_header(core::ByteView bytes);

/// What of a header decides in which order bundles go, for scans over many.
struct HeaderFront {
  bool urgent = false;
  std::uint64_t body_size = 0;
};
/// From bytes that parse_header() took once; nullopt when they never could be a header. Looks at no stanza and no signature.
std::optional<HeaderFront> peek_header(core::ByteView bytes);

/// kSignatureBad unless `author` signed this header as the follower of the bundle with `previous_root` (all zero for seq 1).
core::Result<void> verify_header(const Header& header, const core::Hash& previous_root, const core::SignPublic& author);

core::Hash chunk_hash(core::ByteView ciphertext_chunk);
/// Over the concatenated chunk hashes, also when there is one only.
core::Hash root_of(core::ByteView chunk_list);

/// The 25 bytes that name a bundle inside hashes: node ‖ incarnation ‖ audience ‖ lane ‖ seq, big-endian.
core::Bytes id_bytes(const core::BundleId& id);

}  // namespace satchel::protocol
