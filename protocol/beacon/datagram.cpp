#include "protocol/beacon/datagram.h"

#include <algorithm>

#include "core/crypto/hash.h"

namespace satchel::protocol {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Result;

namespace {

Bytes associated(core::CampaignId campaign) { return core::ByteWriter{}.u64(campaign.value).bytes(); }

}  // namespace

core::SecretBytes beacon_key(ByteView group_key) {
  core::Hash key = core::keyed_hash(group_key, "satchel beacon", {});
  core::SecretBytes out{key.view()};
  core::wipe(key.value);
  return out;
}

Bytes encode_beacon(const BeaconWord& word, ByteView key, core::CampaignId campaign, const core::Nonce24& nonce) {
  core::ByteWriter content;
  content.u8(static_cast<std::uint8_t>(word.kind)).u32(word.node.value).u16(word.port).raw(word.echo);
  Bytes out{nonce.begin(), nonce.end()};
  core::append(out, core::xchacha_seal(key, nonce, associated(campaign), content.bytes()));
  return out;
}

Result<OpenedBeacon> open_beacon(ByteView datagram, ByteView key, core::CampaignId campaign) {
  if (datagram.size() != kBeaconSize) return Error{Code::kMalformed, "length of a beacon"};
  OpenedBeacon out;
  std::ranges::copy(datagram.first(out.nonce.size()), out.nonce.begin());
  SATCHEL_TRY_ASSIGN(const Bytes content,
                     core::xchacha_open(key, out.nonce, associated(campaign), datagram.subspan(out.nonce.size())));
  core::ByteReader in{content};
  const std::uint8_t kind = in.u8();
  out.word.node.value = in.u32();
  out.word.port = in.u16();
  std::ranges::copy(in.raw(kBeaconEchoSize), out.word.echo.begin());
  if (!in.done()) return Error{Code::kMalformed, "content of a beacon"};
  if (kind != static_cast<std::uint8_t>(BeaconKind::call) && kind != static_cast<std::uint8_t>(BeaconKind::answer)) {
    return Error{Code::kVersionUnknown, "kind of beacon"};
  }
  out.word.kind = static_cast<BeaconKind>(kind);
  const bool echoes = out.word.echo != decltype(out.word.echo){};
  if (echoes != (out.word.kind == BeaconKind::answer)) return Error{Code::kMalformed, "echo of a beacon"};
  return out;
}

}  // namespace satchel::protocol
