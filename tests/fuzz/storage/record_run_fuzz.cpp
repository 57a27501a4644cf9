// A run of records from anybody: what decodes is in its one form and can be asked for its signature.
#include "core/base/check.h"
#include "core/record/entry.h"
#include "tests/support/with_crypto.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const core::SignKeys kKeys = core::sign_keys_from_seed(core::Bytes(32, 1));
  const auto run = core::decode_run({data, size});
  if (!run) return 0;
  SATCHEL_CHECK(core::same_bytes(core::encode(*run), {data, size}));
  SATCHEL_CHECK(!core::verify_run(*run, kKeys.public_key));  // nobody has that secret key
  return 0;
}
