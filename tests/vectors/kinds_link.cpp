#include "protocol/beacon/datagram.h"
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

}  // namespace

std::vector<Kind> link_kinds() { return {beacon_kind()}; }

}  // namespace satchel::tests
