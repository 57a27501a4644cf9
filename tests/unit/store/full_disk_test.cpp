#include <sys/mount.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "core/store/rocks_store.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/scratch.h"

using namespace satchel::core;
using satchel::tests::Scratch;

namespace {

/// A file system of 48 MiB in memory; only root may make one, and not in every container.
class SmallDisk {
 public:
  explicit SmallDisk(std::string folder)
      : folder_(std::move(folder)), there_(::mount("none", folder_.c_str(), "tmpfs", 0, "size=48m") == 0) {}
  ~SmallDisk() {
    if (there_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool there() const { return there_; }

 private:
  std::string folder_;
  bool there_;
};

/// A value that lies in its row, and one that lies in the value log.
constexpr std::size_t kSmall = 1500;
constexpr std::size_t kLarge = 6000;

WriteBatch one(std::uint32_t n, std::size_t size) {
  WriteBatch out;
  out.put(ByteWriter{}.u32_be(n).bytes(), Bytes(size, static_cast<std::uint8_t>(n)));
  return out;
}

}  // namespace

TEST_CASE("a full disk refuses, loses nothing, and serves again once there is space") {
  const std::size_t size = GENERATE(kSmall, kLarge);
  const Scratch scratch;
  const SmallDisk disk{scratch.path()};
  if (!disk.there()) {
    WARN("no small file system could be mounted (not root?): the full disk was not tried");
    return;
  }
  satchel::tests::write_file(scratch / "ballast", std::string(32 << 20, 'x'));
  auto store = open_rocks_store(scratch / "db", OpenMode::read_write).value();
  std::uint32_t n = 0;
  Result<void> last;
  for (; n < 20000; ++n) {
    last = store->commit(one(n, size), Durability::synced);
    if (!last) break;
  }
  REQUIRE_FALSE(last.has_value());
  CHECK(last.error().code == Code::kDiskFull);
  CHECK(store->commit(one(n, size), Durability::synced).error().code == Code::kDiskFull);
  for (std::uint32_t i = 0; i < n; ++i) REQUIRE(store->get(ByteWriter{}.u32_be(i).bytes()).value().has_value());

  std::filesystem::remove(scratch / "ballast");
  REQUIRE(store->commit(one(n, size), Durability::synced).has_value());
  store.reset();
  store = open_rocks_store(scratch / "db", OpenMode::read_write).value();
  for (std::uint32_t i = 0; i <= n; ++i) REQUIRE(store->get(ByteWriter{}.u32_be(i).bytes()).value().has_value());
}

TEST_CASE("a disk that fails to write with room on it refuses as such and loses nothing, and serves when it is opened again") {
  const std::size_t size = GENERATE(kSmall, kLarge);
  const Scratch scratch;
  auto store = open_rocks_store(scratch / "db", OpenMode::read_write).value();
  std::uint32_t n = 0;
  {
    const satchel::tests::FileSizeLimit limit{100'000};
    Result<void> last;
    for (; n < 100; ++n) {
      last = store->commit(one(n, size), Durability::synced);
      if (!last) break;
    }
    REQUIRE_FALSE(last.has_value());
    CHECK(last.error().code == Code::kStoreIo);
    for (std::uint32_t i = 0; i < n; ++i) REQUIRE(store->get(ByteWriter{}.u32_be(i).bytes()).value().has_value());
  }
  store.reset();
  store = open_rocks_store(scratch / "db", OpenMode::read_write).value();
  REQUIRE(store->commit(one(n, size), Durability::synced).has_value());
  for (std::uint32_t i = 0; i <= n; ++i) REQUIRE(store->get(ByteWriter{}.u32_be(i).bytes()).value().has_value());
}
