// A frontier from a peer: what decodes is in its one form and within its limit.
#include "core/base/check.h"
#include "core/record/frontier.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto frontier = core::decode_frontier({data, size});
  if (!frontier) return 0;
  SATCHEL_CHECK(frontier->entries().size() <= core::kFrontierEntriesMax);
  SATCHEL_CHECK(core::same_bytes(core::encode(*frontier), {data, size}));
  return 0;
}
