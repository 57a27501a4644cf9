#include <catch2/catch.hpp>

#include "protocol/limits.h"
#include "tests/support/seeded_rng.h"
#include "tests/unit/bundle/village.h"
#include "tests/unit/shelf/stores.h"

namespace satchel::protocol {
namespace {

using core::ByteView;
using core::Code;
using core::Hash;
using core::Lane;
using core::Seq;
using tests::Node;
using tests::Village;

/// A bundle by a site, on its way to the hub.
struct Parcel {
  core::BundleId id;
  SealedBundle sealed;
};
Parcel parcel(Village& village, std::size_t size, ChunkSize chunk = ChunkSize::k64, Lane lane = Lane::photo) {
  const core::BundleId id{Village::log(*village.east, lane), Seq{1}};
  return {id, village.seal_at(*village.east, id, {}, size, chunk)};
}

Begin begin(Node& node, const Parcel& parcel) {
  const auto out = node.shelf->begin(parcel.sealed.header.bytes, Hash{});
  REQUIRE(out);
  return *out;
}

Progress append(Node& node, const Parcel& parcel, std::uint64_t from, std::uint64_t to) {
  const auto out = node.shelf->append(parcel.id, from, ByteView{parcel.sealed.body}.subspan(from, to - from));
  REQUIRE(out);
  return *out;
}

void check_arrived(Node& node, const Parcel& parcel) {
  CHECK(*node.shelf->read_body(parcel.id) == parcel.sealed.body);
  CHECK(node.shelf->frontier().at(parcel.id.log) == parcel.id.seq);
  CHECK(node.shelf->partials().empty());
  CHECK(node.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0);
}

/// Cuts the transfer at `cut`, restarts the node on the same store, and goes on from where it says.
void resume_at(Village& village, const Parcel& parcel, std::uint64_t cut) {
  INFO("cut at " << cut << " of " << parcel.sealed.body.size());
  Node& hub = *village.hub;
  hub.store = core::MemoryStore{};
  REQUIRE(hub.reopen());
  REQUIRE(begin(hub, parcel).outcome == Begin::Outcome::take);
  if (cut > 0) REQUIRE(append(hub, parcel, 0, cut).offset == cut);
  REQUIRE(hub.reopen());
  // Of a body of which nothing has come there is nothing to remember.
  CHECK(hub.shelf->partials() == (cut > 0 ? std::vector<Partial>{{parcel.id, cut}} : std::vector<Partial>{}));
  CHECK(hub.shelf->frontier().at(parcel.id.log) == Seq{0});
  const Begin again = begin(hub, parcel);
  if (cut < parcel.sealed.body.size()) {
    REQUIRE(again.outcome == Begin::Outcome::take);
    REQUIRE(again.offset == cut);
    const Progress end = append(hub, parcel, cut, parcel.sealed.body.size());
    CHECK(end.whole);
    REQUIRE(hub.shelf->finish(parcel.id));
  } else {
    REQUIRE(again.outcome == Begin::Outcome::have);  // the kill fell between the last byte and finish()
  }
  check_arrived(hub, parcel);
}

TEST_CASE("a transfer goes on from any byte after a restart: a body of one chunk") {
  Village village;
  const Parcel small = parcel(village, 150);
  for (std::uint64_t cut = 0; cut <= small.sealed.body.size(); ++cut) resume_at(village, small, cut);
}

TEST_CASE("a transfer goes on from any byte after a restart: list, blocks and chunks") {
  Village village;
  const Parcel large = parcel(village, 100'000, ChunkSize::k32);
  const std::uint64_t size = large.sealed.body.size();
  const std::uint64_t list = large.sealed.header.list_size();
  REQUIRE(list == 4 * 32);
  std::set<std::uint64_t> cuts{size};
  for (std::uint64_t at = 0; at < list + 3; ++at) cuts.insert(at);
  for (std::uint64_t block = list; block < size; block += kPieceMax) {
    for (const std::uint64_t at : {block - 1, block, block + 1}) cuts.insert(std::min(at, size));
  }
  for (std::uint64_t at = 0; at < size; at += 1999) cuts.insert(at);
  for (const std::uint64_t cut : cuts) resume_at(village, large, cut);
}

TEST_CASE("bytes may come in pieces of any size") {
  Village village;
  const Parcel large = parcel(village, 40'000, ChunkSize::k16);
  for (const std::uint64_t step : {1'000'000U, 16'384U, 1'000U, 37U}) {
    Node& hub = *village.hub;
    hub.store = core::MemoryStore{};
    REQUIRE(hub.reopen());
    begin(hub, large);
    for (std::uint64_t at = 0; at < large.sealed.body.size(); at += step) {
      append(hub, large, at, std::min<std::uint64_t>(at + step, large.sealed.body.size()));
    }
    REQUIRE(hub.shelf->finish(large.id));
    check_arrived(hub, large);
  }
}

TEST_CASE("at a fast pace each byte of a body is written once, however the pieces lie in the blocks") {
  Village village;
  const Parcel large = parcel(village, 600'000, ChunkSize::k32);
  for (const std::uint64_t step : {16'384U, 16'000U, 5'000U}) {
    Node& hub = *village.hub;
    hub.store = core::MemoryStore{};
    REQUIRE(hub.reopen());
    begin(hub, large);
    for (std::uint64_t at = 0; at < large.sealed.body.size(); at += step) {
      const std::uint64_t n = std::min<std::uint64_t>(step, large.sealed.body.size() - at);
      REQUIRE(hub.shelf->take(large.id, at, ByteView{large.sealed.body}.subspan(at, n), Shelf::Pace::fast));
      // Whole blocks only: none is written in part and then again.
      std::uint64_t last = 0;
      std::uint64_t written = 0;
      for (const auto& [key, value] : tests::rows(hub.store, {core::keys::kChunk})) {
        core::ByteReader offset{ByteView{key}.last(8)};
        last = offset.u64_be();
        written += value.size();
        CHECK(last + value.size() == std::min(large.sealed.header.proof_end(last), last + kPieceMax));
      }
      CHECK(last <= at + n);
      CHECK(at + n - written < kWaitingMax);
    }
    check_arrived(hub, large);
  }
}

TEST_CASE("whatever the pace, and wherever a kill falls, a body comes whole: what waits comes again, and nothing after a flush") {
  Village village;
  const Parcel large = parcel(village, 600'000, ChunkSize::k32);
  const std::uint64_t size = large.sealed.body.size();
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    tests::SeededRng chance{seed};
    Node& hub = *village.hub;
    hub.store = core::MemoryStore{};
    REQUIRE(hub.reopen());
    std::uint64_t at = begin(hub, large).offset;
    while (at < size) {
      const std::uint64_t n = std::min(1 + chance.below(60'000), size - at);
      const bool fast = chance.below(2) == 0;
      const auto pace = fast ? Shelf::Pace::fast : Shelf::Pace::line;
      const auto told = hub.shelf->take(large.id, at, ByteView{large.sealed.body}.subspan(at, n), pace);
      REQUIRE(told);
      CHECK(told->offset == at + n);
      at += n;
      if (at == size || chance.below(4) != 0) continue;
      if (chance.below(2) == 0) {
        hub.store.fail_from_commit(1);
        const std::uint64_t more = std::min<std::uint64_t>(300'000, size - at);
        CHECK_FALSE(hub.shelf->take(large.id, at, ByteView{large.sealed.body}.subspan(at, more), pace));
        hub.store.fail_from_commit(0);
        // It tells from where to go on.
        const auto again = hub.shelf->take(large.id, size, ByteView{large.sealed.body}.last(0), pace);
        REQUIRE(again);
        CHECK(at - std::min(at, again->offset) < kWaitingMax);
        at = std::min(at, again->offset);
      } else {
        const bool flushed = chance.below(2) == 0;
        if (flushed) REQUIRE(hub.shelf->flush());
        REQUIRE(hub.reopen());
        const std::uint64_t goes_on = begin(hub, large).offset;
        CHECK(goes_on <= at);
        CHECK(at - goes_on < (fast && !flushed ? kWaitingMax : 1));
        at = goes_on;
      }
      CHECK(hub.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0);
    }
    check_arrived(hub, large);
  }
}

TEST_CASE("a damaged chunk costs itself alone, also when whole ones before it wait in memory") {
  Village village;
  const Parcel large = parcel(village, 200'000, ChunkSize::k16);
  const auto& header = large.sealed.header;
  for (const bool flushed : {false, true}) {
    Node& hub = *village.hub;
    hub.store = core::MemoryStore{};
    REQUIRE(hub.reopen());
    begin(hub, large);
    const std::uint64_t chunk = header.proof_start(100'000);
    const std::uint64_t end = header.proof_end(100'000);
    REQUIRE(hub.shelf->take(large.id, 0, ByteView{large.sealed.body}.first(chunk + 5'000), Shelf::Pace::fast)->offset ==
            chunk + 5'000);
    if (flushed) REQUIRE(hub.shelf->flush());
    core::Bytes bad(large.sealed.body.begin() + static_cast<std::ptrdiff_t>(chunk) + 5'000,
                    large.sealed.body.begin() + static_cast<std::ptrdiff_t>(end));
    bad.back() ^= 1;
    const auto told = hub.shelf->take(large.id, chunk + 5'000, bad, Shelf::Pace::fast);
    REQUIRE(told);
    CHECK(told->damaged);
    CHECK(told->offset == chunk);
    REQUIRE(hub.reopen());
    CHECK(begin(hub, large).offset == chunk);
    CHECK(hub.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0);
    REQUIRE(hub.shelf->take(large.id, chunk, ByteView{large.sealed.body}.subspan(chunk), Shelf::Pace::fast)->whole);
    check_arrived(hub, large);
  }
}

TEST_CASE("however the bytes were cut, the store holds the same rows in the end") {
  Village village;
  const Parcel large = parcel(village, 40'000, ChunkSize::k16);
  std::optional<std::map<core::Bytes, core::Bytes>> first;
  for (const std::uint64_t step : {1'000'000U, 16'384U, 777U}) {
    Node& hub = *village.hub;
    hub.store = core::MemoryStore{};
    REQUIRE(hub.reopen());
    begin(hub, large);
    for (std::uint64_t at = 0; at < large.sealed.body.size(); at += step) {
      append(hub, large, at, std::min<std::uint64_t>(at + step, large.sealed.body.size()));
    }
    REQUIRE(hub.shelf->finish(large.id));
    if (!first) first = tests::rows(hub.store);
    CHECK(tests::rows(hub.store) == *first);
  }
}

TEST_CASE("bytes that are here already are passed over, and bytes beyond the wanted offset change nothing") {
  Village village;
  Node& hub = *village.hub;
  const Parcel one = parcel(village, 1000);
  begin(hub, one);
  CHECK(append(hub, one, 0, 400).offset == 400);
  CHECK(append(hub, one, 0, 300).offset == 400);
  CHECK(append(hub, one, 200, 500).offset == 500);
  const auto before = tests::rows(hub.store);
  CHECK(append(hub, one, 600, 700).offset == 500);
  CHECK(append(hub, one, 500, 500).offset == 500);
  CHECK(tests::rows(hub.store) == before);
  CHECK(append(hub, one, 500, one.sealed.body.size()).whole);
}

TEST_CASE("more body than the header says is refused") {
  Village village;
  Node& hub = *village.hub;
  const Parcel one = parcel(village, 100);
  begin(hub, one);
  core::Bytes longer = one.sealed.body;
  longer.push_back(0);
  const auto refused = hub.shelf->append(one.id, 0, longer);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::kLimitExceeded);
  CHECK(append(hub, one, 0, one.sealed.body.size()).whole);
}

TEST_CASE("a power cut costs at most what was not yet synced") {
  Village village;
  const Parcel large = parcel(village, 200'000);
  const std::uint64_t step = 1000;
  for (std::uint64_t cut = step; cut < large.sealed.body.size(); cut += 17 * step) {
    Node& hub = *village.hub;
    hub.store = core::MemoryStore{};
    REQUIRE(hub.reopen());
    begin(hub, large);
    REQUIRE(hub.shelf->flush());
    for (std::uint64_t at = 0; at < cut; at += step) append(hub, large, at, at + step);
    hub.store.crash();
    REQUIRE(hub.reopen());
    const Begin again = begin(hub, large);
    INFO("cut at " << cut);
    CHECK(again.offset + kUnsyncedMax + step >= cut);
    append(hub, large, again.offset, large.sealed.body.size());
    REQUIRE(hub.shelf->finish(large.id));
    check_arrived(hub, large);
  }
}

TEST_CASE("after flush nothing of what arrived is lost to a power cut") {
  Village village;
  Node& hub = *village.hub;
  const Parcel one = parcel(village, 500);
  begin(hub, one);
  append(hub, one, 0, one.sealed.body.size());
  REQUIRE(hub.shelf->finish(one.id));
  REQUIRE(hub.shelf->flush());
  hub.store.crash();
  REQUIRE(hub.reopen());
  check_arrived(hub, one);
  CHECK(hub.shelf->inbox()->size() == 1);
}

TEST_CASE("a bad chunk costs that chunk and no other") {
  Village village;
  Node& hub = *village.hub;
  const Parcel large = parcel(village, 100'000, ChunkSize::k16);
  const std::uint64_t list = large.sealed.header.list_size();
  begin(hub, large);
  core::Bytes wrong = large.sealed.body;
  wrong[list + 3 * kChunkSizeMin + 5] ^= 1;
  const auto progress = hub.shelf->append(large.id, 0, wrong);
  REQUIRE(progress);
  CHECK(progress->damaged);
  CHECK(progress->offset == list + 3 * kChunkSizeMin);
  REQUIRE(hub.reopen());
  CHECK(begin(hub, large).offset == list + 3 * kChunkSizeMin);
  append(hub, large, list + 3 * kChunkSizeMin, large.sealed.body.size());
  REQUIRE(hub.shelf->finish(large.id));
  check_arrived(hub, large);
}

TEST_CASE("a bad chunk list costs the list, before any chunk is believed") {
  Village village;
  Node& hub = *village.hub;
  const Parcel large = parcel(village, 100'000, ChunkSize::k16);
  begin(hub, large);
  core::Bytes wrong = large.sealed.body;
  wrong[7] ^= 1;
  const auto progress = hub.shelf->append(large.id, 0, wrong);
  REQUIRE(progress);
  CHECK(progress->damaged);
  CHECK(progress->offset == 0);
  CHECK(tests::count(hub.store, core::keys::kChunk) == 0);
  CHECK(append(hub, large, 0, large.sealed.body.size()).whole);
}

TEST_CASE("a body without a header, and a bundle that is not whole, do not count") {
  Village village;
  Node& hub = *village.hub;
  const Parcel one = parcel(village, 100);
  CHECK(hub.shelf->append(one.id, 0, one.sealed.body).error().code == Code::kMalformed);
  CHECK(hub.shelf->finish(one.id).error().code == Code::kMalformed);
  begin(hub, one);
  CHECK(hub.shelf->finish(one.id).error().code == Code::kMalformed);
  append(hub, one, 0, 50);
  CHECK(hub.shelf->finish(one.id).error().code == Code::kMalformed);
  CHECK(hub.shelf->inbox()->empty());
  append(hub, one, 50, one.sealed.body.size());
  CHECK(hub.shelf->finish(one.id));
  CHECK(hub.shelf->finish(one.id));  // again: nothing changes
  CHECK(hub.shelf->inbox()->size() == 1);
  CHECK(hub.shelf->append(one.id, 0, one.sealed.body)->whole);
  CHECK(begin(hub, one).outcome == Begin::Outcome::have);
}

TEST_CASE("what is given up leaves no byte") {
  Village village;
  Node& hub = *village.hub;
  const auto before = tests::rows(hub.store);
  const Parcel large = parcel(village, 70'000, ChunkSize::k16);
  for (const std::uint64_t reach : {0U, 10U, 33'333U}) {
    begin(hub, large);
    append(hub, large, 0, reach);
    REQUIRE(hub.shelf->abandon(large.id));
    CHECK(hub.shelf->partials().empty());
    CHECK(tests::rows(hub.store) == before);
  }
  CHECK(hub.shelf->abandon(large.id));
}

TEST_CASE("a frontier has no holes, in whatever order bundles come") {
  Village village;
  Node& hub = *village.hub;
  std::vector<core::BundleId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(village.write(*village.east, Lane::record, 40));
  const core::LogId log = ids[0].log;
  const std::vector<std::pair<std::size_t, std::uint64_t>> order{{2, 0}, {4, 0}, {0, 1}, {1, 3}, {3, 5}};
  for (const auto& [index, reach] : order) {
    REQUIRE(tests::hand_over(*village.east->shelf, *hub.shelf, ids[index])->outcome == Begin::Outcome::take);
    CHECK(hub.shelf->frontier().at(log) == Seq{reach});
    REQUIRE(hub.reopen());
    CHECK(hub.shelf->frontier().at(log) == Seq{reach});
  }
  CHECK(hub.shelf->inbox()->size() == 5);
  CHECK(hub.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0);
}

TEST_CASE("the root of the bundle before may be left out when the receiver knows it, and is asked for when not") {
  Village village;
  const core::BundleId first = village.write(*village.east, Lane::record, 40);
  const core::BundleId second = village.write(*village.east, Lane::record, 40);
  const auto header = **village.east->shelf->header(second);
  Node& hub = *village.hub;
  CHECK(hub.shelf->begin(header.bytes, std::nullopt)->outcome == Begin::Outcome::need_previous);
  CHECK(hub.shelf->partials().empty());
  REQUIRE(tests::hand_over(*village.east->shelf, *hub.shelf, first));
  CHECK(hub.shelf->begin(header.bytes, std::nullopt)->outcome == Begin::Outcome::take);
}

}  // namespace
}  // namespace satchel::protocol
