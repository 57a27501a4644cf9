// Datagrams from a hostile peer that knows the stream's number, against a stream with bytes of its own to bring. The input is a
// row of length(1) ‖ time(1) ‖ packet without its connection number. Whatever comes: bounded memory, bounded talk, no
// contradiction.
#include <algorithm>

#include "core/crypto/secret.h"
#include "protocol/datagram/stream.h"
#include "tests/support/seeded_rng.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace satchel;
  using protocol::DatagramStream;
  core::ByteReader in{core::ByteView{data, size}};
  const unsigned shape = in.u8();
  const protocol::ConnectionId id{7};
  protocol::NetworkPlace peer;
  protocol::NetworkPlace other;
  other.value[0] = 1;
  tests::SeededRng rng{1};
  core::MonoUs now{1'000};
  DatagramStream stream = (shape & 1U) != 0 ? DatagramStream::caller(id, peer, protocol::Pass{}, std::nullopt, now)
                                            : DatagramStream::answerer(id, peer, rng, now);
  std::size_t said = 0;
  while (in.ok() && in.remaining() > 0) {
    const std::size_t length = in.u8();
    now = now + std::int64_t{in.u8()} * 1'000;
    const core::ByteView bytes = in.raw(std::min(length, in.remaining()));
    if (bytes.empty()) continue;
    core::ByteWriter datagram;
    datagram.u8(bytes[0]).u64(id.value).raw(bytes.subspan(1));
    if (const auto packet = protocol::decode_packet(datagram.bytes()))
      stream.receive(*packet, length % 5 == 0 ? other : peer, now);
    SATCHEL_CHECK(stream.arrived().size() <= protocol::kStreamWindow);
    if (length % 2 == 0) stream.taken(stream.arrived().size());
    stream.write(core::Bytes(std::min<std::size_t>(stream.room(), 700)));
    while (const auto out = stream.next_datagram(now)) {
      SATCHEL_CHECK(out->bytes.size() <= protocol::kDatagramMax);
      SATCHEL_CHECK(protocol::decode_packet(out->bytes).has_value());
      SATCHEL_CHECK(++said < 20'000);
    }
    SATCHEL_CHECK((stream.stage() == DatagramStream::Stage::broken) == stream.failure().has_value());
  }
  return 0;
}
