#include "node/tally.h"

#include <bit>
#include <catch2/catch.hpp>

#include "node/near_pictures.h"
#include "tests/unit/node/ledger_node.h"

using namespace satchel;
using namespace satchel::tests;
using core::Lane;

namespace {

core::Hash hash_of(std::uint64_t number) {
  core::Hash out;
  for (std::size_t i = 0; i < 8; ++i) out.value[i] = static_cast<std::uint8_t>(number >> (8 * i));
  out.value[31] = 1;
  return out;
}

core::RosterFact row(std::uint64_t student, std::uint32_t site, const std::string& class_name, std::uint64_t version) {
  core::RosterFact out;
  out.student = {student};
  out.version = version;
  out.site = core::NodeNumber{site};
  out.class_name = class_name;
  out.delisted = version % 5 == 4;
  return out;
}

using ByKind = std::map<std::tuple<core::Stage, bool, bool, bool, bool>, std::uint64_t>;

ByKind kinds(const node::Tally& tally) {
  ByKind out;
  tally.each([&](const node::Digest& like, std::uint64_t count, bool provable) {
    out[{like.stage, like.last_term, like.drafted, like.submitted, provable}] = count;
  });
  return out;
}

/// The counts as they are kept, and as a walk over all digests finds them.
void check_counts(const core::Store& store) {
  std::map<core::NodeNumber, ByKind> sites;
  std::map<std::string, ByKind> classes;
  std::map<core::NodeNumber, std::vector<core::StudentRef>> of_site;
  std::map<std::string, std::vector<core::StudentRef>> of_class;
  REQUIRE(
      node::each_digest(store, [&](core::StudentRef student, const node::Digest& digest) {
        const auto kind = std::tuple{digest.stage, digest.last_term, digest.drafted, digest.submitted, node::provable(digest)};
        ++sites[digest.site][kind];
        ++classes[digest.class_name][kind];
        of_site[digest.site].push_back(student);
        of_class[digest.class_name].push_back(student);
      }).has_value());
  std::map<core::NodeNumber, ByKind> kept_sites;
  REQUIRE(node::each_site_tally(store, [&](core::NodeNumber site, const node::Tally& tally) {
            if (!tally.empty()) kept_sites[site] = kinds(tally);
          }).has_value());
  std::map<std::string, ByKind> kept_classes;
  REQUIRE(node::each_class_tally(store, [&](const std::string& name, const node::Tally& tally) {
            if (!tally.empty()) kept_classes[name] = kinds(tally);
          }).has_value());
  CHECK(kept_sites == sites);
  CHECK(kept_classes == classes);
  for (const auto& [site, students] : of_site) CHECK(node::students_of_site(store, site).value() == students);
  for (const auto& [name, students] : of_class) CHECK(node::students_of_class(store, name).value() == students);
}

/// A submission of this student by the site, with its picture.
void submit(LedgerNode& site, std::uint64_t student) {
  core::CaptureFact capture;
  capture.student = {student};
  capture.grade = core::Grade::pass;
  node::Ledger::Turn turn = site.ledger->turn();
  core::Bytes picture(200, static_cast<std::uint8_t>(student));
  core::append(picture, core::ByteWriter{}.u64(student).bytes());
  capture.standard = protocol::blob_hash(picture);
  capture.original = hash_of(student);
  const core::RecordId id = turn.state(core::kToHub, Lane::record, capture).value();
  const core::BundleMark mark = turn.send(picture, Lane::photo).value();
  REQUIRE(turn.state(core::kToHub, Lane::record, core::SubmissionFact{{student}, id, {}, mark, 0}));
  REQUIRE(turn.commit());
}

void hand_over(LedgerNode& from, LedgerNode& to, Lane last) {
  REQUIRE(from.ledger->release());
  const protocol::Peer peer{to.member.number, to.member.role, true};
  const auto offers = from.shelf->offers_for(peer, to.shelf->frontier(), to.shelf->partials()).value();
  for (const core::BundleId& id : offers) {
    if (id.log.lane > last) continue;
    const auto begun = to.shelf->begin((*from.shelf->header(id))->bytes, *from.shelf->previous_root(id)).value();
    if (begun.outcome != protocol::Begin::Outcome::take) continue;
    REQUIRE(to.shelf->append(id, 0, from.shelf->read_body(id).value()));
    REQUIRE(to.shelf->finish(id));
  }
  REQUIRE(to.shelf->flush());
  REQUIRE(to.ledger->open_inbox());
}

struct AtHub {
  std::uint64_t stored = 0;
  std::uint64_t opened = 0;
  bool operator==(const AtHub&) const = default;
};

AtHub walked(const LedgerNode& node) {
  AtHub out;
  const auto receipt = node.shelf->proven_receipt();
  REQUIRE(node::each_digest(node.store, [&](core::StudentRef, const node::Digest& digest) {
            out.stored += digest.eligible() && digest.stored_at_hub(receipt) ? 1U : 0U;
            out.opened += digest.eligible() && digest.opened_at_hub(receipt) ? 1U : 0U;
          }).has_value());
  return out;
}

/// As status counts it.
AtHub counted(const LedgerNode& node) {
  AtHub out;
  REQUIRE(node::each_site_tally(node.store, [&](core::NodeNumber, const node::Tally& tally) {
            tally.each([&](const node::Digest&, std::uint64_t count, bool provable) {
              out.stored += provable ? count : 0;
              out.opened += provable ? count : 0;
            });
          }).has_value());
  const auto open = node::unproven(node.store, node.shelf->proven_receipt()).value();
  REQUIRE(open.has_value());
  for (const auto& [site, rest] : *open) {
    out.stored -= rest.students - rest.stored;
    out.opened -= rest.students - rest.opened;
  }
  return out;
}

}  // namespace

TEST_CASE("the counts that are kept are those that a walk over all students finds, whatever changes") {
  LedgerPair pair;
  const auto hub = pair.hub();
  SeededRng rng{9};
  for (int i = 0; i < 150; ++i) {
    node::Ledger::Turn turn = hub->ledger->turn();
    for (int k = 0; k < 5; ++k) {
      const std::uint64_t chance = rng.u64();
      REQUIRE(turn.state(core::Audience{1}, Lane::record,
                         row(1 + chance % 20, static_cast<std::uint32_t>(1 + (chance >> 8) % 3),
                             (chance >> 16) % 2 == 0 ? "19史（5）" : "19史（5）B", static_cast<std::uint64_t>(i + 1))));
    }
    REQUIRE(turn.commit());
  }
  check_counts(hub->store);
}

TEST_CASE("what is counted as at the hub is what the receipts say, before and after each of them, at the site and at the hub") {
  LedgerPair pair;
  const auto site = pair.site();
  const auto hub = pair.hub();
  {
    node::Ledger::Turn turn = hub->ledger->turn();
    for (std::uint64_t student = 1; student <= 9; ++student) {
      REQUIRE(turn.state(core::Audience{1}, Lane::record, row(student, 1, "1", 1)));
    }
    REQUIRE(turn.commit());
  }
  hand_over(*hub, *site, Lane::original);
  const auto check = [&] {
    check_counts(site->store);
    check_counts(hub->store);
    CHECK(counted(*site) == walked(*site));
    CHECK(counted(*hub) == walked(*hub));
  };
  for (std::uint64_t student = 1; student <= 9; ++student) {
    submit(*site, student);
    check();
    hand_over(*site, *hub, student % 2 == 0 ? Lane::photo : Lane::record);
    check();
    if (student % 3 == 0) {
      REQUIRE(site->shelf->set_receipt(*hub->shelf->receipt()));
      check();
      REQUIRE(site->ledger->settle_proven());
      check();
    }
  }
  hand_over(*site, *hub, Lane::original);
  REQUIRE(site->shelf->set_receipt(*hub->shelf->receipt()));
  REQUIRE(site->ledger->settle_proven());
  check();
  CHECK(counted(*site) == AtHub{9, 9});
  CHECK(counted(*hub) == AtHub{9, 9});
}

TEST_CASE("counts that a receipt no longer bears out are given up, and made again") {
  LedgerPair pair;
  const auto site = pair.site();
  const auto hub = pair.hub();
  {
    node::Ledger::Turn turn = hub->ledger->turn();
    REQUIRE(turn.state(core::Audience{1}, Lane::record, row(1, 1, "1", 1)));
    REQUIRE(turn.commit());
  }
  hand_over(*hub, *site, Lane::original);
  submit(*site, 1);
  hand_over(*site, *hub, Lane::original);
  CHECK(counted(*hub) == AtHub{1, 1});
  // A hub that was set back says nothing of what it said before.
  CHECK_FALSE(node::unproven(hub->store, std::nullopt).value().has_value());
  REQUIRE(node::settle_unproven(hub->store, std::nullopt).value());
  const auto open = node::unproven(hub->store, std::nullopt).value();
  REQUIRE(open.has_value());
  CHECK(open->at(core::NodeNumber{1}).students == 1);
  check_counts(hub->store);
}

TEST_CASE("counts that were left half made are made again at the next start") {
  LedgerPair pair;
  const auto site = pair.site();
  const auto hub = pair.hub();
  {
    node::Ledger::Turn turn = hub->ledger->turn();
    for (std::uint64_t student = 1; student <= 5; ++student) {
      REQUIRE(turn.state(core::Audience{1}, Lane::record, row(student, 1, "1", 1)));
    }
    REQUIRE(turn.commit());
  }
  hand_over(*hub, *site, Lane::original);
  for (std::uint64_t student = 1; student <= 5; ++student) submit(*site, student);
  hand_over(*site, *hub, Lane::original);
  REQUIRE(node::keep_tallies(hub->store));
  int failed = 0;
  for (std::size_t n = 1;; ++n) {
    CAPTURE(n);
    REQUIRE(node::settle_unproven(hub->store, hub->shelf->proven_receipt()));
    hub->store.fail_from_commit(n);
    const bool settled = node::settle_unproven(hub->store, std::nullopt).has_value();
    hub->store.fail_from_commit(0);
    REQUIRE(node::keep_tallies(hub->store));
    check_counts(hub->store);
    if (settled) break;
    ++failed;
  }
  CHECK(failed > 1);
}

TEST_CASE("every near picture is found by the index, and no other") {
  core::MemoryStore store;
  SeededRng rng{3};
  core::WriteBatch batch;
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t student = 1; student <= 2000; ++student) {
    // Near copies of a few, so that there is something to find.
    std::uint64_t hash = student <= 20 ? rng.u64() : hashes[student % 20];
    for (std::uint64_t flips = student <= 20 ? 0 : rng.u64() % 12; flips > 0; --flips) hash ^= 1ULL << (rng.u64() % 64);
    hashes.push_back(hash);
    node::put_near_picture(batch, {student}, hash);
  }
  REQUIRE(store.commit(batch, core::Durability::synced));
  for (std::size_t i = 0; i < 40; ++i) {
    std::size_t wanted = 0;
    for (const std::uint64_t other : hashes) wanted += std::popcount(hashes[i] ^ other) <= node::kNearBits ? 1U : 0U;
    const auto found = node::near_pictures(store, hashes[i]).value();
    CHECK(found.size() == wanted);
    for (const node::NearPicture& one : found) CHECK(one.bits == std::popcount(hashes[i] ^ one.hash));
  }
  CHECK(node::near_pictures(store, 0).value().empty());
}
