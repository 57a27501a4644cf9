#include <capnp/message.h>
#include <capnp/serialize-packed.h>
#include <protocol/schema/fact.capnp.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <limits>

#include "core/record/entry.h"
#include "protocol/body/body.h"
#include "tests/support/seeded_rng.h"
#include "tests/unit/body/facts.h"

/// Bodies as a hostile author may sign them: sound messages of our schema with contents that encode_fact() refuses to write.
namespace satchel::protocol {
namespace {

using core::Bytes;
using core::ByteView;
using core::Code;

Code refusal(ByteView body) {
  const auto fact = decode_fact(body);
  REQUIRE_FALSE(fact);
  return fact.error().code;
}

Bytes packed(capnp::MessageBuilder& message) {
  kj::VectorOutputStream out;
  capnp::writePackedMessage(out, message);
  return core::to_bytes({out.getArray().begin(), out.getArray().size()});
}

/// The bytes of a fact that `fill` made.
template <class Fill>
Bytes body(Fill fill) {
  capnp::MallocMessageBuilder message;
  fill(message.initRoot<schema::Fact>());
  return packed(message);
}

void hashes(schema::Capture::Builder capture, std::size_t size = 32) {
  const Bytes hash(size, 1);
  const capnp::Data::Reader data{hash.data(), hash.size()};
  capture.setOriginal(data);
  capture.setStandard(data);
  capture.setPreview(data);
}

TEST_CASE("a body that is cut is refused at every byte, and so is one with a byte more") {
  for (const core::Fact& fact : tests::all_facts()) {
    const auto whole = encode_fact(fact);
    REQUIRE(whole);
    for (std::size_t n = 0; n < whole->size(); ++n) {
      INFO("kind " << fact.index() << ", cut to " << n);
      CHECK(refusal(ByteView{*whole}.first(n)) == Code::kMalformed);
    }
    Bytes longer = *whole;
    longer.push_back(0);
    CHECK_FALSE(decode_fact(longer));
  }
}

TEST_CASE("no flipped byte and no random bytes do more than be refused or read as another fact") {
  tests::SeededRng rng{15};
  for (const core::Fact& fact : tests::all_facts()) {
    const Bytes whole = *encode_fact(fact);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      Bytes flipped = whole;
      flipped[i] = static_cast<std::uint8_t>(flipped[i] ^ (1U << rng.below(8)));
      const auto read = decode_fact(flipped);
      if (read) CHECK(encode_fact(*read));  // what can be read can be written
    }
  }
  for (int i = 0; i < 1000; ++i) {
    Bytes noise(rng.below(200));
    rng.fill(noise);
    const auto read = decode_fact(noise);
    if (read) CHECK(encode_fact(*read));
  }
}

TEST_CASE("a hash of another length than 32 bytes is refused") {
  for (const std::size_t size : {0U, 31U, 33U}) {
    CHECK(refusal(body([&](schema::Fact::Builder fact) { hashes(fact.initCapture(), size); })) == Code::kMalformed);
  }
  CHECK(decode_fact(body([](schema::Fact::Builder fact) { hashes(fact.initCapture()); })));
  CHECK(refusal(body([](schema::Fact::Builder fact) { fact.initSubmission(); })) == Code::kMalformed);
}

TEST_CASE("a grade or a lane that does not exist is refused") {
  CHECK(refusal(body([](schema::Fact::Builder fact) {
          auto capture = fact.initCapture();
          hashes(capture);
          capture.setGrade(static_cast<schema::Grade>(3));
        })) == Code::kMalformed);
  CHECK(refusal(body([](schema::Fact::Builder fact) { fact.initRevocation().initPositions(1)[0].setLane(4); })) ==
        Code::kMalformed);
}

TEST_CASE("numbers that are not finite and students beyond 50 bits are refused when read") {
  CHECK(refusal(body([](schema::Fact::Builder fact) {
          auto capture = fact.initCapture();
          hashes(capture);
          capture.setScore(std::numeric_limits<double>::quiet_NaN());
        })) == Code::kMalformed);
  CHECK(refusal(body([](schema::Fact::Builder fact) { fact.initRoster().setStudent(1ULL << 50); })) == Code::kMalformed);
}

TEST_CASE("texts and lists over their limits are refused when read") {
  CHECK(refusal(body([](schema::Fact::Builder fact) {
          fact.initRoster().setRemark(std::string(kFactTextMax + 1, 'x').c_str());
        })) == Code::kLimitExceeded);
  CHECK(refusal(body([](schema::Fact::Builder fact) { fact.initRoster().setName("\xFF"); })) == Code::kMalformed);
  CHECK(refusal(body([](schema::Fact::Builder fact) {
          auto capture = fact.initCapture();
          hashes(capture);
          capture.initFindings(kFactFindingsMax + 1);
        })) == Code::kLimitExceeded);
  CHECK(refusal(body([](schema::Fact::Builder fact) { fact.initRevocation().initPositions(kFactPositionsMax + 1); })) ==
        Code::kLimitExceeded);
}

TEST_CASE("a body longer than a record may be is refused without being read") {
  CHECK(refusal(Bytes(core::kRecordBodyMax + 1, 0)) == Code::kLimitExceeded);
}

TEST_CASE("a few bytes that unpack to megabytes are refused") {
  // One segment of 2^20 words (eight MiB), then runs of 255 zero words in two bytes each.
  Bytes bomb{0x40, 0x10};
  for (std::size_t i = 0; i < 4200; ++i) core::append(bomb, Bytes{0x00, 0xFF});
  CHECK(refusal(bomb) == Code::kMalformed);
}

/// A revocation with `count` positions that take no bytes at all.
Bytes empty_positions(std::uint64_t count) {
  capnp::MallocMessageBuilder message;
  message.initRoot<schema::Fact>().initRevocation().setNode(1);
  const auto written = message.getSegmentsForOutput();
  REQUIRE(written.size() == 1);
  // The last two words are the pointers to the positions and to the reason: let the first be a composite list behind both, whose
  // tag names that many elements of zero words.
  auto words = kj::heapArray<capnp::word>(written[0].size() + 1);
  kj::ArrayPtr<kj::byte> bytes = words.asBytes();
  std::memcpy(bytes.begin(), written[0].asBytes().begin(), written[0].asBytes().size());
  const std::uint64_t list = 1ULL | (1ULL << 2) | (7ULL << 32);
  const std::uint64_t tag = count << 2;
  std::memcpy(bytes.end() - 24, &list, sizeof list);
  std::memcpy(bytes.end() - 8, &tag, sizeof tag);
  const kj::ArrayPtr<const capnp::word> segment = words;
  kj::VectorOutputStream out;
  capnp::writePackedMessage(out, kj::arrayPtr(&segment, 1));
  return core::to_bytes({out.getArray().begin(), out.getArray().size()});
}

TEST_CASE("a list that is long and takes no bytes is refused") {
  const auto few = decode_fact(empty_positions(3));
  REQUIRE(few);
  CHECK(std::get<core::RevocationFact>(*few).revocation.positions.size() == 3);
  CHECK(refusal(empty_positions(kFactPositionsMax + 1)) == Code::kLimitExceeded);
  CHECK(refusal(empty_positions((1ULL << 29) - 1)) == Code::kMalformed);
}

TEST_CASE("a kind of fact that this build does not know is named as such") {
  Bytes bytes = body([](schema::Fact::Builder fact) { fact.initMember(); });
  const auto known = decode_fact(bytes);
  REQUIRE(known);
  // The union's number is the low byte of the first data word; packed, it is the only byte of that word.
  bool found = false;
  for (std::uint8_t& byte : bytes) {
    if (byte != 5) continue;
    const std::uint8_t before = std::exchange(byte, std::uint8_t{200});
    const auto read = decode_fact(bytes);
    found = found || (!read && read.error().code == Code::kVersionUnknown);
    byte = before;
  }
  CHECK(found);
}

}  // namespace
}  // namespace satchel::protocol
