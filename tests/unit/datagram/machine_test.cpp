// The parts of the datagram stream, and its manners: opening, ending, changing address.
#include <catch2/catch.hpp>
#include <set>

#include "protocol/datagram/ranges.h"
#include "tests/unit/datagram/pair.h"

using namespace satchel;
using protocol::DatagramStream;
using protocol::Flight;
using protocol::Flying;
using protocol::Range;
using protocol::Ranges;
using tests::LineShape;
using tests::Pair;

namespace {

constexpr std::int64_t kSecond = 1'000'000;

std::uint64_t launch(Flight& flight, std::int64_t at) {
  Flying packet;
  packet.number = flight.next_number();
  packet.sent_at = {at};
  packet.wire = 100;
  flight.add(packet);
  return packet.number;
}

protocol::Ack ack_of(std::uint64_t newest, std::uint16_t run, std::vector<protocol::Ack::Run> runs = {}) {
  protocol::Ack ack;
  ack.newest = static_cast<std::uint16_t>(newest);
  ack.run = run;
  ack.runs = std::move(runs);
  return ack;
}

}  // namespace

TEST_CASE("ranges hold what a set of numbers holds") {
  tests::SeededRng rng{77};
  INFO("seed " << rng.seed());
  Ranges ranges;
  std::set<std::uint64_t> model;
  for (int i = 0; i < 3'000; ++i) {
    const std::uint64_t from = rng.below(200);
    const Range range{from, from + rng.below(20)};
    const bool adds = rng.below(2) == 0;
    adds ? ranges.add(range) : ranges.remove(range);
    for (std::uint64_t n = range.from; n < range.to; ++n) adds ? void(model.insert(n)) : void(model.erase(n));
    std::set<std::uint64_t> held;
    std::uint64_t end_before = 0;
    for (const auto& [start, end] : ranges.by_start()) {
      REQUIRE((start > end_before || (start == 0 && end_before == 0)));
      REQUIRE(end > start);
      for (std::uint64_t n = start; n < end; ++n) held.insert(n);
      end_before = end;
    }
    REQUIRE(held == model);
    const auto missing = ranges.first_missing(range);
    std::uint64_t first = range.from;
    while (first < range.to && model.contains(first)) ++first;
    REQUIRE(missing.has_value() == (first < range.to));
    if (missing) REQUIRE(missing->from == first);
  }
}

TEST_CASE("a packet is lost when three later ones have arrived, and not before") {
  Flight flight;
  for (int i = 0; i < 5; ++i) launch(flight, i);
  auto news = flight.acknowledged(ack_of(2, 2), 1'000'000, {10});
  REQUIRE(news);
  CHECK(news->arrived.size() == 2);
  CHECK(news->lost.empty());
  news = flight.acknowledged(ack_of(3, 3), 1'000'000, {10});
  REQUIRE(news);
  REQUIRE(news->lost.size() == 1);
  CHECK(news->lost[0].number == 0);
}

TEST_CASE("a packet behind a later arrival is lost when it is overdue; without any arrival it never is") {
  Flight flight;
  launch(flight, 0);
  launch(flight, 0);
  CHECK(flight.overdue(100, {1'000'000'000}).empty());
  REQUIRE(flight.acknowledged(ack_of(1, 1), 100, {50}));
  CHECK(flight.overdue_at(100) == core::MonoUs{100});
  CHECK(flight.overdue(100, {99}).empty());
  CHECK(flight.overdue(100, {100}).size() == 1);
  CHECK(flight.flying_bytes() == 0);
}

TEST_CASE("a packet that was only overtaken teaches patience") {
  Flight flight;
  for (int i = 0; i < 30; ++i) launch(flight, i);
  auto news = flight.acknowledged(ack_of(6, 6), 1'000'000, {10});
  REQUIRE(news->lost.size() == 1);
  news = flight.acknowledged(ack_of(6, 7), 1'000'000, {11});
  CHECK(news->arrived.size() == 1);
  news = flight.acknowledged(ack_of(12, 5), 1'000'000, {12});
  CHECK(news->lost.empty());
}

TEST_CASE("an acknowledgement of what was never sent is refused as a whole") {
  Flight flight;
  launch(flight, 0);
  launch(flight, 0);
  CHECK_FALSE(flight.acknowledged(ack_of(2, 1), 1'000, {5}));
  CHECK_FALSE(flight.acknowledged(ack_of(1, 3), 1'000, {5}));
  CHECK_FALSE(flight.acknowledged(ack_of(1, 1, {{1, 1}}), 1'000, {5}));
  CHECK(flight.flying_count() == 2);
}

TEST_CASE("with a pass the first bytes arrive after half a round trip, without one after one and a half") {
  const LineShape line{.bits_per_second = 10'000'000, .delay_us = 100'000};
  for (const bool with_pass : {true, false}) {
    Pair pair{line, line, 1, with_pass};
    pair.to_send_up = 500;
    const auto begun = pair.now;
    pair.run(pair.now + 5 * kSecond, [&pair] { return pair.received_up == 500; });
    CHECK((pair.now - begun) / 10'000 == (with_pass ? 10 : 30));
    CHECK(pair.caller->pass().has_value());
  }
}

TEST_CASE("both sides hear that the other has said all") {
  const LineShape line{.loss = 0.05};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Pair pair{line, line, seed};
    pair.to_send_up = 5'000;
    pair.to_send_down = 7'000;
    pair.finish_when_sent = true;
    pair.run(10 * kSecond);
    CAPTURE(seed);
    CHECK(pair.received_up == 5'000);
    CHECK(pair.received_down == 7'000);
    CHECK(pair.caller->peer_finished());
    CHECK(pair.answerer->peer_finished());
    CHECK(pair.caller->all_arrived());
  }
}

TEST_CASE("a stream that is abandoned ends at the other side too") {
  const LineShape line{};
  Pair pair{line, line, 2};
  pair.to_send_up = 1ULL << 40U;
  pair.run(2 * kSecond);
  pair.answerer->abandon();
  pair.run(2 * kSecond);
  CHECK(pair.answerer->stage() == DatagramStream::Stage::broken);
  REQUIRE(pair.caller->stage() == DatagramStream::Stage::broken);
  CHECK(pair.caller->failure()->code == core::Code::kLinkBroken);
}

TEST_CASE("a caller whose address changes keeps its stream") {
  const LineShape line{.bits_per_second = 1'000'000, .delay_us = 50'000};
  Pair pair{line, line, 3};
  pair.to_send_up = pair.to_send_down = 1ULL << 40U;
  pair.run(5 * kSecond);
  pair.here = tests::place(9, 51000);  // what is on its way to the old place is lost from here on
  const std::uint64_t before = pair.received_down;
  pair.run(5 * kSecond);
  CHECK(pair.received_down - before > 125'000 * 3);
  CHECK(pair.caller->stage() == DatagramStream::Stage::open);
}

TEST_CASE("who only repeats a packet from another place draws nothing there but challenges") {
  const LineShape line{};
  Pair pair{line, line, 4};
  pair.to_send_down = 1ULL << 40U;
  pair.to_send_up = 100;
  pair.run(2 * kSecond);
  const auto stranger = tests::place(66, 6666);
  protocol::Packet packet;
  packet.id = pair.id;
  packet.number = 1'000;  // newer than any
  packet.asks = true;
  pair.answerer->receive(packet, stranger, pair.now);
  int challenges = 0;
  for (int i = 0; i < 200; ++i) {
    pair.now = pair.now + 10'000;
    while (auto out = pair.answerer->next_datagram(pair.now)) {
      if (out->to != stranger) continue;
      ++challenges;
      CHECK(out->bytes.size() == 17);
    }
  }
  CHECK(challenges == 1);
  protocol::Packet wrong;
  wrong.kind = protocol::PacketKind::response;
  wrong.id = pair.id;
  wrong.token = 1;
  pair.answerer->receive(wrong, stranger, pair.now);
  while (auto out = pair.answerer->next_datagram(pair.now)) CHECK(out->to == pair.here);
}

TEST_CASE("how the owner cuts its bytes never changes the stream") {
  // The pair compares every byte with the pattern, whatever the pieces; here the pieces are odd.
  const LineShape line{.bits_per_second = 400'000, .delay_us = 30'000, .loss = 0.05};
  Pair pair{line, line, 5};
  tests::SeededRng rng{5};
  std::uint64_t written = 0;
  while (pair.received_up < 200'000 && pair.now < core::MonoUs{100 * kSecond}) {
    const auto n = std::min<std::uint64_t>({rng.below(97), 200'000 - written, pair.caller->room()});
    core::Bytes bytes(n);
    for (std::size_t i = 0; i < n; ++i) bytes[i] = Pair::pattern(written + i);
    if (n > 0) pair.caller->write(bytes);
    written += n;
    pair.to_send_up = pair.sent_up;
    pair.run(2'000);
  }
  CHECK(pair.received_up == 200'000);
}
