#include "core/store/overlay_store.h"

#include <catch2/catch.hpp>
#include <map>

#include "core/store/memory_store.h"
#include "tests/support/seeded_rng.h"

using namespace satchel::core;
using satchel::tests::SeededRng;

namespace {

using Rows = std::map<Bytes, Bytes>;

Rows rows_of(const Store& store) {
  Rows out;
  REQUIRE(store
              .scan({}, {},
                    [&](ByteView key, ByteView value) {
                      out.emplace(to_bytes(key), to_bytes(value));
                      return true;
                    })
              .has_value());
  return out;
}

std::vector<Bytes> keys_back(const Store& store) {
  std::vector<Bytes> out;
  REQUIRE(store
              .scan_back({},
                         [&](ByteView key, ByteView) {
                           out.push_back(to_bytes(key));
                           return true;
                         })
              .has_value());
  return out;
}

/// A batch of ten changes among 64 keys of two bytes.
WriteBatch some_changes(SeededRng& rng) {
  WriteBatch batch;
  for (int i = 0; i < 10; ++i) {
    Bytes chance(3, 0);
    rng.fill(chance);
    Bytes key{static_cast<std::uint8_t>(chance[0] % 8), static_cast<std::uint8_t>(chance[1] % 8)};
    if (chance[2] % 3 == 0) {
      batch.remove(std::move(key));
    } else {
      batch.put(std::move(key), Bytes{chance[2]});
    }
  }
  return batch;
}

}  // namespace

TEST_CASE("an overlay reads as the store below would after the same changes, and the store below stays as it was") {
  SeededRng rng{41};
  MemoryStore below;
  MemoryStore plain;
  for (int i = 0; i < 20; ++i) {
    const WriteBatch batch = some_changes(rng);
    REQUIRE(below.commit(batch, Durability::synced).has_value());
    REQUIRE(plain.commit(batch, Durability::synced).has_value());
  }
  const Rows before = rows_of(below);
  MemoryStore above;
  OverlayStore overlay{below, above};
  for (int i = 0; i < 200; ++i) {
    const WriteBatch batch = some_changes(rng);
    REQUIRE(overlay.commit(batch, Durability::later).has_value());
    REQUIRE(plain.commit(batch, Durability::later).has_value());
    REQUIRE(rows_of(overlay) == rows_of(plain));
    REQUIRE(keys_back(overlay) == keys_back(plain));
  }
  REQUIRE(rows_of(below) == before);
}
