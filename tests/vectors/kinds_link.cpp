#include "protocol/beacon/datagram.h"
#include "protocol/datagram/packet.h"
#include "tests/vectors/kinds.h"

/// Beacon.
namespace satchel::tests {
namespace {

using core::Bytes;
using core::ByteView;

core::CampaignId campaign(const Fields& in) { return core::decode_founding(in.hex("founding"))->id(); }

core::Nonce24 nonce(const Fields& in) {
  core::Nonce24 out{};
  const Bytes bytes = in.hex("nonce");
  SATCHEL_CHECK(bytes.size() == out.size());
  std::ranges::copy(bytes, out.begin());
  return out;
}

protocol::BeaconWord word(const Fields& in) {
  protocol::BeaconWord out{protocol::BeaconKind::answer,
                           {static_cast<std::uint32_t>(in.number("node"))},
                           static_cast<std::uint16_t>(in.number("port")),
                           {}};
  std::ranges::copy(in.hex("echo"), out.echo.begin());
  return out;
}

/// Rightly sealed, with whatever inside.
Bytes sealed(const Fields& in, ByteView content, std::uint64_t whose) {
  const core::SecretBytes key = protocol::beacon_key(in.hex("group_key"));
  const core::Nonce24 used = nonce(in);
  Bytes out{used.begin(), used.end()};
  core::append(out, core::xchacha_seal(key.view(), used, core::ByteWriter{}.u64(whose).bytes(), content));
  return out;
}

Bytes content(std::uint8_t kind, const Bytes& echo) { return core::ByteWriter{}.u8(kind).u32(1).u16(7420).raw(echo).bytes(); }

Kind beacon_kind() {
  return {"beacon",
          "Beacon",
          "an answer; echo is the beginning of the nonce of the call that it answers",
          [](Cast& cast, Fields& out) {
            out.add("founding", core::encode(cast.founding()));
            out.add("group_key", cast.group_key);
            out.add("node", 1);
            out.add("port", 7420);
            out.add("echo", cast.bytes(protocol::kBeaconEchoSize));
            out.add("nonce", cast.bytes(24));
          },
          [](const Fields& in) {
            const core::SecretBytes key = protocol::beacon_key(in.hex("group_key"));
            return protocol::encode_beacon(word(in), key.view(), campaign(in), nonce(in));
          },
          [](const Fields& in, ByteView bytes) {
            const core::SecretBytes key = protocol::beacon_key(in.hex("group_key"));
            return only(protocol::open_beacon(bytes, key.view(), campaign(in)));
          },
          [](const Fields& in, const Bytes&) -> Cases {
            const std::uint64_t ours = campaign(in).value;
            const Bytes echo = in.hex("echo");
            const Bytes none(protocol::kBeaconEchoSize);
            return {{"nothing", {}},
                    {"of another campaign, under the same group key", sealed(in, content(2, echo), ours ^ 1)},
                    {"kind 3, rightly sealed", sealed(in, content(3, echo), ours)},
                    {"an answer to nothing, rightly sealed", sealed(in, content(2, none), ours)},
                    {"a call with an echo, rightly sealed", sealed(in, content(1, echo), ours)}};
          },
          "beacon"};
}

protocol::Packet packet(const Fields& in) {
  protocol::Packet out;
  out.by_answerer = true;
  out.id.value = in.number("connection");
  out.number = static_cast<std::uint16_t>(in.number("number"));
  out.more = true;
  const auto& ack = numbers(in.text("ack"));
  out.ack = protocol::Ack{static_cast<std::uint16_t>(ack.at(0)),
                          static_cast<std::uint16_t>(ack.at(1)),
                          static_cast<std::uint32_t>(ack.at(2)),
                          static_cast<std::uint16_t>(ack.at(3)),
                          {}};
  for (std::size_t i = 4; i + 1 < ack.size(); i += 2) {
    out.ack->runs.push_back({static_cast<std::uint16_t>(ack[i]), static_cast<std::uint16_t>(ack[i + 1])});
  }
  out.has_data = true;
  out.fin = true;
  out.offset = static_cast<std::uint32_t>(in.number("offset"));
  return out;
}

/// What is refused of the other kinds of packet.
Cases packet_refusals(const Bytes& bytes) {
  const auto head = [](std::uint8_t first) { return core::ByteWriter{}.u8(first).u64(7); };
  Bytes many = head(0x13).u16(1).u16(9).u8(0).u8(0).u16(0).u8(1).u8(13).bytes();
  for (int i = 0; i < 26; ++i) many.push_back(1);
  return {{"kind 0", with(bytes, 0, 0xE8)},
          {"kind 7", with(bytes, 0, 0xEF)},
          {"longer than any datagram",
           [&] {
             Bytes out = bytes;
             out.resize(protocol::kDatagramMax + 1);
             return out;
           }()},
          {"data that is empty and no end", head(0x23).u16(1).u8(0).u16(0).bytes()},
          {"opened by an answerer", head(0x09).u8(1).raw(Bytes(16)).u16(0).bytes()},
          {"opened with another version", head(0x01).u8(2).raw(Bytes(16)).u16(0).bytes()},
          {"a pass from a caller", head(0x02).raw(Bytes(16)).bytes()},
          {"a challenge with a flag", head(0x15).u64(1).bytes()},
          {"gone and a byte more", head(0x04).u8(0).bytes()},
          {"an acknowledgement with a run of nothing", head(0x13).u16(1).u16(9).u8(0).u8(0).u16(0).u8(0).u8(0).bytes()},
          {"an acknowledgement of thirteen runs", many}};
}

Kind datagram_kind() {
  return {"datagram",
          "Datagram carrier",
          "ack is newest, waited, whole, run, then missing and run of each run below; data to the end, which is the stream's",
          [](Cast& cast, Fields& out) {
            out.add("connection", 1234605616436508552ULL);
            out.add("number", 258);
            out.add("ack", "772 8 658188 5 1 2 200 300");
            out.add("offset", 66051);
            out.add("data", cast.bytes(7));
          },
          [](const Fields& in) {
            const Bytes data = in.hex("data");
            protocol::Packet out = packet(in);
            out.data = data;
            return encode(out);
          },
          [](const Fields&, ByteView bytes) { return only(protocol::decode_packet(bytes)); },
          [](const Fields&, const Bytes& bytes) { return packet_refusals(bytes); },
          "datagram"};
}

}  // namespace

std::vector<Kind> link_kinds() { return {beacon_kind(), datagram_kind()}; }

}  // namespace satchel::tests
