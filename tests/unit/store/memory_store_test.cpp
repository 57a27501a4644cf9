#include "core/store/memory_store.h"

#include <catch2/catch.hpp>
#include <string>

using namespace satchel::core;

namespace {

WriteBatch put(std::string_view key, std::string_view value) {
  WriteBatch out;
  out.put(to_bytes(as_bytes(key)), to_bytes(as_bytes(value)));
  return out;
}

bool holds(const Store& store, std::string_view key, std::string_view value) {
  return store.get(as_bytes(key)).value() == to_bytes(as_bytes(value));
}

}  // namespace

TEST_CASE("a power cut takes back what came after the last synced commit") {
  MemoryStore store;
  REQUIRE(store.commit(put("a", "1"), Durability::later).has_value());
  REQUIRE(store.commit(put("b", "1"), Durability::synced).has_value());
  REQUIRE(store.commit(put("a", "2"), Durability::later).has_value());
  REQUIRE(store.commit(put("a", "3"), Durability::later).has_value());
  REQUIRE(store.commit(put("c", "1"), Durability::later).has_value());
  store.crash();
  CHECK(holds(store, "a", "1"));
  CHECK(holds(store, "b", "1"));
  CHECK(store.get(as_bytes("c")).value() == std::nullopt);
}

TEST_CASE("a power cut may leave any number of whole batches, the earliest first") {
  for (std::size_t kept = 0; kept <= 3; ++kept) {
    MemoryStore store;
    REQUIRE(store.commit(put("a", "1"), Durability::synced).has_value());
    for (const std::string_view value : {"2", "3", "4"}) REQUIRE(store.commit(put("a", value), Durability::later).has_value());
    CHECK(store.unsynced() == 3);
    store.crash(kept);
    CHECK(holds(store, "a", std::to_string(1 + kept)));
    CHECK(store.unsynced() == 0);
    store.crash();
    CHECK(holds(store, "a", std::to_string(1 + kept)));
  }
}

TEST_CASE("a snapshot of the memory store outlasts a power cut") {
  MemoryStore store;
  REQUIRE(store.commit(put("a", "1"), Durability::synced).has_value());
  REQUIRE(store.commit(put("a", "2"), Durability::later).has_value());
  const auto moment = store.snapshot();
  store.crash();
  CHECK(holds(store, "a", "1"));
  CHECK(moment->get(as_bytes("a")).value() == to_bytes(as_bytes("2")));
}

TEST_CASE("commits fail from the n-th on until they are allowed again") {
  MemoryStore store;
  store.fail_from_commit(2);
  REQUIRE(store.commit(put("a", "1"), Durability::synced).has_value());
  for (int i = 0; i < 3; ++i) {
    const auto failed = store.commit(put("a", "2"), Durability::synced);
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().code == Code::kDiskFull);
    CHECK(holds(store, "a", "1"));
  }
  store.fail_from_commit(0);
  REQUIRE(store.commit(put("a", "2"), Durability::synced).has_value());
  CHECK(holds(store, "a", "2"));
}
