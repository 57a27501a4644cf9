#include "core/record/frontier.h"

#include <catch2/catch.hpp>

#include "core/record/log_groups.h"

namespace satchel::core {
namespace {

LogId log(std::uint32_t node, std::uint64_t incarnation, Audience audience, Lane lane) {
  return {{NodeNumber{node}, Incarnation{incarnation}}, audience, lane};
}
const LogId kFirst = log(1, 10, kToHub, Lane::control);

Code refusal(ByteView bytes) {
  const auto frontier = decode_frontier(bytes);
  REQUIRE_FALSE(frontier);
  return frontier.error().code;
}

TEST_CASE("a frontier never goes back") {
  Frontier frontier;
  CHECK(frontier.at(kFirst) == Seq{0});
  frontier.raise(kFirst, Seq{5});
  frontier.raise(kFirst, Seq{3});
  frontier.raise(kFirst, Seq{0});
  CHECK(frontier.at(kFirst) == Seq{5});
  CHECK(frontier.covers({kFirst, Seq{5}}));
  CHECK_FALSE(frontier.covers({kFirst, Seq{6}}));
}

TEST_CASE("a position of zero leaves no entry, so that equal knowledge is equal") {
  Frontier frontier;
  frontier.raise(kFirst, Seq{0});
  CHECK(frontier == Frontier{});
  CHECK(encode(frontier) == Bytes{0});
}

TEST_CASE("a frontier comes back from its bytes, for every kind of log") {
  Frontier frontier;
  for (const std::uint32_t node : {0U, 1U, 300U, 0xFFFFFFFFU}) {
    for (const std::uint64_t incarnation : {1ULL, ~0ULL}) {
      for (const Audience audience : {kToHub, Audience{1}, Audience{0xFFFFFFFE}, kEveryone}) {
        for (const Lane lane : kLanes) frontier.raise(log(node, incarnation, audience, lane), Seq{node + lane_index(lane) + 1});
      }
    }
  }
  frontier.raise(log(7, 7, kToHub, Lane::photo), Seq{~0ULL});
  const Bytes bytes = encode(frontier);
  const auto back = decode_frontier(bytes);
  REQUIRE(back);
  CHECK(*back == frontier);
  CHECK(encode(*back) == bytes);
}

TEST_CASE("a further site in a row costs its incarnation and a byte or two for each number") {
  Frontier frontier;
  std::size_t before = encode(frontier).size();
  for (std::uint32_t node = 1; node <= 60; ++node) {
    frontier.raise(log(node, node * 1000, kToHub, Lane::record), Seq{20});
    const std::size_t now = encode(frontier).size();
    CHECK(now - before == 1 + 8 + 1 + 1 + 1 + 1);  // node step, incarnation, audiences, audience, lanes, position
    before = now;
    frontier.raise(log(node, node * 1000, kToHub, Lane::photo), Seq{20});
    CHECK(encode(frontier).size() - before == 1);
    before = encode(frontier).size();
  }
}

TEST_CASE("a frontier that is cut or extended is refused at every byte") {
  Frontier frontier;
  frontier.raise(kFirst, Seq{1000});
  frontier.raise(log(1, 10, kEveryone, Lane::record), Seq{1});
  frontier.raise(log(9, 1, Audience{4}, Lane::original), Seq{1});
  const Bytes bytes = encode(frontier);
  for (std::size_t n = 0; n < bytes.size(); ++n) CHECK(refusal(ByteView{bytes}.first(n)) == Code::kMalformed);
  Bytes longer = bytes;
  longer.push_back(0);
  CHECK(refusal(longer) == Code::kMalformed);
}

/// One author with one audience, as bytes.
Bytes raw(std::uint64_t authors, std::uint64_t step, std::uint64_t groups, std::uint64_t code, std::uint8_t mask,
          std::vector<std::uint64_t> positions) {
  ByteWriter out;
  out.varint(authors).varint(step).u64(10).varint(groups).varint(code).u8(mask);
  for (const std::uint64_t position : positions) out.varint(position);
  return out.bytes();
}

TEST_CASE("what encode would not write is refused") {
  REQUIRE(decode_frontier(raw(1, 1, 1, 1, 1, {5})));
  CHECK(refusal(raw(1, 1, 1, 1, 0, {})) == Code::kMalformed);            // no lane
  CHECK(refusal(raw(1, 1, 1, 1, 16, {5})) == Code::kMalformed);          // a lane that does not exist
  CHECK(refusal(raw(1, 1, 1, 1, 16, {})) == Code::kMalformed);           // and nothing said of it
  CHECK(refusal(raw(1, 1, 1, 1, 17, {5})) == Code::kMalformed);          // beside one that does
  CHECK(refusal(raw(1, 1, 1, 1, 1, {0})) == Code::kMalformed);           // a position of zero
  CHECK(refusal(raw(1, 1, 0, 1, 1, {5})) == Code::kMalformed);           // an author without a log
  CHECK(refusal(raw(1, 1ULL << 32, 1, 1, 1, {5})) == Code::kMalformed);  // node beyond 32 bits
  CHECK(refusal(raw(1, 1, 1, 1ULL << 32, 1, {5})) == Code::kMalformed);  // audience beyond 32 bits
  CHECK(refusal(raw(~0ULL, 1, 1, 1, 1, {5})) == Code::kMalformed);       // more authors than bytes
  CHECK(refusal(raw(1, 1, ~0ULL, 1, 1, {5})) == Code::kMalformed);       // more audiences than bytes
}

TEST_CASE("authors and audiences out of order or twice are refused") {
  const auto two_authors = [](std::uint64_t step, std::uint64_t incarnation) {
    ByteWriter out;
    out.varint(2).varint(1).u64(10).varint(1).varint(1).u8(1).varint(5);
    out.varint(step).u64(incarnation).varint(1).varint(1).u8(1).varint(5);
    return out.bytes();
  };
  CHECK(decode_frontier(two_authors(0, 11)));
  CHECK(decode_frontier(two_authors(1, 9)));
  CHECK(refusal(two_authors(0, 10)) == Code::kMalformed);
  CHECK(refusal(two_authors(0, 9)) == Code::kMalformed);
  CHECK(refusal(two_authors(0xFFFFFFFF, 9)) == Code::kMalformed);
  const auto two_audiences = [](std::uint64_t a, std::uint64_t b) {
    ByteWriter out;
    out.varint(1).varint(1).u64(10).varint(2).varint(a).u8(1).varint(5).varint(b).u8(1).varint(5);
    return out.bytes();
  };
  CHECK(decode_frontier(two_audiences(1, 2)));
  CHECK(decode_frontier(two_audiences(1, 0)));  // everyone comes last
  CHECK(refusal(two_audiences(2, 1)) == Code::kMalformed);
  CHECK(refusal(two_audiences(1, 1)) == Code::kMalformed);
  CHECK(refusal(two_audiences(0, 1)) == Code::kMalformed);
}

TEST_CASE("more logs than a campaign has are refused before they fill the memory") {
  ByteWriter out;
  out.varint(1).varint(1).u64(10).varint(kFrontierEntriesMax);
  for (std::size_t i = 0; i < kFrontierEntriesMax / 4 + 1; ++i) out.varint(i + 1).u8(15).varint(1).varint(1).varint(1).varint(1);
  CHECK(refusal(out.bytes()) == Code::kLimitExceeded);
}

}  // namespace
}  // namespace satchel::core
