// One datagram: whatever is taken comes out again as it was.
#include "core/base/check.h"
#include "protocol/datagram/packet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace satchel;
  const core::ByteView in{data, size};
  const auto packet = protocol::decode_packet(in);
  if (packet) SATCHEL_CHECK(core::same_bytes(encode(*packet), in));
  return 0;
}
