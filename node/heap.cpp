#include "node/heap.h"

#include <cstdlib>  // defines __GLIBC__ where that is the library

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace satchel::node {

void keep_freed_memory() {
#if defined(__GLIBC__)
  constexpr int kMiB = 1024 * 1024;
  // A refusal costs time only.
  static_cast<void>(::mallopt(M_MMAP_THRESHOLD, 4 * kMiB));
  static_cast<void>(::mallopt(M_TRIM_THRESHOLD, 16 * kMiB));
#endif
}

}  // namespace satchel::node
