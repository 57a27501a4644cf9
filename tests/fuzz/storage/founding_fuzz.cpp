// A founding from anybody: it is verified by the key that it holds itself.
#include "core/base/check.h"
#include "core/crypto/membership.h"
#include "tests/support/with_crypto.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto founding = core::decode_founding({data, size});
  if (founding) SATCHEL_CHECK(core::same_bytes(core::encode(*founding), {data, size}));
  return 0;
}
