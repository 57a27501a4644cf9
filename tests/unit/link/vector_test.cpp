#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <string>

#include "core/crypto/hash.h"
#include "protocol/link/link.h"
#include "protocol/session/messages.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

using namespace satchel;
using namespace satchel::protocol;
using core::Bytes;
using core::ByteView;
using core::Lane;

namespace {

std::map<std::string, std::string> read_vector(const std::string& name) {
  std::ifstream file{std::string{SATCHEL_VECTORS} + "/" + name};
  REQUIRE(file.good());
  std::map<std::string, std::string> out;
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) out[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return out;
}

Bytes written(const Message& message) {
  Bytes out;
  append_message(out, message);
  return out;
}

/// The hub and the site of the example, made anew from its seed.
struct Example {
  Example() : membership(founding) {
    rng.fill(group.span());
    REQUIRE(membership.add(hub_member));
    REQUIRE(membership.add(east_member));
  }
  core::Member member(std::uint32_t number, core::Role role, const char* name, const core::Identity& keys) const {
    return core::make_member(founding.id(), core::NodeNumber{number}, role, name, keys.sign.public_key, keys.box.public_key,
                             hub.sign);
  }
  Link::Setup side(const core::Identity& keys, const core::Member& self, core::Rng& ephemeral) const {
    return {&membership, &keys.box, &self, &group, &ephemeral};
  }
  tests::SeededRng rng{2026};
  core::Identity hub = core::make_identity(rng);
  core::Identity east = core::make_identity(rng);
  core::BoxKeys recovery = core::make_box_keys(rng);
  core::Founding founding = core::make_founding("example", hub, recovery.public_key, rng);
  core::Member hub_member = member(0, core::Role::hub, "hub", hub);
  core::Member east_member = member(1, core::Role::site, "east", east);
  core::SecretBytes group{32};
  core::Membership membership;
  tests::SeededRng east_rng{11};
  tests::SeededRng hub_rng{12};
};

Hello site_hello() {
  Hello hello;
  hello.node.value = 1;
  hello.role = core::Role::site;
  hello.receipt = {1, 7};
  hello.way = {1, 0};
  const core::LogId verdicts{{core::kHubNumber, core::Incarnation{0x1122334455667788}}, core::Audience{1}, Lane::record};
  hello.frontier.raise(verdicts, core::Seq{3});
  return hello;
}

Hello hub_hello() {
  Hello hello;
  hello.role = core::Role::hub;
  hello.receipt = {1, 7};
  hello.way = {0, 0};
  hello.nothing = true;
  return hello;
}

}  // namespace

TEST_CASE("the worked example of a meeting is met byte for byte") {
  auto wanted = read_vector("link-exchange.txt");
  Example at;
  Link caller = Link::caller(at.side(at.east, at.east_member, at.east_rng), at.hub_member);
  Link answerer = Link::answerer(at.side(at.hub, at.hub_member, at.hub_rng));
  CHECK(core::to_hex(at.group.view()) == wanted["group_key"]);
  CHECK(core::to_hex(at.hub.box.secret.view()) == wanted["hub_static"]);
  CHECK(core::to_hex(at.east.box.secret.view()) == wanted["site_static"]);
  CHECK(core::to_hex(core::keyed_hash(at.group.view(), "satchel link psk", {}).view()) == wanted["psk"]);

  CHECK(core::to_hex(encode(site_hello())) == wanted["site_hello"]);
  REQUIRE(caller.greet(encode(site_hello())));
  CHECK(core::to_hex(caller.pending()) == wanted["first_frame"]);
  answerer.feed(caller.pending());
  caller.sent(caller.pending().size());
  CHECK(answerer.next().value() == encode(site_hello()));

  CHECK(core::to_hex(encode(hub_hello())) == wanted["hub_hello"]);
  REQUIRE(answerer.greet(encode(hub_hello())));
  CHECK(core::to_hex(answerer.pending()) == wanted["second_frame"]);
  caller.feed(answerer.pending());
  CHECK(caller.next().value() == encode(hub_hello()));

  const Bytes done = written(Plain{MessageKind::done});
  CHECK(core::to_hex(done) == wanted["done_plain"]);
  REQUIRE(caller.send(done));
  CHECK(core::to_hex(caller.pending()) == wanted["done_frame"]);
}

TEST_CASE("messages have the bytes that the format shows") {
  auto wanted = read_vector("link-exchange.txt");
  const Bytes piece{1, 2, 3};
  CHECK(core::to_hex(written(DataPiece{Lane::photo, 300, piece})) == wanted["message_data"]);
  CHECK(core::to_hex(written(Stored{{0, 1, 300}})) == wanted["message_stored"]);
  CHECK(core::to_hex(written(Answer{MessageKind::refuse, 5, 0, core::Code::kQuota})) == wanted["message_refuse"]);
  CHECK(core::to_hex(written(Answer{MessageKind::back, 5, 32768, core::Code::kInternal})) == wanted["message_back"]);
}

TEST_CASE("bundles beyond gaps are named up to their limits, and no further") {
  const core::LogId log{{core::NodeNumber{2}, core::Incarnation{5}}, core::kToHub, Lane::photo};
  const auto taken = [](std::vector<BeyondGap> beyond) {
    Hello hello = site_hello();
    hello.beyond = std::move(beyond);
    return decode_hello(encode(hello)).has_value();
  };
  CHECK(taken({{log, core::Seq{2}, kBeyondMax}}));
  CHECK_FALSE(taken({{log, core::Seq{2}, kBeyondMax + 1}}));
  CHECK_FALSE(taken({{log, core::Seq{2}, ~0ULL - 2}}));
  CHECK_FALSE(taken({{log, core::Seq{2}, 0}}));
  CHECK_FALSE(taken({{log, core::Seq{0}, 1}}));
  CHECK_FALSE(taken({{log, core::Seq{2}, 3}, {log, core::Seq{5}, 1}}));  // would be one run
  std::vector<BeyondGap> runs;
  for (std::uint64_t i = 0; i < kBeyondRunsMax; ++i) runs.push_back({log, core::Seq{2 + 2 * i}, 1});
  CHECK(taken(runs));
  runs.push_back({log, core::Seq{100'000}, 1});
  CHECK_FALSE(taken(runs));
}

TEST_CASE("a hello of each shape reads back as it was written, and no byte of it can be spared") {
  Hello hello = site_hello();
  hello.partials.push_back({{{{core::NodeNumber{2}, core::Incarnation{5}}, core::kToHub, Lane::photo}, core::Seq{9}}, 70'000});
  const bool whole = GENERATE(true, false);
  const bool described = GENERATE(true, false);
  const int news = GENERATE(0, 1, 2);  // none, from who answers, from who calls
  hello.whole = whole || news > 0;
  if (described) hello.certificate = Bytes(120, 3);
  if (news > 0) {
    hello.news = FrontierDelta{{{0, 1}, {7, 300}}, hello.frontier};
    hello.frontier = {};
  }
  if (news == 2) hello.memory = MemoryDigest{1, 2, 3};
  if (GENERATE(true, false)) {
    const core::LogId log = hello.partials[0].id.log;
    hello.beyond = {
        {log, core::Seq{11}, 300}, {log, core::Seq{312}, 1}, {{log.author, log.audience, Lane::original}, core::Seq{2}, 1}};
  }
  const Bytes bytes = encode(hello);
  const auto read = decode_hello(bytes);
  REQUIRE(read);
  CHECK(encode(*read) == bytes);
  CHECK(read->partials == hello.partials);
  CHECK(read->beyond == hello.beyond);
  CHECK(read->frontier == hello.frontier);
  CHECK(read->news == hello.news);
  CHECK(read->memory == hello.memory);
  CHECK(read->certificate == hello.certificate);
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_hello(ByteView{bytes}.first(size)));
  // What follows is a frame's messages.
  hello.messages = written(Plain{MessageKind::done});
  CHECK(decode_hello(encode(hello)).value().messages == hello.messages);
  hello.messages = Bytes(kGreetingMessagesMax, 1);
  CHECK(decode_hello(encode(hello)));
  hello.messages.push_back(1);
  CHECK(decode_hello(encode(hello)).error().code == core::Code::kLimitExceeded);
  Bytes newer = bytes;
  newer[0] = 2;
  CHECK(decode_hello(newer).error().code == core::Code::kVersionUnknown);
}

TEST_CASE("a hello that names a memory without news, or news that are not whole, is refused") {
  Hello hello = site_hello();
  hello.news = FrontierDelta{};
  hello.memory = MemoryDigest{};
  Bytes bytes = encode(hello);
  REQUIRE(decode_hello(bytes));
  constexpr std::uint8_t kWhole = 0x04;
  constexpr std::uint8_t kNews = 0x40;
  for (const std::uint8_t bit : {kWhole, kNews, std::uint8_t{0x80}}) {
    bytes[1] ^= bit;
    CHECK_FALSE(decode_hello(bytes));
    bytes[1] ^= bit;
  }
}
