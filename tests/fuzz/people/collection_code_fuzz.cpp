// The text of a QR code that a student shows: ours, another school's, or anything else.
#include "core/base/check.h"
#include "core/code/issue.h"
#include "tests/support/with_crypto.h"
#include "tests/vectors/cast.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tests::Cast kCast;
  static const core::Founding kFounding = kCast.founding();
  const auto content = core::open_code(core::as_text({data, size}), kFounding, kCast.group_key);
  if (content) SATCHEL_CHECK(content->campaign == kFounding.id() && content->student_number.size() <= 64);
  return 0;
}
