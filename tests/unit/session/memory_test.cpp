// What two nodes remember of each other from meeting to meeting, and what comes of it when one of them does not.
#include <catch2/catch.hpp>

#include "tests/unit/session/meeting.h"

using namespace satchel;
using core::Lane;
using core::LogId;
using core::Seq;
using protocol::FrontierDelta;
using protocol::Memory;
using tests::Campaign;
using tests::CampaignNode;
using tests::Meeting;

namespace {

LogId log_of(std::uint32_t node, Lane lane = Lane::record) {
  return {{core::NodeNumber{node}, core::Incarnation{1000 + node}}, core::kToHub, lane};
}

core::Frontier frontier(std::initializer_list<std::pair<std::uint32_t, std::uint64_t>> positions) {
  core::Frontier out;
  for (const auto& [node, seq] : positions) out.raise(log_of(node), Seq{seq});
  return out;
}

/// Twelve sites wrote, and what they wrote lies at the relay "here".
struct Relays {
  Relays() : campaign(70, enrolments()) {
    for (int i = 0; i < 12; ++i) {
      CampaignNode& site = campaign["site" + std::to_string(i)];
      site.write(Lane::record, 60);
      Meeting{site, here()}.run();
    }
  }
  static std::vector<Campaign::Enrolment> enrolments() {
    static const std::array<std::string, 12> kNames{"site0", "site1", "site2", "site3", "site4",  "site5",
                                                    "site6", "site7", "site8", "site9", "site10", "site11"};
    std::vector<Campaign::Enrolment> out;
    for (const std::string& name : kNames) out.push_back({name, core::Role::site});
    out.push_back({"here", core::Role::relay});
    out.push_back({"there", core::Role::relay});
    return out;
  }
  CampaignNode& here() { return campaign["here"]; }
  CampaignNode& there() { return campaign["there"]; }
  /// Bytes of one meeting of the two, which must end well.
  std::uint64_t meet() {
    Meeting meeting{here(), there()};
    meeting.run();
    REQUIRE(meeting.both_idle());
    return meeting.moved();
  }
  bool alike() { return here().shelf->frontier() == there().shelf->frontier(); }
  void news(int site) {
    CampaignNode& author = campaign["site" + std::to_string(site)];
    author.write(Lane::record, 60);
    Meeting{author, here()}.run();
  }
  Campaign campaign;
};

/// Of a meeting in which both know all of the other and nothing is new, with twelve authors told in full by each.
constexpr std::uint64_t kInFull = 2 * 12 * 13;
constexpr std::uint64_t kNothing = 220;

}  // namespace

TEST_CASE("what was added to a frontier is put on what it was added to") {
  const core::Frontier before = frontier({{1, 5}, {2, 7}, {9, 300}});
  const core::Frontier after = frontier({{1, 5}, {2, 17}, {5, 1}, {9, 301}});
  const FrontierDelta delta = protocol::difference(before, after);
  CHECK(delta.raised == decltype(delta.raised){{1, 10}, {2, 1}});
  CHECK(protocol::apply(before, delta).value() == after);
  CHECK(protocol::decode_delta(protocol::encode(delta)).value() == delta);
  CHECK(protocol::encode(protocol::difference(before, before)) == core::Bytes{0, 0});
  // What a receipt covers meanwhile is named no more; of the base it stays.
  CHECK(protocol::apply(before, protocol::difference(before, frontier({{2, 8}}))).value() ==
        frontier({{1, 5}, {2, 8}, {9, 300}}));
}

TEST_CASE("news that were made for another frontier are refused") {
  const core::Frontier base = frontier({{1, 5}, {2, ~0ULL}});
  CHECK_FALSE(protocol::apply(base, {{{2, 1}}, {}}));                                 // there is no third log
  CHECK_FALSE(protocol::apply(base, {{{1, 1}}, {}}));                                 // beyond all numbers
  CHECK_FALSE(protocol::apply(base, {{}, frontier({{1, 9}})}));                       // not new
  CHECK_FALSE(protocol::decode_delta(core::Bytes{1, 0, 0, 0}));                       // raised by nothing
  CHECK_FALSE(protocol::decode_delta(core::Bytes{2, 0, 1, 0}));                       // fewer than said
  CHECK_FALSE(protocol::decode_delta(core::Bytes{0, 0, 0}));                          // a byte too many
  CHECK_FALSE(protocol::decode_delta(core::Bytes{1, 0xFF, 0xFF, 0xFF, 0x7F, 1, 0}));  // more logs than a frontier may have
}

TEST_CASE("a memory has one name at both ends, another one for every change, and none for our own notes") {
  const Memory mine{frontier({{1, 5}}), frontier({{2, 6}}), {}, 0};
  const Memory yours{mine.theirs, mine.ours, frontier({{3, 3}}), 2'500};
  const core::NodeNumber me{4};
  const core::NodeNumber you{9};
  CHECK(protocol::digest_of(mine, me, you) == protocol::digest_of(yours, you, me));
  CHECK(protocol::digest_of(mine, me, you) != protocol::digest_of(mine, you, me));
  CHECK(protocol::digest_of(mine, me, you) != protocol::digest_of({frontier({{1, 6}}), mine.theirs, {}, 0}, me, you));
  CHECK(protocol::decode_memory(protocol::encode(yours)).value() == yours);
  CHECK_FALSE(protocol::decode_memory(core::Bytes{1, 0, 1, 0}));
}

TEST_CASE("two who remember their last meeting say only what is new") {
  Relays relays;
  const std::uint64_t first = relays.meet();
  CHECK(first > kInFull);
  CHECK(relays.meet() <= kNothing);
  // Also after both have been started anew.
  relays.here().reopen();
  relays.there().reopen();
  CHECK(relays.meet() <= kNothing);
  relays.news(3);
  CHECK(relays.meet() > kNothing);
  CHECK(relays.alike());
  CHECK(relays.meet() <= kNothing);
}

TEST_CASE("whoever does not hold the memory is told everything, and from then on holds it again") {
  Relays relays;
  relays.meet();
  const core::MemoryStore here_before = relays.here().store;
  const core::MemoryStore there_before = relays.there().store;
  relays.news(3);
  relays.meet();
  CampaignNode& back = GENERATE(true, false) ? relays.here() : relays.there();
  back.shelf.reset();
  back.store = &back == &relays.here() ? here_before : there_before;  // a disk set back to an older copy of itself
  back.reopen();
  CHECK_FALSE(relays.alike());
  CHECK(relays.meet() > kInFull);
  CHECK(relays.alike());
  CHECK(relays.meet() <= kNothing);
}

TEST_CASE("who holds less than it had told says everything, though both remember") {
  Relays relays;
  relays.meet();
  CampaignNode& there = relays.there();
  // The memory survives, what it speaks of does not: as when the disk lied about what it had written.
  const auto memory = there.shelf->recall(relays.here().member.number).value();
  REQUIRE(memory.has_value());
  there.shelf.reset();
  there.store = core::MemoryStore{};
  there.reopen();
  REQUIRE(there.shelf->remember(relays.here().member.number, *memory));
  CHECK(relays.meet() > kInFull);
  CHECK(relays.alike());
}

TEST_CASE("a meeting that was cut leaves the memory of the one before, on either side") {
  Relays relays;
  relays.meet();
  relays.news(3);
  relays.news(7);
  for (std::uint64_t cut = 1; cut < 1'500; cut += 37) {
    Meeting meeting{relays.here(), relays.there(), {.cut_after = cut}};
    meeting.run();
  }
  Meeting last{relays.here(), relays.there()};
  last.run();
  CHECK(last.both_idle());
  CHECK(relays.alike());
  CHECK(relays.meet() <= kNothing);
}

TEST_CASE("a row of memory that is damaged costs a whole frontier and nothing else") {
  Relays relays;
  relays.meet();
  REQUIRE(relays.here().shelf->remember(relays.there().member.number, core::Bytes{7, 7, 7}));
  CHECK(relays.meet() > kInFull);
  CHECK(relays.meet() <= kNothing);
}
