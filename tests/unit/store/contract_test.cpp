// What the contract in core/store/store.h promises, asked of every store that there is.
#include <catch2/catch.hpp>
#include <memory>

#include "core/store/memory_store.h"
#include "core/store/overlay_store.h"
#include "core/store/rocks_rows.h"
#include "core/store/rocks_store.h"
#include "tests/support/scratch.h"
#include "tests/support/seeded_rng.h"

using namespace satchel::core;
using satchel::tests::Scratch;
using satchel::tests::SeededRng;

namespace {

struct InMemory {
  std::unique_ptr<Store> store = std::make_unique<MemoryStore>();
};

struct Overlaid {
  MemoryStore below;
  MemoryStore above;
  std::unique_ptr<Store> store = std::make_unique<OverlayStore>(below, above);
};

struct OnDisk {
  Scratch folder;
  std::unique_ptr<Store> store = open_rocks_store(folder / "db", OpenMode::read_write).value();
};

Bytes bytes(std::string_view text) { return to_bytes(as_bytes(text)); }

void put(Store& store, std::string_view key, std::string_view value) {
  WriteBatch batch;
  batch.put(bytes(key), bytes(value));
  REQUIRE(store.commit(batch, Durability::later).has_value());
}

std::optional<Bytes> get(const Store& store, std::string_view key) { return store.get(as_bytes(key)).value(); }

template <class Reader>
std::string keys_up(const Reader& reader, std::string_view prefix, std::string_view from = {}) {
  std::string out;
  const auto done = reader.scan(as_bytes(prefix), as_bytes(from), [&](ByteView key, ByteView) {
    out += std::string(as_text(key)) + " ";
    return true;
  });
  REQUIRE(done.has_value());
  return out;
}

template <class Reader>
std::string keys_down(const Reader& reader, std::string_view prefix) {
  std::string out;
  const auto done = reader.scan_back(as_bytes(prefix), [&](ByteView key, ByteView) {
    out += std::string(as_text(key)) + " ";
    return true;
  });
  REQUIRE(done.has_value());
  return out;
}

}  // namespace

TEMPLATE_TEST_CASE("what was committed is read back, and nothing else", "", InMemory, OnDisk, Overlaid) {
  TestType t;
  CHECK(get(*t.store, "a") == std::nullopt);
  put(*t.store, "a", "1");
  put(*t.store, "b", "");
  CHECK(get(*t.store, "a") == bytes("1"));
  CHECK(get(*t.store, "b") == Bytes{});
  put(*t.store, "a", "2");
  CHECK(get(*t.store, "a") == bytes("2"));
  WriteBatch batch;
  batch.remove(bytes("a"));
  batch.remove(bytes("never there"));
  REQUIRE(t.store->commit(batch, Durability::synced).has_value());
  CHECK(get(*t.store, "a") == std::nullopt);
}

TEMPLATE_TEST_CASE("of two changes of one key in a batch the later one wins", "", InMemory, OnDisk, Overlaid) {
  TestType t;
  WriteBatch batch;
  batch.put(bytes("a"), bytes("1"));
  batch.remove(bytes("a"));
  batch.put(bytes("a"), bytes("2"));
  batch.put(bytes("b"), bytes("1"));
  batch.remove(bytes("b"));
  REQUIRE(t.store->commit(batch, Durability::later).has_value());
  CHECK(get(*t.store, "a") == bytes("2"));
  CHECK(get(*t.store, "b") == std::nullopt);
}

TEMPLATE_TEST_CASE("large values and keys of every byte are kept as they are", "", InMemory, OnDisk, Overlaid) {
  TestType t;
  SeededRng rng{61};
  for (const std::size_t size : {2047U, 2048U, 4096U, 70000U, 1000000U}) {
    Bytes value(size);
    rng.fill(value);
    Bytes key(20);
    rng.fill(key);
    key[3] = 0;
    key[4] = 0xFF;
    WriteBatch batch;
    batch.put(key, value);
    REQUIRE(t.store->commit(batch, Durability::later).has_value());
    CHECK(t.store->get(key).value() == value);
  }
}

TEMPLATE_TEST_CASE("a value that looks like a store's own mark is kept as it is", "", InMemory, OnDisk, Overlaid) {
  TestType t;
  const Bytes place = far_row({1, 0, 3000, 0});
  const Bytes mark = bytes(kFarMark);
  WriteBatch batch;
  batch.put(bytes("a"), place);
  batch.put(bytes("b"), mark);
  batch.put(bytes("c"), Bytes(3000, 1));
  REQUIRE(t.store->commit(batch, Durability::synced).has_value());
  CHECK(get(*t.store, "a") == place);
  CHECK(get(*t.store, "b") == mark);
  CHECK(get(*t.store, "c") == Bytes(3000, 1));
  REQUIRE(t.store->reclaim({}).has_value());
  CHECK(get(*t.store, "a") == place);
}

TEMPLATE_TEST_CASE("a scan goes through one prefix in byte order, from where it is told", "", InMemory, OnDisk, Overlaid) {
  TestType t;
  for (const char* key : {"b2", "a", "b", "c", "b1", "b\xff\xff", "b10"}) put(*t.store, key, "");
  CHECK(keys_up(*t.store, "b") == "b b1 b10 b2 b\xff\xff ");
  CHECK(keys_up(*t.store, "b", "b10") == "b10 b2 b\xff\xff ");
  CHECK(keys_up(*t.store, "b", "b11") == "b2 b\xff\xff ");
  CHECK(keys_up(*t.store, "b", "a") == "b b1 b10 b2 b\xff\xff ");
  CHECK(keys_up(*t.store, "b", "c").empty());
  CHECK(keys_up(*t.store, "") == "a b b1 b10 b2 b\xff\xff c ");
  CHECK(keys_down(*t.store, "b") == "b\xff\xff b2 b10 b1 b ");
  CHECK(keys_down(*t.store, "") == "c b\xff\xff b2 b10 b1 b a ");
  CHECK(keys_down(*t.store, "b\xff") == "b\xff\xff ");
  CHECK(keys_down(*t.store, "d").empty());
}

TEMPLATE_TEST_CASE("prefixes that end in 0xFF have an end all the same", "", InMemory, OnDisk, Overlaid) {
  TestType t;
  for (const char* key : {"\xff", "\xff\xff", "\xff\xff\x01", "\xfe\xff", "\xfe\xff\x05"}) put(*t.store, key, "");
  CHECK(keys_down(*t.store, "\xff\xff") == "\xff\xff\x01 \xff\xff ");
  CHECK(keys_up(*t.store, "\xfe\xff") == "\xfe\xff \xfe\xff\x05 ");
  CHECK(keys_down(*t.store, "\xfe\xff") == "\xfe\xff\x05 \xfe\xff ");
}

TEMPLATE_TEST_CASE("a scan stops when it is told to", "", InMemory, OnDisk, Overlaid) {
  TestType t;
  for (const char* key : {"a1", "a2", "a3"}) put(*t.store, key, "");
  int seen = 0;
  REQUIRE(t.store->scan(as_bytes("a"), {}, [&](ByteView, ByteView) { return ++seen < 2; }).has_value());
  CHECK(seen == 2);
  seen = 0;
  REQUIRE(t.store->scan_back(as_bytes("a"), [&](ByteView, ByteView) { return ++seen < 2; }).has_value());
  CHECK(seen == 2);
}

TEMPLATE_TEST_CASE("a scan does not see what its visitor commits", "", InMemory, OnDisk, Overlaid) {
  TestType t;
  for (const char* key : {"a1", "a2", "a3"}) put(*t.store, key, "old");
  std::string seen;
  REQUIRE(t.store
              ->scan(as_bytes("a"), {},
                     [&](ByteView key, ByteView value) {
                       seen += std::string(as_text(key)) + "=" + std::string(as_text(value)) + " ";
                       WriteBatch batch;
                       batch.remove(bytes("a2"));
                       batch.put(bytes("a3"), bytes("new"));
                       batch.put(bytes("a4"), bytes("new"));
                       return t.store->commit(batch, Durability::later).has_value();
                     })
              .has_value());
  CHECK(seen == "a1=old a2=old a3=old ");
  CHECK(keys_up(*t.store, "a") == "a1 a3 a4 ");
}

TEMPLATE_TEST_CASE("a snapshot stays as it was", "", InMemory, OnDisk, Overlaid) {
  TestType t;
  put(*t.store, "a", "1");
  put(*t.store, "b", "1");
  const auto moment = t.store->snapshot();
  put(*t.store, "a", "2");
  put(*t.store, "c", "1");
  WriteBatch batch;
  batch.remove(bytes("b"));
  REQUIRE(t.store->commit(batch, Durability::later).has_value());
  CHECK(moment->get(as_bytes("a")).value() == bytes("1"));
  CHECK(moment->get(as_bytes("b")).value() == bytes("1"));
  CHECK(moment->get(as_bytes("c")).value() == std::nullopt);
  CHECK(keys_up(*moment, "") == "a b ");
  CHECK(keys_down(*moment, "") == "b a ");
}

TEMPLATE_TEST_CASE("random batches leave what a plain map holds", "", InMemory, OnDisk, Overlaid) {
  TestType t;
  SeededRng rng{62};
  INFO("seed " << rng.seed());
  std::map<Bytes, Bytes> expected;
  for (int round = 0; round < 200; ++round) {
    WriteBatch batch;
    for (std::uint64_t change = rng.below(6); change > 0; --change) {
      Bytes key(1 + rng.below(2));
      for (std::uint8_t& byte : key) byte = static_cast<std::uint8_t>(0xFC + rng.below(4));
      if (rng.below(3) == 0) {
        expected.erase(key);
        batch.remove(key);
      } else {
        Bytes value(rng.below(3) * 3000);
        rng.fill(value);
        expected[key] = value;
        batch.put(std::move(key), std::move(value));
      }
    }
    REQUIRE(t.store->commit(batch, rng.below(10) == 0 ? Durability::synced : Durability::later).has_value());
    std::map<Bytes, Bytes> found;
    REQUIRE(
        t.store->scan({}, {}, [&](ByteView key, ByteView value) { return found.emplace(to_bytes(key), to_bytes(value)).second; })
            .has_value());
    REQUIRE(found == expected);
  }
}
