#pragma once

namespace satchel::core {

/// Prints where a broken invariant stands, then aborts; in release builds too (a wrong node must stop, not guess).
[[noreturn]] void check_failed(const char* expression, const char* file, int line) noexcept;

}  // namespace satchel::core

/// For what must hold if our own code is right. Never for what the world may do: that is a Result.
#define SATCHEL_CHECK(condition)                                     \
  do {                                                               \
    if (!(condition)) [[unlikely]] {                                 \
      ::satchel::core::check_failed(#condition, __FILE__, __LINE__); \
    }                                                                \
  } while (false)
