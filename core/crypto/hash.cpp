#include "core/crypto/hash.h"

#include <sodium.h>

#include <algorithm>

#include "core/base/check.h"
#include "core/crypto/secret.h"

namespace satchel::core {
namespace {

using Blake = crypto_generichash_blake2b_state;

void start(Blake& state, ByteView key, std::size_t out_size) {
  SATCHEL_CHECK(crypto_generichash_blake2b_init(&state, key.empty() ? nullptr : key.data(), key.size(), out_size) == 0);
}

void feed(Blake& state, ByteView bytes) {
  SATCHEL_CHECK(crypto_generichash_blake2b_update(&state, bytes.data(), bytes.size()) == 0);
}

void feed_context(Blake& state, std::string_view context) {
  SATCHEL_CHECK(context.size() <= 255);
  const std::uint8_t size = static_cast<std::uint8_t>(context.size());
  feed(state, {&size, 1});
  feed(state, as_bytes(context));
}

template <class Out>
Out end(Blake& state) {
  Out out{};
  SATCHEL_CHECK(crypto_generichash_blake2b_final(&state, out.data(), out.size()) == 0);
  return out;
}

Hash end_hash(Blake& state) { return Hash{end<std::array<std::uint8_t, Hash::kSize>>(state)}; }

}  // namespace

Hash hash(ByteView bytes) {
  Blake state;
  start(state, {}, Hash::kSize);
  feed(state, bytes);
  return end_hash(state);
}

Hash hash(std::string_view context, ByteView bytes) {
  Blake state;
  start(state, {}, Hash::kSize);
  feed_context(state, context);
  feed(state, bytes);
  return end_hash(state);
}

Hash keyed_hash(ByteView key, std::string_view context, ByteView bytes) {
  SATCHEL_CHECK(key.size() >= 16 && key.size() <= 64);
  Blake state;
  start(state, key, Hash::kSize);
  feed_context(state, context);
  feed(state, bytes);
  const Hash out = end_hash(state);
  sodium_memzero(&state, sizeof state);
  return out;
}

struct Hasher::State {
  Blake blake;
};

Hasher::Hasher() : state_(std::make_unique<State>()) { start(state_->blake, {}, Hash::kSize); }
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

Hasher& Hasher::add(ByteView bytes) {
  SATCHEL_CHECK(state_ != nullptr);
  feed(state_->blake, bytes);
  return *this;
}

Hash Hasher::finish() {
  SATCHEL_CHECK(state_ != nullptr);
  const Hash out = end_hash(state_->blake);
  state_.reset();
  return out;
}

Hash64 blake2b_512(ByteView a, ByteView b) {
  Blake state;
  start(state, {}, 64);
  feed(state, a);
  feed(state, b);
  return end<Hash64>(state);
}

Hash64 hmac_blake2b_512(ByteView key, ByteView a, ByteView b) {
  constexpr std::size_t kBlock = 128;  // BLAKE2b's block length, RFC 7693 section 2.1
  std::array<std::uint8_t, kBlock> pad{};
  if (key.size() > kBlock) {
    const Hash64 short_key = blake2b_512(key);
    std::ranges::copy(short_key, pad.begin());
  } else {
    std::ranges::copy(key, pad.begin());
  }
  for (std::uint8_t& byte : pad) byte ^= 0x36U;
  Blake state;
  start(state, {}, 64);
  feed(state, pad);
  feed(state, a);
  feed(state, b);
  const Hash64 inner = end<Hash64>(state);
  for (std::uint8_t& byte : pad) byte ^= 0x36U ^ 0x5CU;
  const Hash64 out = blake2b_512(pad, inner);
  wipe(pad);
  sodium_memzero(&state, sizeof state);
  return out;
}

std::string sha256_hex(ByteView bytes) {
  std::array<std::uint8_t, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> text{};
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  return text.data();
}

}  // namespace satchel::core
