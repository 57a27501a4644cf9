#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/bytes.h"

namespace satchel::core {

/// Must be called once in main before anything else of core/crypto; aborts when libsodium cannot start.
void crypto_init();

/// Bytes that must not leak: locked against swapping, left out of core dumps, guarded on both sides, and wiped when released
/// (secret_arena.h says how). Cheap to make and to release. Move-only.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size);  ///< zeroed
  explicit SecretBytes(ByteView copy_of);
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  SecretBytes clone() const { return SecretBytes{view()}; }
  ByteView view() const noexcept { return {data_, size_}; }
  std::span<std::uint8_t> span() noexcept { return {data_, size_}; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Time depends on the lengths only.
bool constant_time_equal(ByteView a, ByteView b) noexcept;
/// Overwrites ordinary memory that held a secret for a moment.
void wipe(std::span<std::uint8_t> bytes) noexcept;

}  // namespace satchel::core
