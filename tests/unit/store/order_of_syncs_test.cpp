// What may be told as stored rests on the order in which two files reach the disk: seen here where it reaches the kernel.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "core/store/rocks_store.h"
#include "tests/support/scratch.h"

using namespace satchel::core;
using satchel::tests::Scratch;

namespace {

std::mutex guard;
bool watched = false;
std::vector<std::string> events;  // "sync .values", "sync .log", "remove .values" …

void note(const std::string& what, const std::string& path) {
  const std::string kind = std::filesystem::path(path).extension().string();
  const std::lock_guard lock{guard};
  if (watched && (kind == ".values" || kind == ".log" || kind == ".sst")) events.push_back(what + " " + kind);
}

int sync(int opened, long call) {
  std::error_code unknown;
  note("sync", std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(opened), unknown).string());
  return static_cast<int>(::syscall(call, opened));
}

void watch() {
  const std::lock_guard lock{guard};
  watched = true;
  events.clear();
}

std::vector<std::string> seen() {
  const std::lock_guard lock{guard};
  watched = false;
  return std::exchange(events, {});
}

std::size_t first(const std::vector<std::string>& list, const std::string& what, std::size_t from = 0) {
  std::size_t at = from;
  while (at < list.size() && list[at] != what) ++at;
  return at;
}

WriteBatch put(std::uint32_t n, std::size_t size) {
  WriteBatch out;
  out.put(ByteWriter{}.u32_be(n).bytes(), Bytes(size, 7));
  return out;
}

}  // namespace

// In front of the C library's, for RocksDB too.
extern "C" int fdatasync(int opened) { return sync(opened, SYS_fdatasync); }
extern "C" int fsync(int opened) { return sync(opened, SYS_fsync); }
extern "C" int unlink(const char* path) noexcept {
  note("remove", path);
  return static_cast<int>(::syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

TEST_CASE("a synced commit syncs its large values before the row that names them") {
  const Scratch scratch;
  const auto store = open_rocks_store(scratch / "db", OpenMode::read_write).value();
  REQUIRE(store->commit(put(1, 20'000), Durability::later).has_value());
  REQUIRE(store->commit(put(2, 100), Durability::later).has_value());
  watch();
  REQUIRE(store->commit(put(3, 100), Durability::synced).has_value());
  CHECK(seen() == std::vector<std::string>{"sync .values", "sync .log"});
  watch();
  REQUIRE(store->commit(put(4, 100), Durability::synced).has_value());
  CHECK(seen() == std::vector<std::string>{"sync .log"});
}

TEST_CASE("a table is not written before the large values are synced that its rows name") {
  const Scratch scratch;
  {
    const auto store = open_rocks_store(scratch / "db", OpenMode::read_write).value();
    for (std::uint32_t n = 0; n < 1500; ++n)
      REQUIRE(store->commit(put(n, n == 7 ? 20'000 : 1500), Durability::later).has_value());
    watch();
  }  // a long log is flushed when the store is closed
  const auto order = seen();
  CAPTURE(order);
  REQUIRE(first(order, "sync .sst") < order.size());
  CHECK(first(order, "sync .values") < first(order, "sync .sst"));
}

TEST_CASE("large values are not given back before it is synced that nothing names them") {
  const Scratch scratch;
  const auto store = open_rocks_store(scratch / "db", OpenMode::read_write).value();
  for (std::uint32_t n = 0; n < 4; ++n) REQUIRE(store->commit(put(n, 20'000), Durability::synced).has_value());
  WriteBatch removed;
  removed.remove(ByteWriter{}.u32_be(1).bytes());
  REQUIRE(store->commit(removed, Durability::later).has_value());
  watch();
  REQUIRE(store->reclaim({}).has_value());
  const auto order = seen();
  CAPTURE(order);
  const std::size_t gone = first(order, "remove .values");
  REQUIRE(gone < order.size());
  const std::size_t values = first(order, "sync .values");
  CHECK(values < first(order, "sync .log", values));
  CHECK(first(order, "sync .log", values) < gone);
  for (const std::uint32_t n : {0U, 2U, 3U}) CHECK(store->get(ByteWriter{}.u32_be(n).bytes()).value() == Bytes(20'000, 7));
}
