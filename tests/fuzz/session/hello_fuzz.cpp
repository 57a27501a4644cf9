// The payload of a handshake message, from a member that may have turned.
#include "core/base/check.h"
#include "protocol/session/messages.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto hello = protocol::decode_hello({data, size});
  if (hello) SATCHEL_CHECK(core::same_bytes(protocol::encode(*hello), {data, size}));
  return 0;
}
