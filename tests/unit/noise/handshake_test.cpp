#include <catch2/catch.hpp>
#include <memory>

#include "protocol/noise/handshake.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

using namespace satchel;
using core::Bytes;
using core::Code;
using protocol::Handshake;

namespace {

/// Two nodes about to shake hands; what they believe can be set apart.
struct Pair {
  explicit Pair(std::uint64_t seed) : rng(seed), caller(core::make_box_keys(rng)), callee(core::make_box_keys(rng)) {
    psk_caller.resize(32);
    rng.fill(psk_caller);
    psk_callee = psk_caller;
  }
  void build() {
    initiator = std::make_unique<Handshake>(
        Handshake::Setup{Handshake::Side::initiator, prologue_caller, &caller, expected.value_or(callee.public_key), psk_caller},
        rng);
    responder = std::make_unique<Handshake>(
        Handshake::Setup{Handshake::Side::responder, prologue_callee, &callee, std::nullopt, psk_callee}, rng);
  }
  tests::SeededRng rng;
  core::BoxKeys caller;
  core::BoxKeys callee;
  std::optional<core::BoxPublic> expected;
  Bytes psk_caller;
  Bytes psk_callee;
  Bytes prologue_caller{1, 2, 3};
  Bytes prologue_callee{1, 2, 3};
  std::unique_ptr<Handshake> initiator;
  std::unique_ptr<Handshake> responder;
};

const Bytes kWords{'h', 'e', 'l', 'l', 'o'};

}  // namespace

TEST_CASE("both sides of a handshake name the channel alike and learn each other's keys") {
  Pair pair{1};
  pair.build();
  const auto first = pair.initiator->write(kWords);
  REQUIRE(first);
  CHECK(first->size() == kWords.size() + protocol::kFirstMessageOverhead);
  REQUIRE(pair.responder->read(*first));
  const auto second = pair.responder->write({});
  REQUIRE(second);
  CHECK(second->size() == protocol::kSecondMessageOverhead);
  REQUIRE(pair.initiator->read(*second));
  CHECK(pair.initiator->hash() == pair.responder->hash());
  CHECK(pair.responder->remote_static() == pair.caller.public_key);
}

TEST_CASE("a handshake fails when prologue, expected key or shared key differ") {
  Pair pair{2};
  SECTION("prologue") { pair.prologue_callee.push_back(4); }
  SECTION("the expected key") { pair.expected = pair.caller.public_key; }
  pair.build();
  const auto first = pair.initiator->write(kWords);
  REQUIRE(first);
  const auto read = pair.responder->read(*first);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Code::kHandshake);
}

TEST_CASE("a shared key that differs shows in the second message") {
  Pair pair{3};
  pair.psk_callee[0] = static_cast<std::uint8_t>(pair.psk_callee[0] ^ 1U);
  pair.build();
  const auto first = pair.initiator->write(kWords);
  REQUIRE(first);
  REQUIRE(pair.responder->read(*first));
  const auto second = pair.responder->write(kWords);
  REQUIRE(second);
  const auto read = pair.initiator->read(*second);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Code::kHandshake);
}

TEST_CASE("any changed byte of either handshake message is refused") {
  for (const bool in_first : {true, false}) {
    Pair measure{4};
    measure.build();
    Bytes message = *measure.initiator->write(kWords);
    if (!in_first) {
      REQUIRE(measure.responder->read(message));
      message = *measure.responder->write(kWords);
    }
    for (std::size_t at = 0; at < message.size(); ++at) {
      Pair pair{4};
      pair.build();
      Bytes first = *pair.initiator->write(kWords);
      if (in_first) {
        first[at] = static_cast<std::uint8_t>(first[at] ^ 0x40U);
        CHECK_FALSE(pair.responder->read(first));
        continue;
      }
      REQUIRE(pair.responder->read(first));
      Bytes second = *pair.responder->write(kWords);
      second[at] = static_cast<std::uint8_t>(second[at] ^ 0x40U);
      CHECK_FALSE(pair.initiator->read(second));
    }
  }
}

TEST_CASE("a handshake message of any shorter length is refused") {
  Pair measure{5};
  measure.build();
  const Bytes whole = *measure.initiator->write(kWords);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Pair pair{5};
    pair.build();
    const auto read = pair.responder->read(core::ByteView{whole}.first(size));
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Code::kHandshake);
  }
}

TEST_CASE("an ephemeral key of low order is refused") {
  Pair pair{6};
  pair.build();
  Bytes first = *pair.initiator->write(kWords);
  std::fill(first.begin(), first.begin() + 32, std::uint8_t{0});
  const auto read = pair.responder->read(first);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Code::kHandshake);
}

TEST_CASE("after a rekey on both sides the channel goes on, on one side it does not") {
  tests::SeededRng rng{7};
  Bytes key(32);
  rng.fill(key);
  protocol::CipherState out{core::SecretBytes{key}};
  protocol::CipherState in{core::SecretBytes{key}};
  REQUIRE(in.open({}, *out.seal({}, kWords)));
  out.rekey();
  const Bytes sealed = *out.seal({}, kWords);
  CHECK_FALSE(in.open({}, sealed));
  in.rekey();
  CHECK(in.open({}, sealed));
  CHECK(in.counter() == 2);
}

TEST_CASE("a frame that is repeated or left out does not open") {
  tests::SeededRng rng{8};
  Bytes key(32);
  rng.fill(key);
  protocol::CipherState out{core::SecretBytes{key}};
  protocol::CipherState in{core::SecretBytes{key}};
  const Bytes first = *out.seal({}, kWords);
  const Bytes second = *out.seal({}, kWords);
  const Bytes third = *out.seal({}, kWords);
  REQUIRE(in.open({}, first));
  CHECK_FALSE(in.open({}, first));
  CHECK_FALSE(in.open({}, third));
  CHECK(in.open({}, second));
}
