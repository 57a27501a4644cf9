// A certificate from anybody, under the founding of the golden vectors.
#include "core/base/check.h"
#include "core/crypto/membership.h"
#include "tests/support/with_crypto.h"
#include "tests/vectors/cast.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const core::Founding kFounding = tests::Cast{}.founding();
  const auto member = core::decode_member({data, size}, kFounding);
  if (member) SATCHEL_CHECK(core::same_bytes(core::encode(*member), {data, size}));
  return 0;
}
