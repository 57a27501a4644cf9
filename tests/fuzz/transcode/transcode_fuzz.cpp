// The JPEG XL form of a picture, hostile: whatever the bytes are, what comes out is within its bounds and a JPEG, or nothing
// does. libjxl reports what it dislikes on standard error.
#include "core/base/check.h"
#include "core/transcode/transcode.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto jpeg = core::from_jxl({data, size});
  if (!jpeg) return 0;
  SATCHEL_CHECK(jpeg->size() <= core::kTranscodedMax);
  SATCHEL_CHECK(jpeg->size() >= 2 && (*jpeg)[0] == 0xFF && (*jpeg)[1] == 0xD8);
  return 0;
}
