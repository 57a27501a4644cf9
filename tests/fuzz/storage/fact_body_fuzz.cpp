// The body of a record from an enrolled node: what can be read can be written, and reads as the same again.
#include "core/base/check.h"
#include "protocol/body/body.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto fact = protocol::decode_fact({data, size});
  if (!fact) return 0;
  const auto again = protocol::encode_fact(*fact);
  if (!again) {  // the same fact may need more bytes in our packing
    SATCHEL_CHECK(again.error().code == core::Code::kLimitExceeded);
    return 0;
  }
  const auto back = protocol::decode_fact(*again);
  SATCHEL_CHECK(back && *back == *fact);
  return 0;
}
