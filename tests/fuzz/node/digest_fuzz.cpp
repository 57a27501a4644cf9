// A student's digest and folded state out of a damaged database: what reads back is in its one form.
#include "core/base/check.h"
#include "core/campaign/student.h"
#include "node/digest.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const core::ByteView bytes{data + 1, size - 1};
  if (data[0] == 0) {
    if (const auto digest = node::decode_digest(bytes)) {
      SATCHEL_CHECK(node::decode_digest(node::encode(*digest)).has_value());
    }
    return 0;
  }
  if (const auto state = core::decode_student(bytes)) SATCHEL_CHECK(core::same_bytes(core::encode(*state), bytes));
  return 0;
}
