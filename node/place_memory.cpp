#include "node/place_memory.h"

#include "core/crypto/hash.h"
#include "core/store/keys.h"
#include "node/exchange.h"

namespace satchel::node {
namespace {

constexpr std::uint8_t kHasNode = 1;
constexpr std::uint8_t kHasPass = 2;
constexpr std::uint8_t kHasLine = 4;
/// What a line can be, so that a damaged row cannot make us send without bounds.
constexpr std::uint64_t kRateMost = 1'000'000'000;
constexpr std::uint64_t kRoundTripUsMost = 60'000'000;

core::Bytes place_key(const Address& address) {
  const core::Hash hash = core::hash("satchel peer address", core::as_bytes(address.text()));
  return core::keys::named(core::keys::kMeta, "peer/" + hash.hex().substr(0, 32));
}

}  // namespace

PlaceMemory load_place(const core::Store& store, const Address& address) {
  const auto row = store.get(place_key(address));
  if (!row || !*row) return {};
  core::ByteReader in{**row};
  PlaceMemory out;
  const std::uint8_t what = in.u8();
  const std::uint8_t worked = in.u8();
  out.known.tcp_meetings = in.u8();
  if (worked == 1 || worked == 2) out.known.worked = static_cast<Carrier>(worked);
  if ((what & kHasNode) != 0) out.node = core::NodeNumber{in.u32()};
  if ((what & kHasPass) != 0) out.pass = in.fixed<protocol::Pass>();
  if ((what & kHasLine) != 0) {
    const std::uint64_t rate = in.u64();
    const std::uint64_t round_trip_us = in.u64();
    if (rate > 0 && rate <= kRateMost && round_trip_us > 0 && round_trip_us <= kRoundTripUsMost) {
      out.line = protocol::LineModel::Memory{rate, static_cast<std::int64_t>(round_trip_us)};
      out.known.round_trip_us = out.line->round_trip_us;
    }
  }
  return in.done() ? out : PlaceMemory{};
}

void put_place(core::WriteBatch& batch, const Address& address, const PlaceMemory& memory) {
  core::ByteWriter out;
  out.u8(static_cast<std::uint8_t>((memory.node ? kHasNode : 0) | (memory.pass ? kHasPass : 0) | (memory.line ? kHasLine : 0)));
  out.u8(memory.known.worked ? static_cast<std::uint8_t>(*memory.known.worked) : 0).u8(memory.known.tcp_meetings);
  if (memory.node) out.u32(memory.node->value);
  if (memory.pass) out.raw(memory.pass->view());
  if (memory.line) out.u64(memory.line->rate).u64(static_cast<std::uint64_t>(memory.line->round_trip_us));
  batch.put(place_key(address), std::move(out).take());
}

}  // namespace satchel::node
