#include "core/store/rocks_checksum.h"

#if defined(__x86_64__)

#include <dlfcn.h>
#include <nmmintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/base/check.h"

namespace {

using Extend = std::uint32_t (*)(std::uint32_t crc, const char* data, std::size_t size);

__attribute__((target("sse4.2"))) std::uint32_t by_processor(std::uint32_t crc, const char* data, std::size_t size) {
  std::uint64_t sum = ~crc;
  for (; size >= sizeof(std::uint64_t); data += sizeof(std::uint64_t), size -= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, data, sizeof word);
    sum = _mm_crc32_u64(sum, word);
  }
  auto rest = static_cast<std::uint32_t>(sum);
  for (; size > 0; ++data, --size) rest = _mm_crc32_u8(rest, static_cast<unsigned char>(*data));
  return ~rest;
}

/// RocksDB may ask before main().
Extend choose() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("sse4.2")) return by_processor;
  void* const own = ::dlsym(RTLD_NEXT, "_ZN7rocksdb6crc32c6ExtendEjPKcm");
  SATCHEL_CHECK(own != nullptr);
  return reinterpret_cast<Extend>(own);
}

}  // namespace

/// As in RocksDB's util/crc32c.h: the CRC32C of what gave `crc` and then `data`.
namespace rocksdb::crc32c {
std::uint32_t Extend(std::uint32_t crc, const char* data, std::size_t size);
std::uint32_t Extend(std::uint32_t crc, const char* data, std::size_t size) {
  static const ::Extend chosen = choose();
  return chosen(crc, data, size);
}
}  // namespace rocksdb::crc32c

#endif

namespace satchel::core {
void link_rocks_checksum() {}
}  // namespace satchel::core
