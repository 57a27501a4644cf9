#include "core/store/rocks_store_checksum.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

/// As in RocksDB's util/crc32c.h: the CRC32C of what gave `crc` and then `data`.
namespace rocksdb::crc32c {
std::uint32_t Extend(std::uint32_t crc, const char* data, std::size_t size);
}

#if defined(__x86_64__)

#include <rocksdb/version.h>

#include "core/base/check.h"
#include "core/base/shared_library.h"

namespace {

using Extend = std::uint32_t (*)(std::uint32_t crc, const char* data, std::size_t size);

__attribute__((target("sse4.2"))) std::uint32_t by_processor(std::uint32_t crc, const char* data, std::size_t size) {
  std::uint64_t sum = ~crc;
  for (; size >= sizeof(std::uint64_t); data += sizeof(std::uint64_t), size -= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, data, sizeof word);
    sum = __builtin_ia32_crc32di(sum, word);
  }
  auto rest = static_cast<std::uint32_t>(sum);
  for (; size > 0; ++data, --size) rest = __builtin_ia32_crc32qi(rest, static_cast<unsigned char>(*data));
  return ~rest;
}

#define SATCHEL_TEXT_OF(number) #number
#define SATCHEL_FILE_OF(major, minor) "librocksdb.so." SATCHEL_TEXT_OF(major) "." SATCHEL_TEXT_OF(minor)

/// By tables, as the library was built; from the library itself, since the name alone leads to the function below.
Extend of_library() {
  Extend out = nullptr;
  const auto library = satchel::core::SharedLibrary::load(SATCHEL_FILE_OF(ROCKSDB_MAJOR, ROCKSDB_MINOR));
  SATCHEL_CHECK(library && library->find("_ZN7rocksdb6crc32c6ExtendEjPKcm", out));
  return out;
}

/// RocksDB may ask before main().
Extend choose() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("sse4.2") ? by_processor : of_library();
}

}  // namespace

namespace rocksdb::crc32c {
std::uint32_t Extend(std::uint32_t crc, const char* data, std::size_t size) {
  static const ::Extend chosen = choose();
  return chosen(crc, data, size);
}
}  // namespace rocksdb::crc32c

#endif

namespace satchel::core {
void link_rocks_checksum() {}

std::uint32_t crc32c(ByteView bytes) {
  return rocksdb::crc32c::Extend(0, reinterpret_cast<const char*>(bytes.data()), bytes.size());
}
}  // namespace satchel::core
