#pragma once

#include <cstddef>
#include <cstdint>

/// Memory for secrets. Only for secret.cpp.
///
/// A handshake makes some forty secrets of 32 or 64 bytes that live for microseconds. Four system calls for each of them cost
/// more than the arithmetic, and a locked page for each uses up the few that a process may lock. So small ones share arenas: what
/// sodium_malloc gives (locked against swapping, left out of core dumps, an unreadable page on either side), cut into slots. An
/// arena is kept until the process ends, so there are as many as secrets once were alive together.
///
///   slot = canary 16 ‖ secret, at most kSlotSecretMax ‖ canary 16 right behind it ‖ unused
///
/// A write past either end of a secret is found when it is released, and ends the process. Larger secrets have pages of their
/// own. Any thread.
namespace satchel::core::secret_arena {

/// Keys are 32 bytes, chaining keys and signing keys 64, a locked key file's content 96.
constexpr std::size_t kSlotSecretMax = 96;

/// `size` zeroed bytes, size > 0. Aborts when the system gives no memory.
std::uint8_t* take(std::size_t size);
/// Wipes what take(size) gave, and keeps the place for the next. Aborts when a canary has been overwritten.
void give_back(std::uint8_t* secret, std::size_t size) noexcept;

}  // namespace satchel::core::secret_arena
