// A signed profile from anybody, under the founding of the golden vectors.
#include "core/base/check.h"
#include "core/crypto/signed_profile.h"
#include "tests/support/with_crypto.h"
#include "tests/vectors/cast.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const core::Founding kFounding = tests::Cast{}.founding();
  const auto profile = core::decode_profile({data, size}, kFounding.id(), kFounding.hub_sign);
  if (profile) SATCHEL_CHECK(core::same_bytes(core::encode(*profile), {data, size}));
  return 0;
}
