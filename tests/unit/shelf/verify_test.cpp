#include <catch2/catch.hpp>

#include "tests/unit/bundle/village.h"
#include "tests/unit/shelf/stores.h"

namespace satchel::protocol {
namespace {

using core::Bytes;
using core::Code;
using core::Lane;
using core::Seq;
using tests::Node;
using tests::Village;

struct Findings {
  std::vector<std::pair<core::BundleId, Code>> faults;
  VerifyReport report;
};

Findings verify(const Node& node) {
  Findings out;
  const auto report =
      node.shelf->verify([&](const core::BundleId& id, const core::Error& error) { out.faults.emplace_back(id, error.code); });
  REQUIRE(report);
  CHECK(report->faults == out.faults.size());
  out.report = *report;
  return out;
}

/// A hub with two bundles of one log, one of them in chunks.
struct Held {
  Village village;
  core::BundleId small = village.write(*village.east, Lane::photo, 60);
  core::BundleId large = village.write(*village.east, Lane::photo, 20'000, core::kToHub, ChunkSize::k16);
  Node& hub = *village.hub;
  Held() { REQUIRE(tests::meet(*village.east, hub) == 2); }
};

TEST_CASE("a sound store has no fault, and every byte of it was looked at") {
  Held held;
  const Findings found = verify(held.hub);
  CHECK(found.faults.empty());
  CHECK(found.report.bundles == 2);
  CHECK(found.report.bytes ==
        (*held.hub.shelf->header(held.small))->body_size() + (*held.hub.shelf->header(held.large))->body_size());
}

TEST_CASE("a flipped byte of a stored body is found, and named with its bundle") {
  Held held;
  for (const auto& [key, value] : tests::rows(held.hub.store, {core::keys::kChunk})) {
    const auto id = core::keys::parse_at(key);
    REQUIRE(id);
    const std::size_t step = value.size() > 1000 ? 499 : 1;
    for (std::size_t i = 0; i < value.size(); i += step) {
      Bytes flipped = value;
      flipped[i] ^= 0x10;
      tests::plant(held.hub.store, key, flipped);
      const Findings found = verify(held.hub);
      REQUIRE(found.faults.size() == 1);
      CHECK(found.faults[0] == std::pair{*id, Code::kHashBad});
    }
    tests::plant(held.hub.store, key, value);
  }
  CHECK(verify(held.hub).faults.empty());
}

TEST_CASE("a flipped byte of a stored header, or of the root before it, is found") {
  Held held;
  constexpr std::size_t kProven = 1 + 8 + 8;  // behind the flag and two counters of this node's own
  for (const auto& [key, value] : tests::rows(held.hub.store, {core::keys::kHeader})) {
    for (std::size_t i = kProven; i < value.size(); ++i) {
      Bytes flipped = value;
      flipped[i] ^= 0x01;
      tests::plant(held.hub.store, key, flipped);
      INFO("byte " << i);
      CHECK_FALSE(verify(held.hub).faults.empty());
    }
    tests::plant(held.hub.store, key, value);
  }
}

TEST_CASE("a bundle that is gone from the store is missed") {
  Held held;
  core::WriteBatch batch;
  batch.remove(core::keys::bundle(core::keys::kHeader, held.small));
  REQUIRE(held.hub.store.commit(batch, core::Durability::synced));
  CHECK_FALSE(verify(held.hub).faults.empty());
  REQUIRE(held.hub.reopen());
  CHECK_FALSE(verify(held.hub).faults.empty());
}

TEST_CASE("a piece of a body that is gone, too short or too long is found") {
  Held held;
  const auto rows = tests::rows(held.hub.store, {core::keys::kChunk});
  for (const auto& [key, value] : rows) {
    core::WriteBatch batch;
    batch.remove(key);
    REQUIRE(held.hub.store.commit(batch, core::Durability::synced));
    CHECK(verify(held.hub).faults.size() == 1);
    tests::plant(held.hub.store, key, {value.begin(), value.end() - 1});
    CHECK(verify(held.hub).faults.size() == 1);
    tests::plant(held.hub.store, key, value);
  }
}

TEST_CASE("a header under another bundle's key is found") {
  Held held;
  const auto rows = tests::rows(held.hub.store, {core::keys::kHeader});
  tests::plant(held.hub.store, core::keys::bundle(core::keys::kHeader, held.large),
               rows.at(core::keys::bundle(core::keys::kHeader, held.small)));
  CHECK_FALSE(verify(held.hub).faults.empty());
}

TEST_CASE("flipped bytes of a body that is still arriving are found in the chunks that are whole") {
  Village village;
  Node& hub = *village.hub;
  const core::BundleId id{Village::log(*village.east, Lane::photo), Seq{1}};
  const SealedBundle sealed = village.seal_at(*village.east, id, {}, 60'000, ChunkSize::k16);
  REQUIRE(hub.shelf->begin(sealed.header.bytes, core::Hash{}));
  REQUIRE(hub.shelf->append(id, 0, core::ByteView{sealed.body}.first(50'000)));
  CHECK(verify(hub).faults.empty());
  const auto rows = tests::rows(hub.store, {core::keys::kChunk});
  const auto& [key, value] = *std::next(rows.begin(), 2);
  Bytes flipped = value;
  flipped[100] ^= 1;
  tests::plant(hub.store, key, flipped);
  REQUIRE(verify(hub).faults.size() == 1);
  CHECK(verify(hub).faults[0] == std::pair{id, Code::kHashBad});
}

TEST_CASE("a summary that does not parse stops the shelf from opening") {
  Held held;
  const auto rows = tests::rows(held.hub.store, {core::keys::kLog});
  REQUIRE(rows.size() == 1);
  for (std::size_t n = 0; n < rows.begin()->second.size(); ++n) {
    tests::plant(held.hub.store, rows.begin()->first,
                 {rows.begin()->second.begin(), rows.begin()->second.begin() + static_cast<std::ptrdiff_t>(n)});
    const auto opened = held.hub.reopen();
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Code::kStoreDamaged);
  }
  tests::plant(held.hub.store, rows.begin()->first, rows.begin()->second);
  CHECK(held.hub.reopen());
}

}  // namespace
}  // namespace satchel::protocol
