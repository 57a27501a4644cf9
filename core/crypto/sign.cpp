#include "core/crypto/sign.h"

#include <sodium.h>

#include "core/base/check.h"

namespace satchel::core {
namespace {

Bytes with_context(std::string_view context, ByteView bytes) {
  SATCHEL_CHECK(context.size() <= 255);
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(context.size())).raw(as_bytes(context)).raw(bytes);
  return std::move(out).take();
}

}  // namespace

SignKeys make_sign_keys(Rng& rng) {
  SecretBytes seed{crypto_sign_SEEDBYTES};
  rng.fill(seed.span());
  return sign_keys_from_seed(seed.view());
}

SignKeys sign_keys_from_seed(ByteView seed) {
  SATCHEL_CHECK(seed.size() == crypto_sign_SEEDBYTES);
  SignKeys out{{}, SecretBytes{crypto_sign_SECRETKEYBYTES}};
  SATCHEL_CHECK(crypto_sign_seed_keypair(out.public_key.value.data(), out.secret.span().data(), seed.data()) == 0);
  return out;
}

Signature sign(const SignKeys& keys, std::string_view context, ByteView bytes) {
  SATCHEL_CHECK(keys.secret.size() == crypto_sign_SECRETKEYBYTES);
  const Bytes message = with_context(context, bytes);
  Signature out;
  SATCHEL_CHECK(crypto_sign_detached(out.value.data(), nullptr, message.data(), message.size(), keys.secret.view().data()) == 0);
  return out;
}

// libsodium refuses S >= L, small-order R and A, and non-canonical A (ed25519/ref10/open.c); the tests hold it to that.
bool verify(const SignPublic& key, std::string_view context, ByteView bytes, const Signature& signature) {
  const Bytes message = with_context(context, bytes);
  return crypto_sign_verify_detached(signature.value.data(), message.data(), message.size(), key.value.data()) == 0;
}

}  // namespace satchel::core
