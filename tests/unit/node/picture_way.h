#pragma once

#include <catch2/catch.hpp>

#include "core/portrait/encode.h"
#include "protocol/bundle/payload.h"
#include "tests/unit/node/ledger_node.h"

/// One picture on its way between a site and the hub: taken and submitted, handed over, decided.
namespace satchel::tests {

using core::Lane;

inline constexpr core::StudentRef kStudent{77};

/// A JPEG of a soft ramp; another one for each `seed`.
inline core::Bytes jpeg(int seed, int width, int height) {
  core::portrait::Picture picture;
  picture.width = width;
  picture.height = height;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (const int value : {x * 255 / width, y * 255 / height, (x * y + seed * 40) % 251}) {
        picture.bgr.push_back(static_cast<std::uint8_t>(value));
      }
    }
  }
  return core::portrait::encode_jpeg(picture, {90, 300}).value();
}

struct Submitted {
  core::RecordId id;
  core::CaptureFact capture;
};

inline Submitted submit(LedgerNode& site, int seed) {
  node::Ledger::Turn turn = site.ledger->turn();
  Submitted out;
  out.capture.student = kStudent;
  out.capture.taken = site.clock.moment();
  out.capture.grade = core::Grade::pass;
  out.capture.score = 90;
  const core::Bytes preview = jpeg(seed, 120, 160);
  const core::Bytes standard = jpeg(seed, 480, 640);
  const core::Bytes original = jpeg(seed, 960, 1280);
  out.capture.preview = protocol::blob_hash(preview);
  out.capture.standard = protocol::blob_hash(standard);
  out.capture.original = protocol::blob_hash(original);
  core::SubmissionFact fact{kStudent, turn.state(core::kToHub, Lane::record, out.capture).value(), site.clock.moment(), 0, 0};
  REQUIRE(turn.send(preview, Lane::photo));
  fact.photo_bundle = turn.send(standard, Lane::photo).value();
  fact.original_bundle = turn.send(original, Lane::original).value();
  out.id = turn.state(core::kToHub, Lane::record, fact).value();
  REQUIRE(turn.commit());
  return out;
}

inline void decide(LedgerNode& hub, const core::RecordId& submission, bool approved, std::uint64_t epoch) {
  core::VerdictFact verdict;
  verdict.student = kStudent;
  verdict.submission = submission;
  verdict.approved = approved;
  if (!approved) verdict.reason = "R-BLUR";
  verdict.review_epoch = epoch;
  node::Ledger::Turn turn = hub.ledger->turn();
  REQUIRE(turn.state(core::Audience{1}, Lane::control, verdict));
  REQUIRE(turn.commit());
  REQUIRE(hub.ledger->issue_receipt());
}

inline const std::uint64_t kPreviewMost = jpeg(1, 120, 160).size() + 500;

/// Bundles of one node for another up to that lane and size, opened there; how many bytes of bodies went over.
inline std::uint64_t hand_over(LedgerNode& from, LedgerNode& to, Lane last = Lane::original, std::uint64_t most = ~0ULL) {
  REQUIRE(from.ledger->release());
  const protocol::Peer peer{to.member.number, to.member.role, true};
  const auto offers = from.shelf->offers_for(peer, to.shelf->frontier(), to.shelf->partials());
  REQUIRE(offers);
  std::uint64_t moved = 0;
  for (const core::BundleId& id : *offers) {
    if (id.log.lane > last || (*from.shelf->header(id))->body_size() > most) continue;
    const auto begun = to.shelf->begin((*from.shelf->header(id))->bytes, *from.shelf->previous_root(id));
    REQUIRE(begun);
    if (begun->outcome != protocol::Begin::Outcome::take) continue;
    const core::Bytes body = from.shelf->read_body(id).value();
    REQUIRE(to.shelf->append(id, 0, body));
    REQUIRE(to.shelf->finish(id));
    moved += body.size();
  }
  REQUIRE(to.shelf->flush());
  REQUIRE(to.ledger->open_inbox());
  return moved;
}

inline void check_whole(const LedgerNode& node) {
  const auto shelf = node.shelf->verify([](const core::BundleId&, const core::Error&) {});
  REQUIRE(shelf);
  CHECK(shelf->faults == 0);
}

}  // namespace satchel::tests
