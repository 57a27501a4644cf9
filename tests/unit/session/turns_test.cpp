// Whose turn it is, as plain values.
#include <catch2/catch.hpp>

#include "protocol/link/limits.h"
#include "protocol/session/turns.h"

namespace satchel::protocol {
namespace {

using core::BundleId;
using core::Lane;
using core::Seq;

constexpr Stream kPhotos{Lane::photo};

BundleId id(std::uint64_t seq) { return {{{core::NodeNumber{1}, core::Incarnation{7}}, core::kToHub, Lane::photo}, Seq{seq}}; }

Turns::Waiting waiting(std::uint64_t seq, std::uint64_t left, std::uint64_t arrival, bool begun = false) {
  return {id(seq), left, arrival, begun};
}

std::vector<std::uint64_t> all(Turns& turns) {
  std::vector<std::uint64_t> out;
  while (!turns.empty(kPhotos)) {
    const Turns::Next next = turns.take(kPhotos);
    out.push_back(next.bundle.id.seq.value);
    turns.note_sent({kPhotos, next.bundle.left, next.passes, true, false, false});
    if (!next.passes) turns.note_finished(kPhotos, next.bundle.left);
  }
  return out;
}

TEST_CASE("bundles of about one size go as they came, what the peer holds a part of before them") {
  Turns turns;
  turns.add(kPhotos, waiting(1, 90'000, 1));
  turns.add(kPhotos, waiting(2, 40'000, 2));
  turns.add(kPhotos, waiting(3, 60'000, 3, true));
  CHECK(turns.bytes(Lane::photo) == 190'000);
  CHECK(turns.bytes(Lane::original) == 0);
  CHECK(all(turns) == std::vector<std::uint64_t>{3, 1, 2});
  CHECK(turns.bytes(Lane::photo) == 0);
}

TEST_CASE("what is at most a quarter as long goes first, the shortest before the others") {
  Turns turns;
  turns.add(kPhotos, waiting(1, 100'000, 1));
  turns.add(kPhotos, waiting(2, 26'000, 2));
  turns.add(kPhotos, waiting(3, 25'000, 3));
  turns.add(kPhotos, waiting(4, 2'000, 4));
  CHECK(all(turns) == std::vector<std::uint64_t>{4, 3, 1, 2});
}

TEST_CASE("nobody is passed by more than it has itself") {
  Turns turns;
  turns.add(kPhotos, waiting(1, 100'000, 1));
  for (std::uint64_t seq = 2; seq < 40; ++seq) turns.add(kPhotos, waiting(seq, 20'000, seq));
  const std::vector<std::uint64_t> order = all(turns);
  CHECK(std::ranges::find(order, 1U) - order.begin() == 5);
}

TEST_CASE("what has passed is kept in mind from meeting to meeting") {
  std::uint64_t before = 0;
  Passed passed;
  for (std::uint64_t seq = 2; seq < 100; ++seq) {  // each meeting has time for one, and a new short one waits each time
    Turns turns;
    turns.set_passed(passed);
    turns.add(kPhotos, waiting(1, 100'000, 1));
    turns.add(kPhotos, waiting(seq, 20'000, seq));
    const Turns::Next next = turns.take(kPhotos);
    turns.note_sent({kPhotos, next.bundle.left, next.passes, true, false, false});
    passed = turns.passed();
    if (!next.passes) break;
    ++before;
  }
  CHECK(before == 5);
}

TEST_CASE("a bundle that is open makes way for a much shorter one while a good part of it is left") {
  Turns turns;
  turns.add(kPhotos, waiting(2, 10'000, 2));
  CHECK_FALSE(turns.take_passing(kPhotos, waiting(1, kPassedLeast - 1, 1, true)));
  const auto next = turns.take_passing(kPhotos, waiting(1, kPassedLeast, 1, true));
  REQUIRE(next);
  CHECK(next->passes);
  CHECK(next->bundle.id == id(2));
  CHECK(turns.empty());
}

TEST_CASE("after eight times its length of urgent bundles one that is not urgent has its turn") {
  Turns turns;
  const Stream urgent{Lane::photo, false, true};
  CHECK(turns.urgent_first(Lane::photo, false, 1'000));
  turns.note_sent({urgent, 7'999, false, true, false, false});
  CHECK(turns.urgent_first(Lane::photo, false, 1'000));
  turns.note_sent({urgent, 1, false, true, false, false});
  CHECK_FALSE(turns.urgent_first(Lane::photo, false, 1'000));
  CHECK(turns.urgent_first(Lane::photo, true, 1'000));    // others' traffic has accounts of its own
  CHECK(turns.urgent_first(Lane::record, false, 1'000));  // and so has each lane
  turns.note_finished(kPhotos, 1'000);
  CHECK(turns.urgent_first(Lane::photo, false, 1'000));
}

TEST_CASE("while own bundles wait, foreign ones get a quarter of the lane, half when they alone are urgent") {
  for (const bool urgent : {false, true}) {
    Turns turns;
    std::uint64_t own = 0;
    std::uint64_t foreign = 0;
    for (int i = 0; i < 1'000; ++i) {
      const bool theirs = turns.foreign_first(Lane::photo);
      if (i == 0) CHECK_FALSE(theirs);  // own before foreign
      (theirs ? foreign : own) += 1'000;
      turns.note_sent({{Lane::photo, theirs, urgent && theirs}, 1'000, false, false, true, false});
      CHECK(foreign <= own);
    }
    CHECK(foreign == (urgent ? 500'000U : 250'000U));
  }
}

}  // namespace
}  // namespace satchel::protocol
