// The bytes of packets.
#include <catch2/catch.hpp>

#include "protocol/datagram/packet.h"
#include "tests/support/seeded_rng.h"

using namespace satchel;
using protocol::Ack;
using protocol::Packet;
using protocol::PacketKind;

namespace {

bool same(const Packet& a, const Packet& b) {
  return a.kind == b.kind && a.by_answerer == b.by_answerer && a.id == b.id && a.pass == b.pass && a.token == b.token &&
         a.number == b.number && a.more == b.more && a.asks == b.asks && a.ack == b.ack && a.has_data == b.has_data &&
         a.fin == b.fin && a.offset == b.offset && core::same_bytes(a.data, b.data);
}

}  // namespace

TEST_CASE("packets come back as they were written") {
  tests::SeededRng rng{11};
  INFO("seed " << rng.seed());
  for (int i = 0; i < 2'000; ++i) {
    Packet packet;
    packet.kind = static_cast<PacketKind>(1 + rng.below(6));
    packet.by_answerer = packet.kind == PacketKind::pass || (packet.kind != PacketKind::open && rng.below(2) == 0);
    packet.id.value = rng.u64();
    core::Bytes bytes(rng.below(600));
    rng.fill(bytes);
    if (packet.kind == PacketKind::open || packet.kind == PacketKind::pass) rng.fill(packet.pass.value);
    if (packet.kind == PacketKind::challenge || packet.kind == PacketKind::response) packet.token = rng.u64();
    if (packet.numbered()) {
      packet.number = static_cast<std::uint16_t>(rng.u64());
      packet.more = rng.below(2) == 0;
      packet.has_data = rng.below(2) == 0;
      packet.fin = packet.has_data && (bytes.empty() || rng.below(2) == 0);
      packet.asks = !packet.has_data && rng.below(2) == 0;
      if (packet.has_data) packet.offset = static_cast<std::uint32_t>(rng.below(1U << 24U));
      if (packet.has_data) packet.data = bytes;
      if (rng.below(2) == 0) {
        packet.ack = Ack{};
        packet.ack->newest = static_cast<std::uint16_t>(rng.u64());
        packet.ack->waited = static_cast<std::uint16_t>(rng.u64());
        packet.ack->whole = static_cast<std::uint32_t>(rng.below(1U << 24U));
        for (std::uint64_t n = rng.below(protocol::kAckRunsMax + 1); n > 0; --n) {
          packet.ack->runs.push_back(
              {static_cast<std::uint16_t>(1 + rng.below(0x7FFF)), static_cast<std::uint16_t>(1 + rng.below(0x7FFF))});
        }
      }
    }
    const core::Bytes encoded = encode(packet);
    const auto decoded = protocol::decode_packet(encoded);
    REQUIRE(decoded);
    REQUIRE(same(*decoded, packet));
  }
}

TEST_CASE("low bits become the whole number that is nearest") {
  CHECK(protocol::expand(0x0001, 16, 0xFFFF) == 0x10001);
  CHECK(protocol::expand(0xFFFF, 16, 0x10001) == 0xFFFF);
  CHECK(protocol::expand(0xFFFF, 16, 3) == 0xFFFF);  // there is nothing below zero
  CHECK(protocol::expand(5, 16, 5) == 5);
  CHECK(protocol::expand(0x000010, 24, 0xFFFFF0) == 0x1000010);
}
