#include "core/crypto/secret.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "core/base/check.h"
#include "core/crypto/secret_arena.h"

namespace satchel::core {

void crypto_init() { SATCHEL_CHECK(sodium_init() >= 0); }

SecretBytes::SecretBytes(std::size_t size) : size_(size) {
  if (size == 0) return;
  data_ = secret_arena::take(size);
}

SecretBytes::SecretBytes(ByteView copy_of) : SecretBytes(copy_of.size()) { std::copy(copy_of.begin(), copy_of.end(), data_); }

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

SecretBytes::~SecretBytes() {
  if (data_ != nullptr) secret_arena::give_back(data_, size_);
}

bool constant_time_equal(ByteView a, ByteView b) noexcept {
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

void wipe(std::span<std::uint8_t> bytes) noexcept {
  if (!bytes.empty()) sodium_memzero(bytes.data(), bytes.size());
}

}  // namespace satchel::core
