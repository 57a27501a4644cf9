// A receipt from anybody. The campaign and the hub are those of the golden vectors, so that the seed is taken and a changed one
// is read to its end before its signature fails.
#include "core/base/check.h"
#include "core/record/receipts.h"
#include "tests/support/with_crypto.h"
#include "tests/vectors/cast.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const core::Founding kFounding = tests::Cast{}.founding();
  const auto receipt = core::decode_receipt({data, size}, kFounding.id(), kFounding.hub_sign);
  if (receipt) SATCHEL_CHECK(core::same_bytes(core::encode(*receipt), {data, size}));
  return 0;
}
