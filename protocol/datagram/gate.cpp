#include "protocol/datagram/gate.h"

#include "core/crypto/hash.h"

namespace satchel::protocol {

namespace {

constexpr std::size_t kAddressSize = 16;

}  // namespace

core::Bytes gone_packet(ConnectionId id, bool by_answerer) {
  Packet gone;
  gone.kind = PacketKind::gone;
  gone.by_answerer = by_answerer;
  gone.id = id;
  return encode(gone);
}

Pass Gate::pass_for(const NetworkPlace& place) const {
  const core::Hash proof = core::keyed_hash(key_.view(), "satchel datagram pass", place.view().first(kAddressSize));
  return *Pass::from(proof.view().first(Pass::kSize));
}

Gate::Verdict Gate::judge(const Packet& packet, const NetworkPlace& from, bool room) const {
  if (packet.by_answerer) return {};
  // Shorter than what it answers, and never an answer to an answer: two gates cannot keep each other busy.
  if (packet.kind == PacketKind::carry) return {false, gone_packet(packet.id, true)};
  if (packet.kind != PacketKind::open) return {};
  const Pass pass = pass_for(from);
  if (!core::constant_time_equal(pass.view(), packet.pass.view())) {
    Packet answer;
    answer.kind = PacketKind::pass;
    answer.by_answerer = true;
    answer.id = packet.id;
    answer.pass = pass;
    return {false, encode(answer)};
  }
  if (!room) return {false, gone_packet(packet.id, true)};
  return {true, std::nullopt};
}

}  // namespace satchel::protocol
