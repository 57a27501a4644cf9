#include "core/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace satchel::core {

void check_failed(const char* expression, const char* file, int line) noexcept {
  std::fprintf(stderr, "satchel: internal check failed: %s (%s:%d)\n", expression, file, line);
  std::abort();
}

}  // namespace satchel::core
