#include "node/peers.h"

#include <catch2/catch.hpp>

#include "tests/support/seeded_rng.h"

namespace satchel::node {
namespace {

using core::MonoMs;
using core::NodeNumber;
using Reply = Peers::Reply;

constexpr std::uint16_t kPort = 7420;

Peers::Heard at(std::uint32_t node, std::string host = "10.0.0.9", bool linked = false) {
  return {NodeNumber{node}, std::move(host), kPort, linked};
}

struct Site {
  tests::SeededRng rng{7};
  Peers peers;
  explicit Site(std::uint32_t self, std::uint16_t port = kPort) : peers(NodeNumber{self}, port, rng) {}
};

TEST_CASE("of two nodes the one with the lower number dials, the other lets it know that it is there") {
  Site hub{0};
  Site east{4};
  CHECK(hub.peers.on_call(at(4), {0}) == Reply::ask);
  CHECK(hub.peers.on_proof(at(4), {10}));
  CHECK(east.peers.on_call(at(0), {0}) == Reply::answer);
  CHECK_FALSE(east.peers.on_proof(at(0), {10}));
}

TEST_CASE("a node does not meet itself") {
  Site east{4};
  CHECK(east.peers.on_call(at(4), {0}) == Reply::nothing);
  CHECK_FALSE(east.peers.on_proof(at(4), {0}));
}

TEST_CASE("a node that takes no links dials whoever is there, and one that takes none itself is not dialled") {
  Site closed{4, 0};
  CHECK(closed.peers.on_call(at(0), {0}) == Reply::ask);
  CHECK(closed.peers.on_proof(at(0), {0}));
  Site hub{0};
  Peers::Heard nowhere = at(4);
  nowhere.port = 0;
  CHECK(hub.peers.on_call(nowhere, {0}) == Reply::answer);
  CHECK_FALSE(hub.peers.on_proof(nowhere, {0}));
}

TEST_CASE("the higher number dials too when no link has come about for a while: the other's way may be blocked") {
  Site east{4};
  REQUIRE(east.peers.on_call(at(0), {0}) == Reply::answer);
  CHECK(east.peers.on_call(at(0), {39'000}) == Reply::answer);
  CHECK(east.peers.on_call(at(0), {41'000}) == Reply::ask);
  CHECK(east.peers.on_proof(at(0), {41'100}));
}

TEST_CASE("a link that stands is enough, and patience begins anew when it is gone") {
  Site east{4};
  CHECK(east.peers.on_call(at(0, "10.0.0.9", true), {0}) == Reply::nothing);
  CHECK(east.peers.on_call(at(0, "10.0.0.9", true), {100'000}) == Reply::nothing);
  CHECK(east.peers.on_call(at(0), {101'000}) == Reply::answer);
}

TEST_CASE("one node is dialled once at a time, whatever addresses it has") {
  Site hub{0};
  REQUIRE(hub.peers.on_proof(at(4, "10.0.0.9"), {0}));
  CHECK_FALSE(hub.peers.on_proof(at(4, "fe80::9%eth0"), {1}));
  hub.peers.dialled_out(NodeNumber{4}, "10.0.0.9", false, {2});
  CHECK(hub.peers.on_proof(at(4, "fe80::9%eth0"), {3}));
}

TEST_CASE("an address that fails is tried again later and later, at most ten minutes; one meeting makes it good") {
  Site hub{0};
  MonoMs now{0};
  std::int64_t pause = 0;
  for (int i = 0; i < 12; ++i) {
    INFO("try " << i);
    REQUIRE(hub.peers.on_proof(at(4), now));
    hub.peers.dialled_out(NodeNumber{4}, "10.0.0.9", false, now);
    const MonoMs failed = now;
    while (hub.peers.on_call(at(4), now) != Reply::ask) now = now + 250;
    const std::int64_t expected = std::min<std::int64_t>(600'000, 5'000LL << i);
    pause = now - failed;
    CHECK(pause >= expected * 3 / 4);
    CHECK(pause <= expected * 5 / 4 + 250);
  }
  REQUIRE(hub.peers.on_proof(at(4), now));
  hub.peers.dialled_out(NodeNumber{4}, "10.0.0.9", true, now);
  CHECK(hub.peers.on_call(at(4), now) == Reply::answer);
  CHECK(hub.peers.on_call(at(4), now + 4'000) == Reply::ask);
}

TEST_CASE("a liar's address does not keep us from the true one") {
  Site hub{0};
  for (int i = 0; i < 10; ++i) {
    if (hub.peers.on_proof(at(4, "10.0.0.66"), {i * 1'000'000})) {
      hub.peers.dialled_out(NodeNumber{4}, "10.0.0.66", false, {i * 1'000'000});
    }
  }
  CHECK(hub.peers.on_proof(at(4, "10.0.0.9"), {9'000'001}));
}

TEST_CASE("links to found nodes are few, and the hub always has a place") {
  Site relay{1};
  for (std::uint32_t node = 2; node < 2 + kFoundLinksMost; ++node) {
    REQUIRE(relay.peers.on_proof(at(node), {0}));
  }
  CHECK_FALSE(relay.peers.on_proof(at(99), {0}));
  CHECK(relay.peers.on_call(at(99), {0}) == Reply::answer);
  Site closed{1, 0};
  for (std::uint32_t node = 2; node < 2 + kFoundLinksMost; ++node) REQUIRE(closed.peers.on_proof(at(node), {0}));
  CHECK(closed.peers.on_proof(at(0), {0}));
}

TEST_CASE("whatever a member says, memory stays small") {
  Site hub{0};
  for (std::uint32_t node = 1; node < 100'000; ++node) hub.peers.on_call(at(node, std::to_string(node)), {node});
  for (int i = 0; i < 1'000; ++i) {
    if (hub.peers.on_proof(at(4, std::to_string(i)), {200'000}))
      hub.peers.dialled_out(NodeNumber{4}, std::to_string(i), false, {200'000});
  }
  CHECK(hub.peers.on_proof(at(5), {200'000}));
  CHECK(hub.peers.dialled() == 1);
}

TEST_CASE("of two links of one pair exactly one goes") {
  // Both dialled what they had found: the higher number closes its own.
  Site low{1};
  Site high{2};
  CHECK_FALSE(low.peers.spare(NodeNumber{2}, false, {0}));
  CHECK(high.peers.spare(NodeNumber{1}, false, {0}));
  // One that a person typed here stays, whatever the numbers.
  CHECK(low.peers.spare(NodeNumber{2}, true, {0}));
  CHECK(high.peers.spare(NodeNumber{1}, true, {0}));
  // One that a person typed at the other side does not go by itself: then ours does, after a while.
  CHECK_FALSE(low.peers.spare(NodeNumber{2}, false, {39'000}));
  CHECK(low.peers.spare(NodeNumber{2}, false, {41'000}));
}

}  // namespace
}  // namespace satchel::node
