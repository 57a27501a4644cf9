// Where the bytes of a picture lie at the hub: once, in the body of the bundle that brought them, when they came as they are and
// alone. Whatever happens to bundles, they come back as they were; and when they are to go, nothing of them is left.
#include <catch2/catch.hpp>

#include <set>

#include "core/store/keys.h"
#include "tests/unit/node/picture_way.h"
#include "tests/unit/shelf/stores.h"

using namespace satchel;
using namespace satchel::tests;
using core::Result;

namespace {

/// No JPEG, so that it travels as it is.
core::Bytes plain(std::uint8_t seed, std::size_t size = 30'000) {
  core::Bytes out(size);
  SeededRng{seed}.fill(out);
  return out;
}

core::StudentRef student(std::uint8_t seed) { return core::StudentRef{std::uint64_t{100} + seed}; }

core::CaptureFact capture_of(core::StudentRef ref, const core::Hash& picture) {
  core::CaptureFact out;
  out.student = ref;
  out.grade = core::Grade::pass;
  out.standard = picture;
  return out;
}

/// The site sends a picture, and says whose it is.
core::Hash send(LedgerNode& site, core::StudentRef ref, core::ByteView picture, Lane lane = Lane::photo) {
  node::Ledger::Turn turn = site.ledger->turn();
  REQUIRE(turn.send(picture, lane));
  const core::Hash hash = protocol::blob_hash(picture);
  REQUIRE(turn.state(core::kToHub, Lane::record, capture_of(ref, hash)));
  REQUIRE(turn.commit());
  return hash;
}

/// The site's own next bundle of a lane, with whatever is in `payload`.
core::BundleId seal_by_hand(LedgerNode& site, Lane lane, const protocol::Payload& payload) {
  protocol::Shelf::OwnStage stage = site.shelf->stage();
  const core::LogId log{{site.member.number, site.high_water->incarnation()}, core::kToHub, lane};
  const auto place = stage.next(log);
  REQUIRE(place);
  const core::Bytes bytes = protocol::encode_payload(payload);
  protocol::SealRequest request;
  request.id = {log, place->seq};
  request.previous_root = place->previous_root;
  request.recipients = {site.membership.founding().hub_box};
  request.payload = bytes;
  const auto sealed = protocol::seal_bundle(request, site.identity.sign, site.rng);
  REQUIRE(sealed);
  core::WriteBatch batch;
  REQUIRE(stage.add(batch, *sealed));
  REQUIRE(site.store.commit(batch, core::Durability::synced));
  site.shelf->accept(std::move(stage));
  return request.id;
}

void order(LedgerNode& hub, core::StudentRef ref) {
  node::Ledger::Turn turn = hub.ledger->turn();
  REQUIRE(turn.state(core::Audience{1}, Lane::control, core::PurgeFact{ref, core::PurgeScope::pictures, hub.clock.moment()}));
  REQUIRE(turn.commit());
}

core::BundleId place_of(const LedgerNode& node, const core::Hash& hash) {
  const auto index = node.ledger->blobs().find(hash);
  REQUIRE((index && *index && (*index)->place));
  return (*index)->place->bundle;
}

bool has_body(const LedgerNode& node, const core::BundleId& id) { return node.shelf->read_body(id).has_value(); }

std::size_t damaged(const LedgerNode& node) {
  std::size_t out = 0;
  REQUIRE(node.ledger->blobs().verify([&](const core::Hash&, const core::Error& error) {
    CHECK(error.code == core::Code::kStoreDamaged);
    ++out;
  }));
  return out;
}

/// A site of which the hub thinks no more.
void revoke(LedgerNode& hub, const LedgerNode& site) {
  node::Ledger::Turn turn = hub.ledger->turn();
  REQUIRE(turn.state(core::kEveryone, Lane::control, core::RevocationFact{{site.member.number, {}}, "lost"}));
  REQUIRE(turn.commit());
  REQUIRE(hub.ledger->set_aside_untrusted().value() > 0);
}

void release(LedgerNode& hub, const core::BundleId& id) {
  core::WriteBatch batch;
  REQUIRE(hub.shelf->release(batch, id));
  REQUIRE(hub.store.commit(batch, core::Durability::synced));
  REQUIRE(hub.ledger->open_inbox());
}

/// A hub and a site in one campaign.
struct Both {
  LedgerPair pair;
  std::unique_ptr<LedgerNode> site = pair.site();
  std::unique_ptr<LedgerNode> hub = pair.hub();
  Result<core::Bytes> at_hub(const core::Hash& hash) const { return hub->ledger->blobs().get(hash); }
};

}  // namespace

TEST_CASE("at the hub a picture that came as it is lies in its bundle's body alone, and comes back bit for bit") {
  Both both;
  // One chunk, exactly one, several with the last nearly empty, and the least that is kept so.
  const std::size_t sizes[] = {2'048, 4'000, 32'748, 32'749, 65'500, 200'000};
  std::uint8_t seed = 0;
  for (const std::size_t size : sizes) send(*both.site, student(seed), plain(seed, size), Lane::original), ++seed;
  hand_over(*both.site, *both.hub);
  CHECK(count(both.hub->store, core::keys::kBlob) == 0);
  CHECK(count(both.hub->store, core::keys::kBlobIndex) == std::size(sizes));
  REQUIRE(both.hub->crash());
  seed = 0;
  for (const std::size_t size : sizes) {
    INFO(size);
    CHECK(both.at_hub(protocol::blob_hash(plain(seed, size))).value() == plain(seed, size));
    ++seed;
  }
  CHECK(damaged(*both.hub) == 0);
  CHECK(count(both.site->store, core::keys::kBlob) == std::size(sizes));  // a site's bodies are freed: its pictures lie apart
}

TEST_CASE("the hub looks at a picture in a body also when the key to which it was sealed is gone") {
  Both both;
  const core::Hash hash = send(*both.site, student(1), plain(1));
  hand_over(*both.site, *both.hub);
  both.hub->identity.box = core::make_box_keys(both.hub->rng);
  REQUIRE(both.hub->open());
  CHECK(both.at_hub(hash).value() == plain(1));
}

TEST_CASE("a small picture, one in JPEG XL, and one that shares its bundle get rows of their own") {
  Both both;
  const core::Hash small = send(*both.site, student(1), plain(1, 2'047));
  const core::Hash transcoded = send(*both.site, student(2), jpeg(2, 480, 640));
  const auto together = seal_by_hand(*both.site, Lane::original, {{}, {plain(3), plain(4)}});
  hand_over(*both.site, *both.hub);
  CHECK(count(both.hub->store, core::keys::kBlob) == 4);
  CHECK(both.at_hub(small).value() == plain(1, 2'047));
  CHECK(both.at_hub(transcoded).value() == jpeg(2, 480, 640));
  REQUIRE(both.hub->shelf->drop_body(together));
  CHECK(both.at_hub(protocol::blob_hash(plain(3))).value() == plain(3));
  CHECK(both.at_hub(protocol::blob_hash(plain(4))).value() == plain(4));
}

TEST_CASE("a picture that comes again by another bundle is named by that one and lies where it lay, once") {
  const bool in_one_step = GENERATE(false, true);
  Both both;
  const core::Hash hash = send(*both.site, student(1), plain(1));
  if (!in_one_step) hand_over(*both.site, *both.hub);
  const auto second = seal_by_hand(*both.site, Lane::photo, {{}, {plain(1)}});
  hand_over(*both.site, *both.hub);
  const core::BundleId first{second.log, core::Seq{1}};
  CHECK(place_of(*both.hub, hash) == first);
  CHECK((*both.hub->ledger->blobs().find(hash))->carrier == second);
  CHECK_FALSE(has_body(*both.hub, second));
  CHECK(both.at_hub(hash).value() == plain(1));
  check_whole(*both.hub);
  const auto digest = node::find_digest(both.hub->store, student(1));
  REQUIRE(digest);
  CHECK(damaged(*both.hub) == 0);
}

TEST_CASE("what an earlier version kept in rows stays there when the picture comes again, and goes with a purge") {
  Both both;
  const core::Hash hash = protocol::blob_hash(plain(1));
  // Together with another it is kept as ever.
  seal_by_hand(*both.site, Lane::photo, {{}, {plain(1), plain(2)}});
  hand_over(*both.site, *both.hub);
  REQUIRE(count(both.hub->store, core::keys::kBlob) == 2);
  CHECK(send(*both.site, student(1), plain(1)) == hash);
  hand_over(*both.site, *both.hub);
  CHECK(count(both.hub->store, core::keys::kBlob) == 2);
  CHECK_FALSE((*both.hub->ledger->blobs().find(hash))->place);
  CHECK(both.at_hub(hash).value() == plain(1));
  order(*both.hub, student(1));
  REQUIRE(both.hub->ledger->carry_out_purges());
  CHECK(count(both.hub->store, core::keys::kBlob) == 1);
  CHECK_FALSE(both.at_hub(hash));
}

TEST_CASE("a purge destroys a picture in a body whichever bundle names it, and none of the others") {
  const bool power_cut = GENERATE(false, true);
  Both both;
  const core::Hash gone = send(*both.site, student(1), plain(1));
  const core::Hash kept = send(*both.site, student(2), plain(2));
  hand_over(*both.site, *both.hub);
  const core::BundleId place = place_of(*both.hub, gone);
  const auto again = seal_by_hand(*both.site, Lane::photo, {{}, {plain(1)}});
  hand_over(*both.site, *both.hub);
  order(*both.hub, student(1));
  CHECK_FALSE(both.at_hub(gone));
  if (power_cut) REQUIRE(both.hub->crash());
  CHECK(both.hub->ledger->carry_out_purges().value() == 1);
  CHECK_FALSE(has_body(*both.hub, place));
  CHECK_FALSE(has_body(*both.hub, again));
  CHECK(both.at_hub(kept).value() == plain(2));
  check_whole(*both.hub);
  CHECK(damaged(*both.hub) == 0);
  // It comes once more: nothing of it stays.
  const auto late = seal_by_hand(*both.site, Lane::photo, {{}, {plain(1)}});
  hand_over(*both.site, *both.hub);
  CHECK_FALSE(both.at_hub(gone));
  CHECK_FALSE(has_body(*both.hub, late));
}

TEST_CASE("whichever write of a second arrival and a purge fails, no body with the picture is left in the end") {
  std::size_t failures = 0;
  for (std::size_t n = 1;; ++n) {
    INFO("write " << n);
    Both both;
    const core::Hash gone = send(*both.site, student(1), plain(1));
    const core::Hash kept = send(*both.site, student(2), plain(2));
    hand_over(*both.site, *both.hub);
    const auto again = seal_by_hand(*both.site, Lane::photo, {{}, {plain(1)}});
    REQUIRE(both.site->ledger->release());
    const auto header = both.site->shelf->header(again);
    REQUIRE(both.hub->shelf->begin((*header)->bytes, *both.site->shelf->previous_root(again)));
    REQUIRE(both.hub->shelf->append(again, 0, both.site->shelf->read_body(again).value()));
    REQUIRE(both.hub->shelf->finish(again));
    REQUIRE(both.hub->shelf->flush());

    both.hub->store.fail_from_commit(n);
    bool done = both.hub->ledger->open_inbox().has_value();
    CHECK(both.at_hub(gone).value() == plain(1));
    if (done) {
      node::Ledger::Turn turn = both.hub->ledger->turn();
      const core::PurgeFact fact{student(1), core::PurgeScope::pictures, both.hub->clock.moment()};
      done = turn.state(core::Audience{1}, Lane::control, fact) && turn.commit() && both.hub->ledger->carry_out_purges();
    }
    both.hub->store.fail_from_commit(0);
    if (n % 3 == 0) REQUIRE(both.hub->open());
    if (n % 3 == 1) REQUIRE(both.hub->crash());
    CHECK(both.at_hub(kept).value() == plain(2));
    if (!done) {
      ++failures;
      REQUIRE(both.hub->ledger->open_inbox());
      order(*both.hub, student(1));
      REQUIRE(both.hub->ledger->carry_out_purges());
    }
    CHECK_FALSE(both.at_hub(gone));
    CHECK_FALSE(has_body(*both.hub, again));
    CHECK_FALSE(has_body(*both.hub, {again.log, core::Seq{1}}));
    CHECK(both.at_hub(kept).value() == plain(2));
    check_whole(*both.hub);
    if (done) break;
  }
  CHECK(failures > 4);
}

TEST_CASE("a revoked site's pictures stay where they are when they are set aside, and when a person releases them") {
  Both both;
  const core::Hash hash = send(*both.site, student(1), plain(1));
  const auto second = seal_by_hand(*both.site, Lane::photo, {{}, {plain(1)}});
  hand_over(*both.site, *both.hub);
  const core::BundleId first{second.log, core::Seq{1}};
  revoke(*both.hub, *both.site);
  CHECK(both.at_hub(hash).value() == plain(1));
  for (const core::BundleId& id : {first, second, first}) {
    if (both.hub->shelf->quarantined()->empty()) break;
    const auto aside = both.hub->shelf->quarantined();
    if (std::ranges::none_of(*aside, [&](const protocol::Quarantined& one) { return one.id == id; })) continue;
    release(*both.hub, id);
    CHECK(both.at_hub(hash).value() == plain(1));
    CHECK(place_of(*both.hub, hash) == first);
    CHECK(has_body(*both.hub, first));
    CHECK(both.hub->shelf->inbox()->empty());
  }
  const auto left = both.hub->shelf->quarantined();
  for (const protocol::Quarantined& one : *left) CHECK(one.id.log != first.log);
}

TEST_CASE("each changed byte of a body, a missing row, and a body that was freed show as a damaged picture") {
  Both both;
  const core::Hash hash = send(*both.site, student(1), plain(1, 5'000));
  send(*both.site, student(2), plain(2, 40'000));
  hand_over(*both.site, *both.hub);
  REQUIRE(damaged(*both.hub) == 0);
  const core::BundleId place = place_of(*both.hub, hash);
  const core::Bytes key = core::keys::piece(core::keys::kChunk, protocol::id_bytes(place), 0);
  const core::Bytes sound = both.hub->store.get(key).value().value();
  for (std::size_t at = 0; at < sound.size(); at += 97) {
    core::WriteBatch batch;
    core::Bytes changed = sound;
    changed[at] ^= 1;
    batch.put(key, changed);
    REQUIRE(both.hub->store.commit(batch, core::Durability::synced));
    CHECK(both.at_hub(hash).error().code == core::Code::kStoreDamaged);
    CHECK(damaged(*both.hub) == 1);
  }
  core::WriteBatch batch;
  batch.remove(key);
  REQUIRE(both.hub->store.commit(batch, core::Durability::synced));
  CHECK(damaged(*both.hub) == 1);
  batch.clear();
  batch.put(key, sound);
  REQUIRE(both.hub->store.commit(batch, core::Durability::synced));
  CHECK(both.at_hub(hash).value() == plain(1, 5'000));
  REQUIRE(both.hub->shelf->drop_body(place));
  CHECK(both.at_hub(hash).error().code == core::Code::kStoreDamaged);
  CHECK(damaged(*both.hub) == 1);
}

TEST_CASE("each changed byte of the row that names a body shows, and gives no other picture") {
  Both both;
  const core::Hash one = send(*both.site, student(1), plain(1, 5'000));
  const core::Hash other = send(*both.site, student(2), plain(2, 5'000));
  hand_over(*both.site, *both.hub);
  const core::Bytes key = core::keys::of(core::keys::kBlobIndex, one.view());
  const core::Bytes sound = both.hub->store.get(key).value().value();
  constexpr std::size_t kCarrier = 8;
  for (std::size_t at = 0; at < sound.size(); ++at) {
    if (at >= kCarrier && at < kCarrier + 25) continue;  // which bundle named it says nothing of the bytes
    INFO("byte " << at);
    core::WriteBatch batch;
    core::Bytes changed = sound;
    changed[at] ^= 1;
    batch.put(key, changed);
    REQUIRE(both.hub->store.commit(batch, core::Durability::synced));
    CHECK_FALSE(both.at_hub(one));
  }
  core::WriteBatch batch;
  batch.put(key, both.hub->store.get(core::keys::of(core::keys::kBlobIndex, other.view())).value().value());
  REQUIRE(both.hub->store.commit(batch, core::Durability::synced));
  CHECK_FALSE(both.at_hub(one));
  CHECK(both.at_hub(other).value() == plain(2, 5'000));
}

TEST_CASE("whatever comes, comes again, is purged or cut off in whatever order, the hub has each picture once or not at all") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    SeededRng chance{seed};
    Both both;
    for (int step = 0; step < 25; ++step) {
      const auto which = static_cast<std::uint8_t>(chance.below(6));
      const std::size_t size = which == 0 ? 1'500 : 20'000;
      switch (chance.below(6)) {
        case 0:
        case 1: send(*both.site, student(which), plain(which, size), chance.below(2) == 0 ? Lane::photo : Lane::original); break;
        case 2: seal_by_hand(*both.site, Lane::original, {{}, {plain(which, size), plain(5, 20'000)}}); break;
        case 3: REQUIRE(both.hub->crash()); break;
        case 4:
          if (step > 15) {
            order(*both.hub, student(which));
            REQUIRE(both.hub->ledger->carry_out_purges());
          }
          break;
        default: hand_over(*both.site, *both.hub); break;
      }
      std::set<core::BundleId> places;
      for (std::uint8_t each = 0; each < 6; ++each) {
        const core::Bytes bytes = plain(each, each == 0 ? 1'500 : 20'000);
        const core::Hash hash = protocol::blob_hash(bytes);
        const auto index = both.hub->ledger->blobs().find(hash);
        REQUIRE(index);
        const auto got = both.at_hub(hash);
        REQUIRE(got.has_value() == index->has_value());
        if (got) CHECK(*got == bytes);
        if (*index && (*index)->place) CHECK(places.insert((*index)->place->bundle).second);
      }
      CHECK(damaged(*both.hub) == 0);
    }
    check_whole(*both.hub);
  }
}
