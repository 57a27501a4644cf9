#include <catch2/catch.hpp>

#include "protocol/limits.h"
#include "tests/unit/bundle/village.h"
#include "tests/unit/shelf/stores.h"

namespace satchel::protocol {
namespace {

using core::Lane;
using core::Seq;
using tests::Node;
using tests::Village;

/// Everything in the hub's inbox counts as opened.
void open_all(Node& hub) {
  core::WriteBatch batch;
  const auto inbox = hub.shelf->inbox();
  REQUIRE(inbox);
  for (const core::BundleId& id : *inbox) hub.shelf->mark_opened(batch, id);
  REQUIRE(hub.store.commit(batch, core::Durability::synced));
}

TEST_CASE("a receipt frees the relay, which still knows what needs not come again") {
  Village village;
  Node& relay = *village.relay;
  for (int i = 0; i < 3; ++i) village.write(*village.east, Lane::photo, 20'000, core::kToHub, ChunkSize::k16);
  const core::LogId log = Village::log(*village.east, Lane::photo);
  REQUIRE(tests::meet(*village.east, relay) == 3);
  REQUIRE(tests::meet(relay, *village.hub) == 3);
  REQUIRE(*relay.shelf->set_receipt(village.issue(1)));
  CHECK(tests::count(relay.store, core::keys::kHeader) == 0);
  CHECK(tests::count(relay.store, core::keys::kChunk) == 0);
  CHECK(relay.shelf->carried() == LaneTally{});
  REQUIRE(relay.reopen());
  CHECK(relay.shelf->frontier().at(log) == Seq{3});
  CHECK(tests::meet(*village.east, relay) == 0);
  const auto header = **village.east->shelf->header({log, Seq{2}});
  CHECK(relay.shelf->begin(header.bytes, **village.east->shelf->previous_root({log, Seq{2}}))->outcome == Begin::Outcome::have);
  CHECK(relay.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0);
}

TEST_CASE("a receipt frees what is half here, too") {
  Village village;
  Node& relay = *village.relay;
  const core::BundleId id = village.write(*village.east, Lane::photo, 20'000);
  const auto header = **village.east->shelf->header(id);
  REQUIRE(relay.shelf->begin(header.bytes, core::Hash{}));
  REQUIRE(relay.shelf->append(id, 0, *village.east->shelf->read(id, 0, 5000)));
  tests::meet(*village.east, *village.hub);
  REQUIRE(*relay.shelf->set_receipt(village.issue(1)));
  CHECK(relay.shelf->partials().empty());
  CHECK(tests::count(relay.store, core::keys::kChunk) == 0);
  CHECK(relay.shelf->frontier().at(id.log) == id.seq);
  CHECK(relay.shelf->begin(header.bytes, core::Hash{})->outcome == Begin::Outcome::have);
}

TEST_CASE("what is half here is freed at the next start when a power cut kept it") {
  Village village;
  Node& relay = *village.relay;
  const core::BundleId id = village.write(*village.east, Lane::photo, 20'000);
  REQUIRE(relay.shelf->begin((*village.east->shelf->header(id))->bytes, core::Hash{}));
  REQUIRE(relay.shelf->append(id, 0, *village.east->shelf->read(id, 0, 5000)));
  tests::meet(*village.east, *village.hub);
  REQUIRE(*relay.shelf->set_receipt(village.issue(1)));
  relay.store.crash();
  REQUIRE(relay.reopen());
  REQUIRE(relay.shelf->partials().size() == 1);
  REQUIRE(relay.shelf->flush());
  CHECK(relay.shelf->partials().empty());
  CHECK(tests::count(relay.store, core::keys::kChunk) == 0);
}

TEST_CASE("a receipt of an hour ago changes nothing") {
  Village village;
  Node& relay = *village.relay;
  village.write(*village.east, Lane::record, 50);
  const core::LogId log = Village::log(*village.east, Lane::record);
  tests::meet(*village.east, *village.hub);
  const core::Receipt old = village.issue(1);
  village.write(*village.east, Lane::record, 50);
  tests::meet(*village.east, *village.hub);
  const core::Receipt fresh = village.issue(2);
  CHECK(*relay.shelf->set_receipt(fresh));
  CHECK_FALSE(*relay.shelf->set_receipt(old));
  CHECK_FALSE(*relay.shelf->set_receipt(fresh));
  CHECK(relay.shelf->frontier().at(log) == Seq{2});
  REQUIRE(relay.reopen());
  CHECK(relay.shelf->receipt()->version == 2);
  CHECK_FALSE(*relay.shelf->set_receipt(old));
}

TEST_CASE("a hub restored from a backup takes back what it lost, and the site offers it again") {
  Village village;
  Node& hub = *village.hub;
  Node& relay = *village.relay;
  Node& east = *village.east;
  village.write(east, Lane::record, 50);
  tests::meet(east, relay);
  tests::meet(relay, hub);
  const core::MemoryStore backup = hub.store;
  const core::BundleId lost = village.write(east, Lane::record, 50);
  tests::meet(east, relay);
  tests::meet(relay, hub);
  const core::Receipt before = village.issue(1);
  REQUIRE(*relay.shelf->set_receipt(before));
  REQUIRE(*east.shelf->set_receipt(before));
  CHECK(east.shelf->waiting()->at(core::lane_index(Lane::record)).bundles == 0);

  hub.store = backup;
  REQUIRE(hub.reopen());
  const core::Receipt after = village.issue(1, 2);
  REQUIRE(*relay.shelf->set_receipt(after));
  REQUIRE(*east.shelf->set_receipt(after));
  CHECK(relay.shelf->frontier().at(lost.log) == Seq{1});
  CHECK(east.shelf->waiting()->at(core::lane_index(Lane::record)).bundles == 1);
  CHECK(tests::meet(east, relay) == 1);
  CHECK(tests::meet(relay, hub) == 1);
  CHECK(hub.shelf->frontier().at(lost.log) == Seq{2});
}

TEST_CASE("a site keeps what it wrote, receipted or not, until it is told to drop a body") {
  Village village;
  Node& east = *village.east;
  const core::BundleId photo = village.write(east, Lane::photo, 5000);
  const core::BundleId later = village.write(east, Lane::photo, 5000);
  const core::BundleId record = village.write(east, Lane::record, 100);
  const core::BundleId original = village.write(east, Lane::original, 5000);
  tests::meet(east, *village.hub);
  REQUIRE(*east.shelf->set_receipt(village.issue(1)));
  CHECK(east.shelf->read_body(photo));  // stored, and not opened yet
  open_all(*village.hub);
  REQUIRE(*east.shelf->set_receipt(village.issue(2)));
  CHECK(east.shelf->read_body(photo));
  CHECK(east.shelf->read_body(later));
  CHECK(east.shelf->header(photo)->has_value());
  CHECK(east.shelf->read_body(record));
  CHECK(east.shelf->read_body(original));
  REQUIRE(east.shelf->drop_body(original));
  REQUIRE(east.shelf->drop_body(original));
  CHECK_FALSE(east.shelf->read_body(original));
  REQUIRE(east.reopen());
  CHECK(east.shelf->frontier().at(photo.log) == Seq{2});
  CHECK(east.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0);
  CHECK(village.write(east, Lane::photo, 10).seq == Seq{3});
  CHECK(east.shelf->waiting()->at(core::lane_index(Lane::photo)).bundles == 1);
}

TEST_CASE("what waits for the hub is counted in bundles and bytes") {
  Village village;
  Node& east = *village.east;
  CHECK(*east.shelf->waiting() == LaneTally{});
  std::uint64_t bytes = 0;
  for (int i = 0; i < 3; ++i) {
    const core::BundleId id = village.write(east, Lane::photo, 5000);
    const auto header = **east.shelf->header(id);
    if (i > 0) bytes += header.bytes.size() + header.body_size();
    if (i == 0) tests::meet(east, *village.hub);
  }
  REQUIRE(*east.shelf->set_receipt(village.issue(1)));
  const LaneTally waiting = *east.shelf->waiting();
  CHECK(waiting[core::lane_index(Lane::photo)] == Tally{2, bytes});
  CHECK(waiting[core::lane_index(Lane::record)] == Tally{});
}

TEST_CASE("what an addressee itself says it has frees the relay, and nobody else's word does") {
  Village village;
  Node& hub = *village.hub;
  Node& relay = *village.relay;
  const core::BundleId news = village.write(hub, Lane::record, 50, core::Audience{1});
  REQUIRE(tests::meet(hub, relay) == 1);
  core::Frontier said;
  said.raise(news.log, Seq{1});
  REQUIRE(relay.shelf->set_direct(village.west->member.number, said));
  CHECK(relay.shelf->read_body(news));
  REQUIRE(tests::meet(relay, *village.east) == 1);
  REQUIRE(relay.shelf->set_direct(village.east->member.number, village.east->shelf->frontier()));
  CHECK_FALSE(relay.shelf->read_body(news));
  CHECK(relay.shelf->frontier().at(news.log) == Seq{1});
  REQUIRE(relay.shelf->flush());
  REQUIRE(relay.reopen());
  CHECK(relay.shelf->frontier().at(news.log) == Seq{1});
  CHECK(tests::meet(hub, relay) == 0);
}

TEST_CASE("what is half here of news is freed when its addressee says that it has it") {
  Village village;
  const core::BundleId news = village.write(*village.hub, Lane::record, 5000, core::Audience{1});
  Node& relay = *village.relay;
  REQUIRE(relay.shelf->begin((*village.hub->shelf->header(news))->bytes, core::Hash{}));
  REQUIRE(relay.shelf->append(news, 0, *village.hub->shelf->read(news, 0, 1000)));
  core::Frontier said;
  said.raise(news.log, Seq{1});
  REQUIRE(relay.shelf->set_direct(village.east->member.number, said));
  CHECK(relay.shelf->partials().empty());
  CHECK(tests::count(relay.store, core::keys::kChunk) == 0);
}

TEST_CASE("a node that says it has what nobody wrote does not fill our frontier") {
  Village village;
  Node& relay = *village.relay;
  const core::BundleId news = village.write(*village.hub, Lane::record, 50, core::Audience{1});
  core::Frontier said;
  said.raise(news.log, Seq{1});
  core::LogId by_west = Village::log(*village.west, Lane::record, core::Audience{1});
  for (std::uint64_t life = 0; life < 1000; ++life) {
    core::LogId log = news.log;
    log.author.incarnation.value = 10'000 + life;
    by_west.author.incarnation.value = life;
    said.raise(log, Seq{5});
    said.raise(by_west, Seq{5});
  }
  REQUIRE(relay.shelf->set_direct(village.east->member.number, said));
  CHECK(relay.shelf->frontier().entries().size() <= kDirectLogsMax);
  CHECK(relay.shelf->frontier().at(news.log) == Seq{1});
  CHECK(relay.shelf->frontier().at(by_west) == Seq{0});
}

TEST_CASE("nobody's word makes the hub believe that more of its news has arrived than it wrote") {
  Village village;
  Node& hub = *village.hub;
  const core::BundleId news = village.write(hub, Lane::record, 50, core::Audience{1});
  core::Frontier said;
  said.raise(news.log, Seq{~0ULL});
  REQUIRE(hub.shelf->set_direct(village.east->member.number, said));
  CHECK(village.write(hub, Lane::record, 50, core::Audience{1}).seq == Seq{2});
  CHECK(hub.shelf->waiting()->at(core::lane_index(Lane::record)).bundles == 1);
}

TEST_CASE("the hub says stored for what is synced, and opened for what it has looked at") {
  Village village;
  Node& hub = *village.hub;
  for (int i = 0; i < 3; ++i) village.write(*village.east, Lane::record, 50);
  tests::meet(*village.east, hub);
  const core::LogId log = Village::log(*village.east, Lane::record);
  CHECK(hub.shelf->reached()->logs.at(log) == core::Reached{Seq{3}, Seq{0}});
  core::WriteBatch batch;
  hub.shelf->mark_opened(batch, {log, Seq{1}});
  hub.shelf->mark_opened(batch, {log, Seq{3}});
  REQUIRE(hub.store.commit(batch, core::Durability::synced));
  CHECK(hub.shelf->reached()->logs.at(log) == core::Reached{Seq{3}, Seq{1}});
  core::WriteBatch aside;
  hub.shelf->quarantine(aside, {log, Seq{2}}, core::Code::kRevoked);
  REQUIRE(hub.store.commit(aside, core::Durability::synced));
  CHECK(hub.shelf->reached()->logs.at(log) == core::Reached{Seq{3}, Seq{3}});
  const auto quarantined = *hub.shelf->quarantined();
  REQUIRE(quarantined.size() == 1);
  CHECK(quarantined[0].id == core::BundleId{log, Seq{2}});
  CHECK(quarantined[0].code == core::Code::kRevoked);
}

TEST_CASE("what the hub says is durable before it can be signed") {
  Village village;
  Node& hub = *village.hub;
  const core::BundleId id = village.write(*village.east, Lane::record, 50);
  REQUIRE(tests::hand_over(*village.east->shelf, *hub.shelf, id));
  const auto reached = hub.shelf->reached();
  REQUIRE(reached);
  hub.store.crash();
  REQUIRE(hub.reopen());
  CHECK(*hub.shelf->reached() == *reached);
}

TEST_CASE("the inbox gives the urgent lanes first, and within a lane what came first") {
  Village village;
  const core::BundleId photo = village.write(*village.east, Lane::photo, 50);
  const core::BundleId west = village.write(*village.west, Lane::record, 50);
  const core::BundleId east = village.write(*village.east, Lane::record, 50);
  const core::BundleId control = village.write(*village.east, Lane::control, 50);
  for (const core::BundleId& id : {photo, west, east, control}) {
    Node& from = id.log.author.node.value == 1 ? *village.east : *village.west;
    REQUIRE(tests::hand_over(*from.shelf, *village.hub->shelf, id));
  }
  REQUIRE(village.hub->reopen());
  CHECK(*village.hub->shelf->inbox() == std::vector{control, west, east, photo});
}

}  // namespace
}  // namespace satchel::protocol
