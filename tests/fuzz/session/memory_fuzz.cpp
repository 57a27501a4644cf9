// What two nodes remember of each other: the row that lies in the shelf (first byte 0), and the difference that a peer sends to
// it (any other first byte; the base is fixed).
#include "core/base/check.h"
#include "protocol/session/memory.h"

using namespace satchel;

namespace {

core::Frontier base() {
  core::Frontier out;
  for (std::uint32_t node = 1; node <= 3; ++node) {
    for (const core::Lane lane : core::kLanes) {
      out.raise({{core::NodeNumber{node}, core::Incarnation{1000 + node}}, core::kToHub, lane}, core::Seq{10 * node});
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const core::ByteView bytes{data + 1, size - 1};
  if (data[0] == 0) {
    const auto memory = protocol::decode_memory(bytes);
    if (memory) SATCHEL_CHECK(protocol::decode_memory(protocol::encode(*memory)).value() == *memory);
    return 0;
  }
  static const core::Frontier kBase = base();
  const auto delta = protocol::decode_delta(bytes);
  if (!delta) return 0;
  SATCHEL_CHECK(core::same_bytes(protocol::encode(*delta), bytes));
  const auto now = protocol::apply(kBase, *delta);
  if (now) SATCHEL_CHECK(protocol::reaches(*now, kBase));
  return 0;
}
