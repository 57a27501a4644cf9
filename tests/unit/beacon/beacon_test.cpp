#include "protocol/beacon/beacon.h"

#include <catch2/catch.hpp>

#include "protocol/beacon/limits.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

namespace satchel::protocol {
namespace {

using core::Bytes;
using core::MonoMs;
using core::NodeNumber;

constexpr core::CampaignId kCampaign{0x1234};
const Bytes kGroup(32, 7);

struct Speaker {
  tests::SeededRng rng;
  Beacon beacon;
  Speaker(std::uint32_t number, std::uint64_t seed, core::CampaignId campaign = kCampaign, const Bytes& group = kGroup)
      : rng(seed), beacon({campaign, group, NodeNumber{number}, static_cast<std::uint16_t>(7000 + number), &rng}, MonoMs{0}) {}
  /// Its next call, and when.
  std::pair<Bytes, MonoMs> next_call() {
    const MonoMs at = beacon.deadline();
    auto said = beacon.wake(at);
    REQUIRE(said);
    return {*said, at};
  }
};

TEST_CASE("a node that calls learns from the answer who is there and where, and that it is there now") {
  Speaker east{1, 1};
  Speaker hub{0, 2};
  const auto [call, now] = east.next_call();
  const auto heard = hub.beacon.receive(call, now);
  REQUIRE(heard);
  CHECK(heard->node == NodeNumber{1});
  CHECK(heard->port == 7001);
  CHECK_FALSE(heard->proven);
  const auto answer = hub.beacon.answer(*heard, now);
  REQUIRE(answer);
  const auto proof = east.beacon.receive(*answer, now + 20);
  REQUIRE(proof);
  CHECK(proof->node == NodeNumber{0});
  CHECK(proof->port == 7000);
  CHECK(proof->proven);
}

TEST_CASE("a node asks the one that called, and the answer to that proves it as well") {
  Speaker east{1, 1};
  Speaker hub{0, 2};
  const auto [call, now] = hub.next_call();
  REQUIRE(east.beacon.receive(call, now));
  const auto asked = east.beacon.ask(now);
  REQUIRE(asked);
  const auto heard = hub.beacon.receive(*asked, now);
  REQUIRE(heard);
  CHECK(east.beacon.receive(*hub.beacon.answer(*heard, now), now)->proven);
}

TEST_CASE("an answer proves nothing to whom it was not given, later than it should come, or without a call") {
  Speaker east{1, 1};
  Speaker west{2, 3};
  Speaker hub{0, 2};
  const auto [call, now] = east.next_call();
  const Bytes answer = *hub.beacon.answer(*hub.beacon.receive(call, now), now);
  CHECK_FALSE(west.beacon.receive(answer, now));
  CHECK_FALSE(east.beacon.receive(answer, now + kBeaconAnswerMs + 1));
  CHECK(east.beacon.receive(answer, now + kBeaconAnswerMs));
}

TEST_CASE("a call that was heard before is not heeded again, also not when it is played again hours later") {
  Speaker east{1, 1};
  Speaker hub{0, 2};
  const auto [call, now] = east.next_call();
  CHECK(hub.beacon.receive(call, now));
  CHECK_FALSE(hub.beacon.receive(call, now));
  CHECK_FALSE(hub.beacon.receive(call, now + 4 * 3'600'000));
}

TEST_CASE("a node does not hear itself, nor another campaign, nor who lacks the group key") {
  Speaker east{1, 1};
  const auto [call, now] = east.next_call();
  Speaker same{1, 9};
  CHECK_FALSE(same.beacon.receive(call, now));
  Speaker other_campaign{0, 2, core::CampaignId{0x1235}};
  CHECK_FALSE(other_campaign.beacon.receive(call, now));
  Speaker stranger{0, 2, kCampaign, Bytes(32, 8)};
  CHECK_FALSE(stranger.beacon.receive(call, now));
}

TEST_CASE("no changed, cut or longer datagram is heeded") {
  Speaker east{1, 1};
  Speaker hub{0, 2};
  const auto [call, now] = east.next_call();
  for (std::size_t i = 0; i < call.size(); ++i) {
    Bytes changed = call;
    changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
    INFO("byte " << i);
    CHECK_FALSE(hub.beacon.receive(changed, now));
    CHECK_FALSE(hub.beacon.receive(core::ByteView{call}.first(i), now));
  }
  Bytes longer = call;
  longer.push_back(0);
  CHECK_FALSE(hub.beacon.receive(longer, now));
  CHECK(hub.beacon.receive(call, now));
}

TEST_CASE("what is said shows neither number, port nor campaign, and no two datagrams are alike") {
  // The same word a thousand times: a byte that stays the same would give its place away.
  Speaker east{1, 1};
  std::array<std::set<std::uint8_t>, kBeaconSize> seen;
  for (int i = 0; i < 1000; ++i) {
    const Bytes call = east.next_call().first;
    REQUIRE(call.size() == kBeaconSize);
    for (std::size_t at = 0; at < call.size(); ++at) seen[at].insert(call[at]);
  }
  for (std::size_t at = 0; at < seen.size(); ++at) {
    INFO("byte " << at);
    CHECK(seen[at].size() > 200);
  }
}

TEST_CASE("calls come quickly at first and after a change of the network, then about twice a minute, never at a fixed beat") {
  Speaker east{1, 1};
  MonoMs before{0};
  std::vector<std::int64_t> gaps;
  for (int i = 0; i < 40; ++i) {
    const MonoMs at = east.next_call().second;
    gaps.push_back(at - before);
    before = at;
  }
  CHECK(gaps[0] <= 350);
  CHECK(gaps[0] + gaps[1] + gaps[2] + gaps[3] <= 20'000);
  std::set<std::int64_t> steady(gaps.begin() + 4, gaps.end());
  CHECK(*steady.begin() >= 18'000);
  CHECK(*steady.rbegin() <= 42'000);
  CHECK(steady.size() > 30);
  east.beacon.network_changed(before + 5'000);
  CHECK(east.beacon.deadline() - before <= 5'350);
  CHECK_FALSE(east.beacon.wake(before + 5'000));
}

TEST_CASE("sixty nodes that the mains switches on at one moment do not call at one moment") {
  std::set<std::int64_t> first;
  for (std::uint64_t i = 0; i < 60; ++i) first.insert(Speaker{static_cast<std::uint32_t>(i), i}.beacon.deadline().value);
  CHECK(first.size() > 40);
}

TEST_CASE("whoever floods a node with calls gets few answers, and the node answers again when the flood is over") {
  Speaker flooder{1, 1};
  Speaker hub{0, 2};
  std::int64_t answers = 0;
  const MonoMs begin{1'000};
  for (int i = 0; i < 10'000; ++i) {  // ten seconds
    const MonoMs now = begin + i;
    const auto heard = hub.beacon.receive(*flooder.beacon.ask(MonoMs{i * 1'000'000LL}), now);
    REQUIRE(heard);
    if (hub.beacon.answer(*heard, now)) ++answers;
  }
  CHECK(answers <= kBeaconRepliesAtOnce + 10 * kBeaconRepliesPerSecond);
  const MonoMs later = begin + 20'000;
  CHECK(hub.beacon.answer(*hub.beacon.receive(flooder.next_call().first, later), later));
}

}  // namespace
}  // namespace satchel::protocol
