// A picture file under any name: decoded small, as for judging, and in full when it is small itself.
#include "core/base/check.h"
#include "core/portrait/check.h"
#include "core/portrait/decode.h"

using namespace satchel;
namespace portrait = core::portrait;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const core::ByteView file{data, size};
  static_cast<void>(portrait::detect_kind(file));
  static_cast<void>(portrait::read_marks(file));
  // A header may name a hundred megapixels, which is allowed and slow: shrunk while it is decoded, it stays quick.
  const auto picture = portrait::decode(file, {64});
  if (picture) {
    SATCHEL_CHECK(picture->width > 0 && picture->height > 0);
    SATCHEL_CHECK(std::max(picture->width, picture->height) <= 65);
  }
  return 0;
}
