// What a bundle holds once it is open: what decodes is in its one form.
#include "core/base/check.h"
#include "protocol/bundle/payload.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto payload = protocol::decode_payload({data, size});
  if (payload) SATCHEL_CHECK(core::same_bytes(protocol::encode_payload(*payload), {data, size}));
  return 0;
}
