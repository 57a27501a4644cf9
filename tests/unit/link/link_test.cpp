#include "protocol/link/link.h"

#include <catch2/catch.hpp>

#include "tests/sim/campaign.h"

using namespace satchel;
using core::Bytes;
using core::ByteView;
using core::Code;
using protocol::kFrameHeader;
using protocol::Link;
using protocol::LinkFrame;
using tests::Campaign;

namespace {

const Bytes kHello{'h', 'i'};
const Bytes kWords{'w', 'o', 'r', 'd', 's'};

Bytes taken(Link& link) {
  Bytes out = core::to_bytes(link.pending());
  link.sent(out.size());
  return out;
}

Code code_of(const core::Result<std::optional<Bytes>>& result) {
  REQUIRE_FALSE(result);
  return result.error().code;
}

Code fed(Link& link, ByteView bytes) {
  link.feed(bytes);
  return code_of(link.next());
}

/// Two nodes of one campaign, and the channel between them when open() has run.
struct Pair {
  explicit Pair(std::uint64_t seed, bool known = true)
      : campaign(seed),
        east(campaign["east"].session_setup()),
        hub(campaign.hub().session_setup()),
        caller(Link::caller(east.link, known ? std::optional{campaign.hub().member} : std::nullopt)),
        answerer(Link::answerer(hub.link)) {}
  void open() {
    REQUIRE(caller.greet(kHello));
    answerer.feed(taken(caller));
    REQUIRE(answerer.next().value() == kHello);
    REQUIRE(answerer.greet(kWords));
    caller.feed(taken(answerer));
    REQUIRE(caller.next().value() == kWords);
    REQUIRE(caller.stage() == Link::Stage::open);
    REQUIRE(answerer.stage() == Link::Stage::open);
  }
  Bytes frame(const Bytes& plain = kWords) {
    REQUIRE(caller.send(plain));
    return taken(caller);
  }
  Campaign campaign;
  protocol::SessionSetup east;
  protocol::SessionSetup hub;
  Link caller;
  Link answerer;
};

Bytes framed(LinkFrame kind, ByteView body) {
  core::ByteWriter out;
  out.u16(static_cast<std::uint16_t>(1 + body.size())).u8(static_cast<std::uint8_t>(kind)).raw(body);
  return std::move(out).take();
}

}  // namespace

TEST_CASE("the two messages of the handshake have the sizes that the format says") {
  Pair pair{1};
  REQUIRE(pair.caller.greet(kHello));
  CHECK(pair.caller.pending().size() == kFrameHeader + 1 + protocol::kFirstMessageOverhead + kHello.size());
  pair.answerer.feed(taken(pair.caller));
  REQUIRE(pair.answerer.next());
  CHECK(pair.answerer.peer()->name == "east");
  REQUIRE(pair.answerer.greet(kHello));
  CHECK(pair.answerer.pending().size() == kFrameHeader + 1 + protocol::kSecondMessageOverhead + kHello.size());
}

TEST_CASE("a frame of the open channel is 18 bytes longer than what it carries, in both directions") {
  Pair pair{2};
  pair.open();
  const Bytes frame = pair.frame();
  CHECK(frame.size() == kWords.size() + kFrameHeader + core::kTagSize);
  pair.answerer.feed(frame);
  CHECK(pair.answerer.next().value() == kWords);
  CHECK_FALSE(pair.answerer.next().value().has_value());
  REQUIRE(pair.answerer.send(kHello));
  pair.caller.feed(taken(pair.answerer));
  CHECK(pair.caller.next().value() == kHello);
}

TEST_CASE("frames arrive whatever pieces the stream comes in") {
  for (const std::size_t step : {1U, 3U, 1000U}) {
    Pair pair{3};
    pair.open();
    Bytes stream = pair.frame();
    core::append(stream, pair.frame(kHello));
    core::append(stream, pair.frame(Bytes(protocol::kFramePlainMax, 5)));
    std::vector<std::size_t> sizes;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      pair.answerer.feed(ByteView{stream}.subspan(at, std::min(step, stream.size() - at)));
      for (auto payload = pair.answerer.next(); payload.value(); payload = pair.answerer.next())
        sizes.push_back((*payload)->size());
    }
    CHECK(sizes == std::vector<std::size_t>{kWords.size(), kHello.size(), protocol::kFramePlainMax});
  }
}

TEST_CASE("a frame that is changed at any byte, cut short, repeated or out of its order does not open") {
  Pair pair{4};
  pair.open();
  const Bytes first = pair.frame();
  const Bytes second = pair.frame(kHello);
  SECTION("changed") {
    for (std::size_t at = kFrameHeader; at < first.size(); ++at) {
      Pair other{4};
      other.open();
      Bytes changed = other.frame();
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ 1U);
      CHECK(fed(other.answerer, changed) == Code::kSealBroken);
      CHECK(other.answerer.stage() == Link::Stage::broken);
    }
  }
  SECTION("cut short") {
    Bytes cut(first.begin(), first.end() - 1);
    cut[0] = static_cast<std::uint8_t>(cut[0] - 1);
    CHECK(fed(pair.answerer, cut) == Code::kSealBroken);
  }
  SECTION("repeated") {
    pair.answerer.feed(first);
    REQUIRE(pair.answerer.next());
    CHECK(fed(pair.answerer, first) == Code::kSealBroken);
  }
  SECTION("out of order") { CHECK(fed(pair.answerer, second) == Code::kSealBroken); }
  SECTION("sent back to where it came from") { CHECK(fed(pair.caller, first) == Code::kSealBroken); }
  SECTION("of another channel between the same two") {
    Pair again{4};
    again.campaign["east"].rng.u64();
    again.open();
    CHECK(fed(again.answerer, first) == Code::kSealBroken);
  }
}

TEST_CASE("lengths beyond the limits, and empty frames, break the link before their bytes have come") {
  Pair pair{5};
  SECTION("while greeting") {
    CHECK(fed(pair.answerer, Bytes{0xFF, 0xFF}) == Code::kLimitExceeded);
    CHECK(pair.answerer.pending().size() > 0);  // the caller is told why
  }
  SECTION("while greeting, nothing") { CHECK(fed(pair.answerer, Bytes{0, 0}) == Code::kMalformed); }
  SECTION("open") {
    pair.open();
    const std::size_t size = protocol::kFramePlainMax + core::kTagSize + 1;
    CHECK(fed(pair.answerer, Bytes{static_cast<std::uint8_t>(size), static_cast<std::uint8_t>(size >> 8)}) ==
          Code::kLimitExceeded);
  }
  SECTION("open, shorter than a tag") {
    pair.open();
    CHECK(fed(pair.answerer, Bytes{1, 0, 7}) == Code::kSealBroken);
  }
}

TEST_CASE("frames of the greeting out of their place break the link") {
  Pair pair{6};
  for (const LinkFrame kind : {LinkFrame::i_am, LinkFrame::second, LinkFrame::describe, static_cast<LinkFrame>(99)}) {
    Link answerer = Link::answerer(pair.hub.link);
    CHECK(fed(answerer, framed(kind, kWords)) == Code::kMalformed);
  }
  REQUIRE(pair.caller.greet(kHello));
  SECTION("a first message to a caller") { CHECK(fed(pair.caller, framed(LinkFrame::first, kWords)) == Code::kMalformed); }
  SECTION("an answer to a question that was not asked") {
    CHECK(fed(pair.caller, framed(LinkFrame::i_am, kWords)) == Code::kMalformed);
  }
  SECTION("asked for the certificate twice") {
    pair.caller.feed(framed(LinkFrame::describe, {}));
    REQUIRE(pair.caller.next());
    CHECK(pair.caller.must_describe());
    REQUIRE(pair.caller.greet(kHello));
    CHECK(fed(pair.caller, framed(LinkFrame::describe, {})) == Code::kMalformed);
  }
}

TEST_CASE("only who has the group's key can ask who a node is, and only once") {
  Pair pair{7, false};
  const Bytes question = taken(pair.caller);
  SECTION("each changed byte is refused") {
    for (std::size_t at = kFrameHeader + 1; at < question.size(); ++at) {
      Link answerer = Link::answerer(pair.hub.link);
      Bytes changed = question;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ 1U);
      const Code code = fed(answerer, changed);
      CHECK((code == Code::kHandshake || code == Code::kOtherCampaign || code == Code::kVersionUnknown));
    }
  }
  SECTION("asked twice") {
    pair.answerer.feed(question);
    REQUIRE(pair.answerer.next());
    CHECK(fed(pair.answerer, question) == Code::kMalformed);
  }
  SECTION("the answer is for the asker alone") {
    pair.answerer.feed(question);
    REQUIRE(pair.answerer.next());
    const Bytes answer = taken(pair.answerer);
    Link other = Link::caller(pair.east.link, std::nullopt);
    CHECK(fed(other, answer) == Code::kHandshake);
    pair.caller.feed(answer);
    REQUIRE(pair.caller.next());
    CHECK(pair.caller.peer()->name == "hub");
    CHECK(pair.caller.stage() == Link::Stage::greeting);
    CHECK(pair.caller.must_describe());
  }
}

TEST_CASE("an alert is understood only as far as it names a code of ours, and shows nothing that a stranger wrote") {
  struct Case {
    std::string_view id;
    Code code;
  };
  for (const Case& each :
       {Case{"E-HANDSHAKE", Code::kHandshake}, Case{"E-CAMPAIGN", Code::kOtherCampaign}, Case{"E-REVOKED", Code::kRefusedByPeer},
        Case{"E-DISK-FULL", Code::kRefusedByPeer}, Case{"<script>", Code::kRefusedByPeer}, Case{"", Code::kRefusedByPeer}}) {
    Pair pair{8};
    REQUIRE(pair.caller.greet(kHello));
    pair.caller.feed(framed(LinkFrame::alert, core::as_bytes(each.id)));
    const auto result = pair.caller.next();
    INFO(each.id);
    CHECK(code_of(result) == each.code);
    CHECK(result.error().detail.find("script") == std::string::npos);
    CHECK(pair.caller.stage() == Link::Stage::broken);
  }
  Pair pair{9};
  REQUIRE(pair.caller.greet(kHello));
  CHECK(fed(pair.caller, framed(LinkFrame::alert, Bytes(41, 'E'))) == Code::kMalformed);
}

TEST_CASE("a hello up to the limit goes through, and the handshake refuses to write a longer message than Noise allows") {
  Pair pair{10};
  const Bytes largest(protocol::kHelloMax, 1);
  REQUIRE(pair.caller.greet(largest));
  pair.answerer.feed(taken(pair.caller));
  CHECK(pair.answerer.next().value() == largest);
  Pair other{10};
  CHECK_FALSE(other.caller.greet(Bytes(protocol::kNoiseMessageMax, 1)));
}

TEST_CASE("the channel goes on beyond the frame at which its keys are replaced") {
  Pair pair{11};
  pair.open();
  Bytes before;
  for (std::uint64_t i = 0; i < protocol::kRekeyFrames + 3; ++i) {
    REQUIRE(pair.caller.send(Bytes{1}));
    pair.answerer.feed(taken(pair.caller));
    const auto payload = pair.answerer.next();
    if (!payload || !*payload) FAIL("frame " << i);
  }
  REQUIRE(pair.answerer.send(kWords));  // the other direction counts for itself
  pair.caller.feed(taken(pair.answerer));
  CHECK(pair.caller.next().value() == kWords);
}
