// The n-th write fails, or is the last before a kill or a power cut, for n = 1, 2, … until a run has no failure: for stating a
// capture and its submission, for letting it go, and for taking it in at the hub.
#include <catch2/catch.hpp>

#include "tests/unit/node/ledger_node.h"

using namespace satchel;
using core::Lane;
using core::Result;
using tests::LedgerNode;
using tests::LedgerPair;

namespace {

constexpr core::StudentRef kStudent{77};

core::Bytes picture(std::uint8_t fill, std::size_t size) { return core::Bytes(size, fill); }

/// What a capture with --submit writes: one step or nothing.
Result<void> capture_and_submit(LedgerNode& site) {
  node::Ledger::Turn turn = site.ledger->turn();
  core::CaptureFact capture;
  capture.student = kStudent;
  capture.taken = site.clock.moment();
  capture.grade = core::Grade::pass;
  capture.score = 90;
  capture.judge_version = "test";
  const core::Bytes preview = picture(1, 3'000);
  const core::Bytes standard = picture(2, 40'000);
  const core::Bytes original = picture(3, 90'000);
  SATCHEL_TRY(turn.send(preview, Lane::photo));
  capture.preview = protocol::blob_hash(preview);
  SATCHEL_TRY(turn.send(standard, Lane::photo));
  capture.standard = protocol::blob_hash(standard);
  SATCHEL_TRY(turn.send(original, Lane::original));
  capture.original = protocol::blob_hash(original);
  capture.standard_size = standard.size();
  capture.original_size = original.size();
  SATCHEL_TRY_ASSIGN(const core::RecordId id, turn.state(core::kToHub, Lane::record, capture));
  SATCHEL_TRY(turn.state(core::kToHub, Lane::record, core::SubmissionFact{kStudent, id, site.clock.moment()}));
  return turn.commit();
}

std::size_t submissions(const LedgerNode& node) {
  const auto state = node.ledger->student(kStudent);
  REQUIRE(state.has_value());
  return *state ? (*state)->submissions.size() : 0;
}

/// All bundles of one node at another, opened there.
Result<void> hand_over(LedgerNode& from, LedgerNode& to) {
  SATCHEL_TRY(from.ledger->release());
  const protocol::Peer peer{to.member.number, to.member.role, true};
  SATCHEL_TRY_ASSIGN(const auto offers, from.shelf->offers_for(peer, to.shelf->frontier(), to.shelf->partials()));
  for (const core::BundleId& id : offers) {
    SATCHEL_TRY_ASSIGN(const auto header, from.shelf->header(id));
    SATCHEL_TRY_ASSIGN(const auto previous, from.shelf->previous_root(id));
    SATCHEL_TRY_ASSIGN(const protocol::Begin begun, to.shelf->begin(header->bytes, previous));
    if (begun.refusal) return *begun.refusal;
    if (begun.outcome != protocol::Begin::Outcome::take) continue;
    SATCHEL_TRY_ASSIGN(const core::Bytes body, from.shelf->read_body(id));
    const core::ByteView rest = core::ByteView{body}.subspan(static_cast<std::size_t>(begun.offset));
    SATCHEL_TRY(to.shelf->append(id, begun.offset, rest));
    SATCHEL_TRY(to.shelf->finish(id));
  }
  SATCHEL_TRY(to.shelf->flush());
  SATCHEL_TRY(to.ledger->open_inbox());
  return {};
}

/// The three pictures as the site sent them.
void check_pictures(const LedgerNode& hub) {
  for (const core::Bytes& sent : {picture(1, 3'000), picture(2, 40'000), picture(3, 90'000)}) {
    const auto here = hub.ledger->blobs().get(protocol::blob_hash(sent));
    REQUIRE(here);
    CHECK(*here == sent);
  }
}

void check_whole(const LedgerNode& node) {
  const auto report = node.ledger->verify(
      [](const std::string& where, const core::Error& error) { FAIL_CHECK(where << " " << core::info(error.code).id); });
  REQUIRE(report.has_value());
  const auto shelf = node.shelf->verify([](const core::BundleId&, const core::Error&) {});
  REQUIRE(shelf.has_value());
  CHECK(shelf->faults == 0);
  std::size_t damaged = 0;
  REQUIRE(node.ledger->blobs().verify([&](const core::Hash&, const core::Error&) { ++damaged; }));
  CHECK(damaged == 0);  // no index row names what is not there
}

}  // namespace

TEST_CASE("whichever write of a capture fails, it is there wholly or not at all, and can be taken again") {
  LedgerPair pair;
  std::size_t failures = 0;
  for (std::size_t n = 1;; ++n) {
    INFO("write " << n);
    const auto site = pair.site();
    site->store.fail_from_commit(n);
    const Result<void> done = capture_and_submit(*site);
    site->store.fail_from_commit(0);
    if (n % 2 == 0) REQUIRE(site->crash());
    CHECK(submissions(*site) == (done ? 1 : 0));
    check_whole(*site);
    if (done) break;
    ++failures;
    CHECK(done.error().code == core::Code::kDiskFull);
    REQUIRE(capture_and_submit(*site));
    CHECK(submissions(*site) == 1);
    check_whole(*site);
  }
  CHECK(failures >= 1);
}

TEST_CASE("what was said to be captured survives the power cut that follows at once") {
  LedgerPair pair;
  const auto site = pair.site();
  REQUIRE(capture_and_submit(*site));
  REQUIRE(site->crash());
  CHECK(submissions(*site) == 1);
  check_whole(*site);
}

TEST_CASE("whichever write of the high water fails, nothing leaves the machine under a number that it does not name") {
  LedgerPair pair;
  std::size_t failures = 0;
  for (std::size_t n = 1;; ++n) {
    INFO("write " << n);
    const auto site = pair.site();
    REQUIRE(capture_and_submit(*site));
    site->disk.fail_from_write(n);
    const Result<void> released = site->ledger->release();
    site->disk.fail_from_write(0);
    REQUIRE(site->crash());
    for (const auto& [log, seq] : site->shelf->own_reach()) {
      // After a success every number is named; after a failure the next release names it.
      CHECK((site->high_water->at(log) == seq) == released.has_value());
    }
    if (released) break;
    ++failures;
    REQUIRE(site->ledger->release());
    for (const auto& [log, seq] : site->shelf->own_reach()) CHECK(site->high_water->at(log) == seq);
  }
  CHECK(failures >= 1);
}

TEST_CASE(
    "whichever write of taking in fails, or comes too late for a kill or a power cut, the hub has it all after the next try") {
  LedgerPair pair;
  const auto site = pair.site();
  REQUIRE(capture_and_submit(*site));
  enum class Then { goes_on, kill, power_cut };
  for (const Then then : {Then::goes_on, Then::kill, Then::power_cut}) {
    std::size_t failures = 0;
    for (std::size_t n = 1;; ++n) {
      INFO("write " << n << ", then " << static_cast<int>(then));
      const auto hub = pair.hub();
      hub->store.fail_from_commit(n);
      const Result<void> done = hand_over(*site, *hub);
      hub->store.fail_from_commit(0);
      // What a receipt says is there, whatever failed.
      const auto said = hub->shelf->receipt();
      if (then == Then::kill) REQUIRE(hub->open());
      if (then == Then::power_cut) REQUIRE(hub->crash());
      if (said) {
        for (const auto& [log, reached] : said->logs) CHECK(hub->shelf->frontier().at(log).value >= reached.stored.value);
      }
      check_whole(*hub);
      if (!done) {
        ++failures;
        CHECK(done.error().code == core::Code::kDiskFull);
        REQUIRE(hand_over(*site, *hub));
      }
      CHECK(submissions(*hub) == 1);
      check_whole(*hub);
      check_pictures(*hub);
      const auto& receipt = hub->shelf->receipt();
      REQUIRE(receipt.has_value());
      for (const auto& [log, seq] : site->shelf->own_reach()) {
        CHECK(receipt->at(log).stored == seq);
        CHECK(receipt->at(log).opened == seq);
      }
      if (done) break;
    }
    CHECK(failures > 5);
  }
}
