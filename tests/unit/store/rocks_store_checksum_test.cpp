// The sums that stand in a store's files: whichever function computes them, they are the same.
#include "core/store/rocks_store_checksum.h"

#include <dlfcn.h>

#include <catch2/catch.hpp>

#include "core/base/bytes.h"
#include "tests/support/seeded_rng.h"

using namespace satchel;

namespace {

using Extend = std::uint32_t (*)(std::uint32_t crc, const char* data, std::size_t size);
constexpr const char* kName = "_ZN7rocksdb6crc32c6ExtendEjPKcm";

std::uint32_t crc_of(Extend extend, core::ByteView bytes, std::uint32_t before = 0) {
  return extend(before, reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace

TEST_CASE("RocksDB's checksum gives the sums of RFC 3720, and those of the library's own function") {
  core::link_rocks_checksum();
  // The first of that name in this process is the one that the library calls.
  const auto called = reinterpret_cast<Extend>(::dlsym(RTLD_DEFAULT, kName));
  const auto library = reinterpret_cast<Extend>(::dlsym(RTLD_NEXT, kName));
  REQUIRE(called != nullptr);
  REQUIRE(library != nullptr);
#if defined(__x86_64__)
  CHECK(called != library);
#endif
  core::Bytes counting(32);
  for (std::size_t i = 0; i < counting.size(); ++i) counting[i] = static_cast<std::uint8_t>(i);
  for (const Extend extend : {called, library}) {
    CHECK(crc_of(extend, core::Bytes(32, 0x00)) == 0x8A9136AAU);
    CHECK(crc_of(extend, core::Bytes(32, 0xFF)) == 0x62A8AB43U);
    CHECK(crc_of(extend, counting) == 0x46DD794EU);
    CHECK(crc_of(extend, {}) == 0);
  }
  tests::SeededRng rng{3};
  core::Bytes bytes(40'000);
  rng.fill(bytes);
  for (int i = 0; i < 2'000; ++i) {
    const std::size_t from = rng.below(64);
    const std::size_t size = i % 2 == 0 ? rng.below(80) : rng.below(bytes.size() - from);
    const core::ByteView part = core::ByteView{bytes}.subspan(from, size);
    const auto before = static_cast<std::uint32_t>(rng.u64());
    REQUIRE(crc_of(called, part, before) == crc_of(library, part, before));
    const std::size_t cut = rng.below(size + 1);
    REQUIRE(crc_of(called, part.subspan(cut), crc_of(called, part.first(cut), before)) == crc_of(called, part, before));
  }
}
