#include <catch2/catch.hpp>

#include "tests/unit/bundle/village.h"
#include "tests/unit/shelf/stores.h"

namespace satchel::protocol {
namespace {

using core::Code;
using core::Lane;
using core::Seq;
using tests::Node;
using tests::Village;

TEST_CASE("own bundles are numbered from one, each following the root of the one before") {
  Village village;
  Node& east = *village.east;
  const core::BundleId first = village.write(east, Lane::record, 50);
  const core::BundleId second = village.write(east, Lane::record, 60);
  const core::BundleId photo = village.write(east, Lane::photo, 70);
  CHECK(first.seq == Seq{1});
  CHECK(second.seq == Seq{2});
  CHECK(photo.seq == Seq{1});
  const auto root = (*east.shelf->header(first))->root;
  CHECK(**east.shelf->previous_root(first) == core::Hash{});
  CHECK(**east.shelf->previous_root(second) == root);
  CHECK(east.shelf->own_reach() == std::map<core::LogId, Seq>{{first.log, Seq{2}}, {photo.log, Seq{1}}});
  REQUIRE(east.reopen());
  CHECK(east.shelf->own_reach().at(first.log) == Seq{2});
  CHECK(village.write(east, Lane::record, 10).seq == Seq{3});
}

TEST_CASE("several bundles of one batch become visible together, when the stage is accepted") {
  Village village;
  Node& east = *village.east;
  const core::LogId log = Village::log(east, Lane::record);
  auto stage = east.shelf->stage();
  core::WriteBatch batch;
  for (std::uint64_t seq = 1; seq <= 3; ++seq) {
    const auto place = stage.next(log);
    REQUIRE(place);
    CHECK(place->seq == Seq{seq});
    REQUIRE(stage.add(batch, village.seal_at(east, {log, place->seq}, place->previous_root, 40)));
  }
  CHECK(east.shelf->own_reach().empty());
  REQUIRE(east.store.commit(batch, core::Durability::synced));
  east.shelf->accept(std::move(stage));
  CHECK(east.shelf->own_reach().at(log) == Seq{3});
  CHECK(east.shelf->frontier().at(log) == Seq{3});
}

TEST_CASE("a stage whose commit failed takes no number and leaves no byte") {
  Village village;
  Node& east = *village.east;
  village.write(east, Lane::record, 50);
  const auto before = tests::rows(east.store);
  const core::LogId log = Village::log(east, Lane::record);
  {
    auto stage = east.shelf->stage();
    const auto place = stage.next(log);
    core::WriteBatch batch;
    REQUIRE(stage.add(batch, village.seal_at(east, {log, place->seq}, place->previous_root, 40)));
    east.store.fail_from_commit(1);
    REQUIRE_FALSE(east.store.commit(batch, core::Durability::synced));
    east.store.fail_from_commit(0);
  }
  CHECK(tests::rows(east.store) == before);
  CHECK(village.write(east, Lane::record, 10).seq == Seq{2});
}

TEST_CASE("a body reads back from any offset, in any number of bytes") {
  Village village;
  Node& east = *village.east;
  for (const std::size_t size : {1U, 16'368U, 16'384U, 50'000U}) {
    const core::BundleId id = village.write(east, Lane::photo, size, core::kToHub, ChunkSize::k16);
    const auto whole = east.shelf->read_body(id);
    REQUIRE(whole);
    CHECK(verify_body(**east.shelf->header(id), *whole));
    for (std::size_t from = 0; from <= whole->size(); from += 1 + whole->size() / 37) {
      for (const std::size_t n : {std::size_t{1}, std::size_t{5000}, whole->size() + 1}) {
        const auto part = east.shelf->read(id, from, n);
        REQUIRE(part);
        const auto expected = core::ByteView{*whole}.subspan(from, std::min(n, whole->size() - from));
        REQUIRE(core::same_bytes(*part, expected));
      }
    }
    CHECK(east.shelf->read(id, whole->size() + 5, 10)->empty());
  }
}

TEST_CASE("a body that is not here is said to be not here") {
  Village village;
  const core::BundleId id = village.write(*village.east, Lane::photo, 50);
  const auto absent = village.west->shelf->read(id, 0, 10);
  REQUIRE_FALSE(absent);
  CHECK(absent.error().code == Code::kPictureNotHere);
  CHECK_FALSE(village.west->shelf->header(id)->has_value());
}

TEST_CASE("a database restored from an older copy learns from its neighbours that its numbers are used") {
  Village village;
  Node& east = *village.east;
  const core::BundleId kept = village.write(east, Lane::record, 50);
  const core::MemoryStore backup = east.store;
  const core::BundleId lost = village.write(east, Lane::record, 60);
  REQUIRE(tests::meet(east, *village.relay) == 2);

  east.store = backup;
  REQUIRE(east.reopen());
  CHECK(east.shelf->own_reach().at(kept.log) == Seq{1});
  CHECK(tests::meet(*village.relay, east) == 0);
  // The relay offers nothing of a log to its author; a stick or a bundle file may still show it.
  const auto header = *village.relay->shelf->header(lost);
  const auto shown = east.shelf->begin(header->bytes, **village.relay->shelf->previous_root(lost));
  REQUIRE(shown);
  CHECK(shown->outcome == Begin::Outcome::have);
  CHECK(east.shelf->own_seen_beyond() == std::map<core::LogId, Seq>{{kept.log, Seq{2}}});
  // A kill right after it must not make it forgotten: the same stick would not be read again.
  REQUIRE(east.reopen());
  CHECK(east.shelf->own_seen_beyond() == std::map<core::LogId, Seq>{{kept.log, Seq{2}}});
  auto stage = east.shelf->stage();
  const auto next = stage.next(kept.log);
  REQUIRE_FALSE(next);
  CHECK(next.error().code == Code::kEquivocation);
  // Another incarnation starts at one.
  core::LogId fresh = kept.log;
  fresh.author.incarnation.value += 1;
  CHECK(stage.next(fresh)->seq == Seq{1});
}

TEST_CASE("a receipt for more than this database holds stops the log as well") {
  Village village;
  Node& east = *village.east;
  const core::BundleId kept = village.write(east, Lane::record, 50);
  const core::MemoryStore backup = east.store;
  village.write(east, Lane::record, 60);
  tests::meet(east, *village.hub);
  east.store = backup;
  REQUIRE(east.reopen());
  REQUIRE(*east.shelf->set_receipt(village.issue(1)));
  auto stage = east.shelf->stage();
  const auto next = stage.next(kept.log);
  REQUIRE_FALSE(next);
  CHECK(next.error().code == Code::kEquivocation);
}

TEST_CASE("a stranger's signature under our own name proves nothing") {
  Village village;
  Node& east = *village.east;
  const core::BundleId id{Village::log(east, Lane::record), Seq{1}};
  const SealedBundle forged = village.seal_at(*village.west, id, {}, 40);
  const auto shown = east.shelf->begin(forged.header.bytes, core::Hash{});
  REQUIRE(shown);
  REQUIRE(shown->outcome == Begin::Outcome::refused);
  CHECK(shown->refusal->code == Code::kSignatureBad);
  CHECK(east.shelf->own_seen_beyond().empty());
}

}  // namespace
}  // namespace satchel::protocol
