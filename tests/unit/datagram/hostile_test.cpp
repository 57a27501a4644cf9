// Peers and strangers that do not play by the rules.
#include <catch2/catch.hpp>

#include "tests/unit/datagram/pair.h"

using namespace satchel;
using protocol::DatagramStream;
using protocol::Packet;
using protocol::PacketKind;
using tests::LineShape;
using tests::Pair;

namespace {

const protocol::ConnectionId kId{0xA1};

DatagramStream answerer(tests::SeededRng& rng) { return DatagramStream::answerer(kId, tests::place(7, 1), rng, {0}); }

Packet data(std::uint16_t number, std::uint64_t offset, core::ByteView bytes, bool fin = false) {
  Packet packet;
  packet.id = kId;
  packet.number = number;
  packet.has_data = true;
  packet.offset = static_cast<std::uint32_t>(offset & 0xFFFFFFU);
  packet.data = bytes;
  packet.fin = fin;
  return packet;
}

}  // namespace

TEST_CASE("a gate keeps nothing for a stranger and sends no more than it got") {
  const core::Bytes key(32, 9);
  const protocol::Gate gate{core::SecretBytes{core::ByteView{key}}};
  Packet open;
  open.kind = PacketKind::open;
  open.id = kId;
  open.asks = true;
  const core::Bytes asked = encode(open);
  const auto verdict = gate.judge(open, tests::place(7, 1), true);
  CHECK_FALSE(verdict.admit);
  REQUIRE(verdict.answer);
  CHECK(verdict.answer->size() <= asked.size());
  const auto pass = protocol::decode_packet(*verdict.answer);
  REQUIRE(pass);
  open.pass = pass->pass;
  CHECK(gate.judge(open, tests::place(7, 2), true).admit);        // another port of the same place
  CHECK_FALSE(gate.judge(open, tests::place(8, 1), true).admit);  // another place
  const auto full = gate.judge(open, tests::place(7, 1), false);
  CHECK_FALSE(full.admit);
  REQUIRE(full.answer);
  CHECK(protocol::decode_packet(*full.answer)->kind == PacketKind::gone);
  Packet carry;
  carry.id = kId;
  carry.asks = true;
  const auto unknown = gate.judge(carry, tests::place(7, 1), true);
  REQUIRE(unknown.answer);
  CHECK(unknown.answer->size() < encode(carry).size());
  for (const PacketKind kind : {PacketKind::gone, PacketKind::challenge, PacketKind::response}) {
    Packet other;
    other.kind = kind;
    other.id = kId;
    CHECK_FALSE(gate.judge(other, tests::place(7, 1), true).answer);
  }
}

TEST_CASE("what lies beyond the window or in too many pieces is not kept") {
  tests::SeededRng rng{1};
  DatagramStream stream = answerer(rng);
  const core::Bytes one(1, 1);
  std::uint16_t number = 0;
  stream.receive(data(number++, protocol::kStreamWindow, one), tests::place(7, 1), {0});
  for (std::uint64_t at = 1; at < 20'001; at += 2) stream.receive(data(number++, at, one), tests::place(7, 1), {0});
  CHECK(stream.arrived().empty());
  // The gap closed, what was kept comes up: kPiecesMost pieces and what lies between them, and no more.
  core::Bytes rest(500, 1);
  for (std::uint64_t at = 0; at < 20'000; at += 500) stream.receive(data(number++, at, rest), tests::place(7, 1), {0});
  CHECK(stream.arrived().size() >= 20'000);
  CHECK(stream.arrived().size() <= 20'001);
  CHECK(stream.stage() == DatagramStream::Stage::open);
}

TEST_CASE("a stream with two ends is broken") {
  const core::Bytes bytes(10, 1);
  tests::SeededRng rng{1};
  SECTION("another end") {
    DatagramStream stream = answerer(rng);
    stream.receive(data(0, 20, bytes, true), tests::place(7, 1), {0});
    stream.receive(data(1, 10, bytes, true), tests::place(7, 1), {0});
    REQUIRE(stream.failure());
    CHECK(stream.failure()->code == core::Code::kMalformed);
  }
  SECTION("bytes beyond the end") {
    DatagramStream stream = answerer(rng);
    stream.receive(data(0, 0, bytes, true), tests::place(7, 1), {0});
    stream.receive(data(1, 5, bytes), tests::place(7, 1), {0});
    CHECK(stream.failure());
  }
  SECTION("an end below what came") {
    DatagramStream stream = answerer(rng);
    stream.receive(data(0, 50, bytes), tests::place(7, 1), {0});
    stream.receive(data(1, 0, bytes, true), tests::place(7, 1), {0});
    CHECK(stream.failure());
  }
}

TEST_CASE("acknowledgements that lie change nothing") {
  tests::SeededRng rng{1};
  DatagramStream stream = answerer(rng);
  stream.write(core::Bytes(500, 3));
  REQUIRE(stream.next_datagram({0}));
  Packet packet;
  packet.id = kId;
  packet.ack = protocol::Ack{};
  packet.ack->newest = 40;
  packet.ack->run = 41;
  packet.ack->whole = 500;
  stream.receive(packet, tests::place(7, 1), {1'000});
  CHECK_FALSE(stream.all_arrived());
  packet.number = 1;
  packet.ack->newest = 0;
  packet.ack->run = 1;
  packet.ack->whole = 700;  // more than was ever sent
  stream.receive(packet, tests::place(7, 1), {2'000});
  CHECK(stream.stage() == DatagramStream::Stage::open);
  packet.number = 2;
  packet.ack->whole = 500;
  stream.receive(packet, tests::place(7, 1), {3'000});
  CHECK(stream.all_arrived());
}

TEST_CASE("packets of our own that somebody sends back are dropped") {
  tests::SeededRng rng{1};
  DatagramStream stream = answerer(rng);
  Packet packet = data(0, 0, core::as_bytes("x"));
  packet.by_answerer = true;
  stream.receive(packet, tests::place(7, 1), {0});
  CHECK(stream.arrived().empty());
}

TEST_CASE("an answerer that wants pass after pass is followed a few times only") {
  auto stream = DatagramStream::caller(kId, tests::place(1, 1), std::nullopt, std::nullopt, {0});
  stream.write(core::Bytes(100, 1));
  int sent = 0;
  core::MonoUs now{0};
  for (std::uint8_t i = 1; i < 40; ++i) {
    while (stream.next_datagram(now)) ++sent;
    Packet packet;
    packet.kind = PacketKind::pass;
    packet.by_answerer = true;
    packet.id = kId;
    packet.pass.value[0] = i;
    stream.receive(packet, tests::place(1, 1), now);
    now = now + 1'000;
  }
  CHECK(sent <= 1 + protocol::kPassesMost);
}

TEST_CASE("a writer is never ahead of its line by more than its bounds") {
  auto stream = DatagramStream::caller(kId, tests::place(1, 1), protocol::Pass{}, std::nullopt, {0});
  std::size_t written = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::size_t n = stream.room();
    stream.write(core::Bytes(n, 1));
    written += n;
    while (stream.next_datagram({i * 1'000})) {
    }
  }
  CHECK(written < 16'000);  // nobody ever answered
}
