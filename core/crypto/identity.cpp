#include "core/crypto/identity.h"

#include <sodium.h>

#include <algorithm>

#include "core/base/check.h"
#include "core/crypto/hash.h"

namespace satchel::core {
namespace {

constexpr std::string_view kMagic = "satchel-key";
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kSecretSize = 32;

enum class Lock : std::uint8_t { open = 0, passphrase = 1 };

struct KdfParameters {
  std::uint32_t memory_kib = 0;
  std::uint32_t passes = 0;
};
constexpr KdfParameters kKdf{64 * 1024, 3};
// Bounds for what a file may ask of us.
constexpr KdfParameters kKdfMax{256 * 1024, 16};

struct KeyFileHeader {
  Lock lock = Lock::open;
  KdfParameters kdf;
  std::array<std::uint8_t, crypto_pwhash_argon2id_SALTBYTES> salt{};
};

Bytes encode_header(const KeyFileHeader& header) {
  ByteWriter out;
  out.raw(as_bytes(kMagic)).u8(kVersion).u8(static_cast<std::uint8_t>(header.lock));
  out.u32(header.kdf.memory_kib).u32(header.kdf.passes).raw(header.salt);
  return std::move(out).take();
}

/// Reads a header that encode_header() could have written.
Result<KeyFileHeader> read_header(ByteReader& in) {
  if (as_text(in.raw(kMagic.size())) != kMagic) return Code::kKeyFileBad;
  if (in.u8() != kVersion) return in.ok() ? Code::kVersionUnknown : Code::kKeyFileBad;
  const std::uint8_t lock = in.u8();
  KeyFileHeader out;
  out.kdf.memory_kib = in.u32();
  out.kdf.passes = in.u32();
  const ByteView salt = in.raw(out.salt.size());
  if (!in.ok() || lock > 1) return Code::kKeyFileBad;
  std::ranges::copy(salt, out.salt.begin());
  out.lock = static_cast<Lock>(lock);
  const bool bounded = out.kdf.memory_kib >= 8 && out.kdf.memory_kib <= kKdfMax.memory_kib && out.kdf.passes >= 1 &&
                       out.kdf.passes <= kKdfMax.passes;
  const bool absent = out.kdf.memory_kib == 0 && out.kdf.passes == 0;
  if (out.lock == Lock::passphrase ? !bounded : !absent) return Code::kKeyFileBad;
  return out;
}

/// The key that seals the secrets. Without a passphrase anybody can compute it: the seal then only shows damage.
Result<SecretBytes> sealing_key(const KeyFileHeader& header, std::string_view passphrase) {
  SecretBytes out{kSecretSize};
  if (header.lock == Lock::open) {
    const Hash key = hash("satchel key file, no passphrase", header.salt);
    std::ranges::copy(key.value, out.span().begin());
    return out;
  }
  const std::size_t memory_bytes = std::size_t{header.kdf.memory_kib} * 1024;
  if (crypto_pwhash_argon2id(out.span().data(), out.size(), passphrase.data(), passphrase.size(), header.salt.data(),
                             header.kdf.passes, memory_bytes, crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
    return Error{Code::kKeyFileBad, "not enough memory for the passphrase"};
  }
  return out;
}

Hash file_hash(ByteView before) { return hash("satchel key file", before); }

}  // namespace

Identity Identity::clone() const {
  return {SignKeys{sign.public_key, sign.secret.clone()}, BoxKeys{box.public_key, box.secret.clone()}, store_key.clone()};
}

Identity make_identity(Rng& rng) {
  Identity out{make_sign_keys(rng), make_box_keys(rng), SecretBytes{kSecretSize}};
  rng.fill(out.store_key.span());
  return out;
}

Bytes write_key_file(const Identity& identity, std::string_view passphrase, Rng& rng) {
  KeyFileHeader header;
  header.lock = passphrase.empty() ? Lock::open : Lock::passphrase;
  if (header.lock == Lock::passphrase) header.kdf = kKdf;
  rng.fill(header.salt);
  Result<SecretBytes> key = sealing_key(header, passphrase);
  SATCHEL_CHECK(key.has_value());

  SecretBytes secrets{3 * kSecretSize};
  std::ranges::copy(identity.sign.secret.view().first(kSecretSize), secrets.span().begin());
  std::ranges::copy(identity.box.secret.view(), secrets.span().subspan(kSecretSize).begin());
  std::ranges::copy(identity.store_key.view(), secrets.span().subspan(2 * kSecretSize).begin());

  Bytes out = encode_header(header);
  append(out, seal_value(key->view(), rng, out, secrets.view()));
  append(out, file_hash(out).view());
  return out;
}

Result<Identity> read_key_file(ByteView file, std::string_view passphrase) {
  ByteReader in{file};
  SATCHEL_TRY_ASSIGN(const KeyFileHeader header, read_header(in));
  const ByteView sealed = in.raw(sizeof(Nonce24) + 3 * kSecretSize + kTagSize);
  const Hash stated = in.fixed<Hash>();
  if (!in.done() || stated != file_hash(file.first(file.size() - Hash::kSize))) return Code::kKeyFileBad;
  if (header.lock == Lock::passphrase && passphrase.empty()) return Code::kPassphraseWrong;

  SATCHEL_TRY_ASSIGN(const SecretBytes key, sealing_key(header, passphrase));
  Result<Bytes> opened = open_value(key.view(), encode_header(header), sealed);
  if (!opened) return header.lock == Lock::passphrase ? Code::kPassphraseWrong : Code::kKeyFileBad;
  const ByteView secrets{*opened};
  Identity out{sign_keys_from_seed(secrets.first(kSecretSize)), box_keys_from_secret(secrets.subspan(kSecretSize, kSecretSize)),
               SecretBytes{secrets.subspan(2 * kSecretSize)}};
  wipe(*opened);
  return out;
}

}  // namespace satchel::core
