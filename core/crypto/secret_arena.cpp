#include "core/crypto/secret_arena.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <vector>

#include "core/base/check.h"

namespace satchel::core::secret_arena {

namespace {

constexpr std::size_t kCanarySize = 16;
/// Any bytes that no key, text or zeroed memory holds by chance: it is there to find mistakes.
constexpr std::array<std::uint8_t, kCanarySize> kCanary{0x9d, 0xe1, 0x5b, 0xc6, 0xf3, 0x2a, 0x87, 0xd4,
                                                        0xb8, 0x4f, 0xa9, 0xce, 0x93, 0xec, 0x76, 0xdb};
constexpr std::size_t kSlotSize = kCanarySize + kSlotSecretMax + kCanarySize;
/// 16 KiB: four of them fit into the 64 KiB that old systems let a process lock.
constexpr std::size_t kArenaSlots = 128;
static_assert(kSlotSize % 16 == 0, "every small secret begins at a multiple of 16");

class Slots {
 public:
  std::uint8_t* take(std::size_t size) {
    const std::lock_guard hold{mutex_};
    if (free_.empty()) add_arena();
    std::uint8_t* slot = free_.back();
    free_.pop_back();
    std::copy(kCanary.begin(), kCanary.end(), slot);
    std::copy(kCanary.begin(), kCanary.end(), slot + kCanarySize + size);
    return slot + kCanarySize;
  }

  void give_back(std::uint8_t* secret, std::size_t size) {
    SATCHEL_CHECK(sodium_memcmp(kCanary.data(), secret - kCanarySize, kCanarySize) == 0);
    SATCHEL_CHECK(sodium_memcmp(kCanary.data(), secret + size, kCanarySize) == 0);
    sodium_memzero(secret - kCanarySize, kSlotSize);
    const std::lock_guard hold{mutex_};
    free_.push_back(secret - kCanarySize);
  }

 private:
  void add_arena() {
    auto* arena = static_cast<std::uint8_t*>(sodium_malloc(kArenaSlots * kSlotSize));
    SATCHEL_CHECK(arena != nullptr);
    sodium_memzero(arena, kArenaSlots * kSlotSize);
    arenas_.push_back(arena);
    free_.reserve(arenas_.size() * kArenaSlots);  // so that giving back never needs memory
    for (std::size_t i = kArenaSlots; i > 0; --i) free_.push_back(arena + (i - 1) * kSlotSize);
  }

  std::mutex mutex_;
  std::vector<std::uint8_t*> arenas_;  // kept, never freed
  std::vector<std::uint8_t*> free_;    // slots, all zero; the last is taken next
};

/// Never destroyed: a secret in a static object may be released after everything else.
Slots& slots() {
  static auto* const present = new Slots;
  return *present;
}

}  // namespace

std::uint8_t* take(std::size_t size) {
  if (size <= kSlotSecretMax) return slots().take(size);
  auto* secret = static_cast<std::uint8_t*>(sodium_malloc(size));
  SATCHEL_CHECK(secret != nullptr);
  sodium_memzero(secret, size);
  return secret;
}

void give_back(std::uint8_t* secret, std::size_t size) noexcept {
  if (size <= kSlotSecretMax) {
    slots().give_back(secret, size);
  } else {
    sodium_free(secret);
  }
}

}  // namespace satchel::core::secret_arena
