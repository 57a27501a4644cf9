// Grey pixels under the QR reader: the first byte is the width, the rest are the pixels.
#include "core/base/check.h"
#include "core/code/qr.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 16'384 || data[0] == 0) return 0;
  core::GrayImage image;
  image.width = data[0];
  image.height = static_cast<int>((size - 1) / data[0]);
  image.gray = core::to_bytes({data + 1, static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height)});
  const auto texts = core::read_qr(image);
  if (texts) SATCHEL_CHECK(!texts->empty());
  return 0;
}
