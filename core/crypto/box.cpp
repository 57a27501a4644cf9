#include "core/crypto/box.h"

#include <sodium.h>

#include <algorithm>

#include "core/base/check.h"
#include "core/crypto/hash.h"

namespace satchel::core {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
static_assert(kNonceSize == std::tuple_size_v<Nonce24>);
static_assert(kTagSize == crypto_aead_xchacha20poly1305_ietf_ABYTES);
static_assert(kTagSize == crypto_aead_chacha20poly1305_ietf_ABYTES);
static_assert(crypto_scalarmult_SCALARBYTES == kKeySize);
static_assert(crypto_scalarmult_BYTES == BoxPublic::kSize);

std::array<std::uint8_t, crypto_aead_chacha20poly1305_ietf_NPUBBYTES> noise_nonce(std::uint64_t counter) {
  std::array<std::uint8_t, crypto_aead_chacha20poly1305_ietf_NPUBBYTES> out{};
  for (std::size_t i = 0; i < 8; ++i) out[4 + i] = static_cast<std::uint8_t>(counter >> (8 * i));
  return out;
}

/// The key of a sealed box: a hash over the agreement and both public keys, so that the box is bound to this pair, and over the
/// context, so that a box of one kind never opens as another.
SecretBytes box_key(ByteView agreed, const BoxPublic& ephemeral, const BoxPublic& recipient, std::string_view context) {
  ByteWriter bound;
  bound.raw(ephemeral.view()).raw(recipient.view()).sized(context);
  Hash key = keyed_hash(agreed, "satchel sealed box", bound.bytes());
  SecretBytes out{key.view()};
  wipe(key.value);
  return out;
}

/// One key seals one message only, because the ephemeral key is fresh: a fixed nonce is right (as in HPKE's single-shot mode).
constexpr Nonce24 kOnlyNonce{};

}  // namespace

BoxKeys make_box_keys(Rng& rng) {
  SecretBytes secret{kKeySize};
  rng.fill(secret.span());
  return box_keys_from_secret(secret.view());
}

BoxKeys box_keys_from_secret(ByteView secret32) {
  SATCHEL_CHECK(secret32.size() == kKeySize);
  BoxKeys out{{}, SecretBytes{secret32}};
  SATCHEL_CHECK(crypto_scalarmult_base(out.public_key.value.data(), out.secret.view().data()) == 0);
  return out;
}

bool usable_box_key(const BoxPublic& key) {
  // Clamping makes every scalar a multiple of the cofactor: any scalar shows a low-order point (RFC 7748, section 6.1).
  constexpr std::array<std::uint8_t, kKeySize> kAnyScalar{};
  std::array<std::uint8_t, kKeySize> product{};
  return crypto_scalarmult(product.data(), kAnyScalar.data(), key.value.data()) == 0;
}

Result<SecretBytes> agree(const BoxKeys& ours, const BoxPublic& theirs) {
  SATCHEL_CHECK(ours.secret.size() == kKeySize);
  SecretBytes out{kKeySize};
  // libsodium returns -1 exactly when the result is all zero.
  if (crypto_scalarmult(out.span().data(), ours.secret.view().data(), theirs.value.data()) != 0) return Code::kSealBroken;
  return out;
}

Bytes chacha_seal(ByteView key, std::uint64_t counter, ByteView associated, ByteView plain) {
  SATCHEL_CHECK(key.size() == kKeySize);
  const auto nonce = noise_nonce(counter);
  Bytes out(plain.size() + kTagSize);
  SATCHEL_CHECK(crypto_aead_chacha20poly1305_ietf_encrypt(out.data(), nullptr, plain.data(), plain.size(), associated.data(),
                                                          associated.size(), nullptr, nonce.data(), key.data()) == 0);
  return out;
}

Result<Bytes> chacha_open(ByteView key, std::uint64_t counter, ByteView associated, ByteView sealed) {
  SATCHEL_CHECK(key.size() == kKeySize);
  if (sealed.size() < kTagSize) return Code::kSealBroken;
  const auto nonce = noise_nonce(counter);
  Bytes out(sealed.size() - kTagSize);
  if (crypto_aead_chacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, sealed.data(), sealed.size(), associated.data(),
                                                associated.size(), nonce.data(), key.data()) != 0) {
    return Code::kSealBroken;
  }
  return out;
}

Bytes xchacha_seal(ByteView key, const Nonce24& nonce, ByteView associated, ByteView plain) {
  SATCHEL_CHECK(key.size() == kKeySize);
  Bytes out(plain.size() + kTagSize);
  SATCHEL_CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(out.data(), nullptr, plain.data(), plain.size(), associated.data(),
                                                           associated.size(), nullptr, nonce.data(), key.data()) == 0);
  return out;
}

Result<Bytes> xchacha_open(ByteView key, const Nonce24& nonce, ByteView associated, ByteView sealed) {
  SATCHEL_CHECK(key.size() == kKeySize);
  if (sealed.size() < kTagSize) return Code::kSealBroken;
  Bytes out(sealed.size() - kTagSize);
  SATCHEL_TRY(xchacha_open_to(out, key, nonce, associated, sealed));
  return out;
}

Result<void> xchacha_open_to(std::span<std::uint8_t> plain, ByteView key, const Nonce24& nonce, ByteView associated,
                             ByteView sealed) {
  SATCHEL_CHECK(key.size() == kKeySize && sealed.size() == plain.size() + kTagSize);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, sealed.data(), sealed.size(), associated.data(),
                                                 associated.size(), nonce.data(), key.data()) != 0) {
    return Code::kSealBroken;
  }
  return {};
}

Bytes seal_value(ByteView key, Rng& rng, ByteView associated, ByteView plain) {
  Nonce24 nonce;
  rng.fill(nonce);
  Bytes out{nonce.begin(), nonce.end()};
  append(out, xchacha_seal(key, nonce, associated, plain));
  return out;
}

Result<Bytes> open_value(ByteView key, ByteView associated, ByteView sealed) {
  if (sealed.size() < kNonceSize + kTagSize) return Code::kSealBroken;
  Nonce24 nonce;
  std::ranges::copy(sealed.first(kNonceSize), nonce.begin());
  return xchacha_open(key, nonce, associated, sealed.subspan(kNonceSize));
}

Bytes seal_to(const BoxPublic& recipient, Rng& rng, std::string_view context, ByteView plain) {
  const BoxKeys ephemeral = make_box_keys(rng);
  Result<SecretBytes> agreed = agree(ephemeral, recipient);
  // A recipient's key comes from a certificate whose maker refused low-order points (usable_box_key).
  SATCHEL_CHECK(agreed.has_value());
  const SecretBytes key = box_key(agreed->view(), ephemeral.public_key, recipient, context);
  Bytes out = to_bytes(ephemeral.public_key.view());
  append(out, xchacha_seal(key.view(), kOnlyNonce, as_bytes(context), plain));
  return out;
}

Result<Bytes> open_from(const BoxKeys& ours, std::string_view context, ByteView sealed) {
  if (sealed.size() < BoxPublic::kSize + kTagSize) return Code::kSealBroken;
  const BoxPublic ephemeral = *BoxPublic::from(sealed.first(BoxPublic::kSize));
  SATCHEL_TRY_ASSIGN(const SecretBytes agreed, agree(ours, ephemeral));
  const SecretBytes key = box_key(agreed.view(), ephemeral, ours.public_key, context);
  return xchacha_open(key.view(), kOnlyNonce, as_bytes(context), sealed.subspan(BoxPublic::kSize));
}

}  // namespace satchel::core
