// Two machines run from one copied disk. Whatever write fails while the second one says again what the hub does not have, in the
// end the hub has every record of both once, and each machine shows as being at the hub what is there, and nothing else.
#include <catch2/catch.hpp>
#include <set>

#include "protocol/bundle/payload.h"
#include "tests/unit/node/ledger_node.h"

using namespace satchel;
using core::Lane;
using core::Result;
using tests::LedgerNode;
using tests::LedgerPair;

namespace {

core::StudentRef student(std::size_t number) { return core::StudentRef{1000 + number}; }

/// Takes and submits a picture of its own for `number`.
Result<void> submit(LedgerNode& site, std::size_t number) {
  node::Ledger::Turn turn = site.ledger->turn();
  const auto picture = [&](std::uint8_t kind, std::size_t size) {
    core::Bytes out(size, kind);
    out[0] = static_cast<std::uint8_t>(number);
    return out;
  };
  core::CaptureFact capture;
  capture.student = student(number);
  capture.taken = site.clock.moment();
  capture.grade = core::Grade::pass;
  capture.score = 90;
  capture.judge_version = "test";
  SATCHEL_TRY(turn.send(picture(1, 300), Lane::photo));
  capture.preview = protocol::blob_hash(picture(1, 300));
  SATCHEL_TRY(turn.send(picture(2, 2'000), Lane::photo));
  capture.standard = protocol::blob_hash(picture(2, 2'000));
  SATCHEL_TRY(turn.send(picture(3, 5'000), Lane::original));
  capture.original = protocol::blob_hash(picture(3, 5'000));
  SATCHEL_TRY_ASSIGN(const core::RecordId id, turn.state(core::kToHub, Lane::record, capture));
  SATCHEL_TRY(turn.state(core::kToHub, Lane::record, core::SubmissionFact{student(number), id, site.clock.moment()}));
  return turn.commit();
}

/// What the program does when it starts and when something came in.
Result<void> heal(LedgerNode& node) {
  if (node.shelf->forsaken(node.high_water->incarnation()) || !node.high_water->matches(node.shelf->own_reach())) {
    SATCHEL_TRY(node.high_water->reincarnate(node.rng));
  }
  SATCHEL_TRY(node.ledger->reissue());
  return {};
}

/// All that `site` may offer goes to the hub, and the hub's receipt comes back. A refusal is no failure.
Result<void> meet(LedgerNode& site, LedgerNode& hub) {
  SATCHEL_TRY(site.ledger->release());
  const protocol::Peer peer{hub.member.number, hub.member.role, true};
  SATCHEL_TRY_ASSIGN(const auto offers, site.shelf->offers_for(peer, hub.shelf->frontier(), hub.shelf->partials()));
  for (const core::BundleId& id : offers) {
    SATCHEL_TRY_ASSIGN(const auto header, site.shelf->header(id));
    SATCHEL_TRY_ASSIGN(const auto previous, site.shelf->previous_root(id));
    SATCHEL_TRY_ASSIGN(const protocol::Begin begun, hub.shelf->begin(header->bytes, previous));
    if (begun.outcome != protocol::Begin::Outcome::take) continue;
    SATCHEL_TRY_ASSIGN(const core::Bytes body, site.shelf->read_body(id));
    SATCHEL_TRY(hub.shelf->append(id, begun.offset, core::ByteView{body}.subspan(static_cast<std::size_t>(begun.offset))));
    SATCHEL_TRY(hub.shelf->finish(id));
  }
  SATCHEL_TRY(hub.shelf->flush());
  SATCHEL_TRY(hub.ledger->open_inbox());
  if (hub.shelf->receipt()) SATCHEL_TRY(site.shelf->hear_receipt(*hub.shelf->receipt()));
  return heal(site);
}

/// The students whose submission and standard picture the node shows as stored at the hub.
std::set<core::StudentRef> shown(const LedgerNode& node) {
  std::set<core::StudentRef> out;
  const auto receipt = node.shelf->proven_receipt();
  REQUIRE(node::each_digest(node.store, [&](core::StudentRef ref, const node::Digest& digest) {
    if (digest.stored_at_hub(receipt)) out.insert(ref);
  }));
  return out;
}

/// Whether the hub has the submission that this very machine made of the student, with its picture.
bool at_hub(const LedgerNode& hub, const LedgerNode& site, core::StudentRef ref) {
  const auto there = hub.ledger->student(ref);
  const auto here = site.ledger->student(ref);
  REQUIRE((there && here && *here));
  if (!*there) return false;
  for (const core::SubmissionSeen& mine : (*here)->submissions) {
    if (core::find_submission(**there, mine.id) == nullptr) return false;
    const core::CaptureSeen* capture = core::find_capture(**there, mine.fact.capture);
    if (capture == nullptr || !hub.ledger->blobs().get(capture->fact.standard)) return false;
  }
  return true;
}

void check_honest(const LedgerNode& hub, const LedgerNode& site) {
  for (const core::StudentRef ref : shown(site)) CHECK(at_hub(hub, site, ref));
}

void check_whole(const LedgerNode& node) {
  const auto report = node.ledger->verify(
      [](const std::string& where, const core::Error& error) { FAIL_CHECK(where << " " << core::info(error.code).id); });
  REQUIRE(report.has_value());
  CHECK(node.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0);
  CHECK(node.shelf->quarantined()->empty());
}

std::uint64_t machines = 1000;

void copy_disk(const LedgerNode& from, LedgerNode& to) {
  to.store = from.store;
  to.disk = from.disk;
  to.rng = tests::SeededRng{++machines};  // two machines never draw the same chance
  REQUIRE(to.open());
}

}  // namespace

TEST_CASE("whichever write fails while a cloned disk's content is said again, the hub has it all after the next try, once") {
  LedgerPair pair;
  for (const bool power : {false, true}) {
    std::size_t failures = 0;
    for (std::size_t n = 1;; ++n) {
      INFO("write " << n << (power ? ", then a power cut" : ""));
      const auto hub = pair.hub();
      const auto first = pair.site();
      const auto second = pair.site();
      REQUIRE(submit(*first, 0));
      copy_disk(*first, *second);
      REQUIRE(submit(*first, 1));
      REQUIRE(submit(*second, 2));
      REQUIRE(meet(*first, *hub));
      check_honest(*hub, *first);
      CHECK(shown(*first).size() == 2);

      second->store.fail_from_commit(n);
      const Result<void> done = meet(*second, *hub);
      second->store.fail_from_commit(0);
      check_honest(*hub, *second);
      if (power) REQUIRE(second->crash());
      check_honest(*hub, *second);
      failures += done ? 0U : 1U;
      REQUIRE(heal(*second));
      for (int meetings = 0; meetings < 3; ++meetings) REQUIRE(meet(*second, *hub));

      CHECK(shown(*second).size() == 2);
      check_honest(*hub, *second);
      CHECK_FALSE(second->shelf->reissue_due());
      for (std::size_t number = 0; number < 3; ++number) {
        const auto state = hub->ledger->student(student(number));
        REQUIRE((state && *state));
        CHECK((*state)->captures.size() == 1);
        CHECK((*state)->submissions.size() == 1);
      }
      for (const LedgerNode* node : {hub.get(), first.get(), second.get()}) check_whole(*node);
      if (done) break;
    }
    CHECK(failures > 3);
  }
}

TEST_CASE(
    "in generated histories of clones and restores nothing that a living disk holds is lost, and nobody shows what is not "
    "there") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    tests::SeededRng dice{seed};
    LedgerPair pair;
    const auto hub = pair.hub();
    std::vector<std::unique_ptr<LedgerNode>> sites;
    for (int i = 0; i < 3; ++i) {
      sites.push_back(pair.site());
      sites.back()->rng = tests::SeededRng{seed * 10 + static_cast<std::uint64_t>(i)};
      if (i > 0) copy_disk(*sites[0], *sites.back());
    }
    std::optional<core::MemoryStore> older;
    std::size_t older_of = 0;
    std::size_t next = 0;
    for (int step = 0; step < 25; ++step) {
      const std::size_t which = dice.below(sites.size());
      LedgerNode& site = *sites[which];
      switch (dice.below(6)) {
        case 0:
        case 1:
          // A life that is over takes nothing more; the program heals first, as at each start.
          REQUIRE(heal(site));
          if (submit(site, next)) ++next;
          break;
        case 2:
        case 3: REQUIRE(meet(site, *hub)); break;
        case 4:
          if (dice.below(2) == 0) {
            older = site.store;
            older_of = which;
          } else if (older && older_of == which) {
            site.store = *older;  // the database alone: the high-water file stays
            REQUIRE(site.open());
            REQUIRE(heal(site));
          }
          break;
        default:
          copy_disk(site, *sites[(which + 1) % sites.size()]);
          REQUIRE(heal(*sites[(which + 1) % sites.size()]));
          break;
      }
      for (const auto& each : sites) check_honest(*hub, *each);
    }
    for (int round = 0; round < 4; ++round) {
      for (const auto& each : sites) REQUIRE(meet(*each, *hub));
    }
    for (const auto& each : sites) {
      check_honest(*hub, *each);
      check_whole(*each);
      std::size_t held = 0;
      REQUIRE(node::each_digest(each->store, [&](core::StudentRef ref, const node::Digest& digest) {
        if (!digest.submitted) return;
        ++held;
        CHECK(at_hub(*hub, *each, ref));
      }));
      CHECK(shown(*each).size() == held);
    }
    for (std::size_t number = 0; number < next; ++number) {
      const auto state = hub->ledger->student(student(number));
      REQUIRE(state);
      if (*state) CHECK((*state)->captures.size() == 1);
    }
    check_whole(*hub);
  }
}
