#include "core/record/log_groups.h"

#include <limits>

#include "core/base/check.h"

namespace satchel::core {

void AuthorWriter::put(ByteWriter& out, const Author& author) {
  SATCHEL_CHECK(author.node.value >= last_node_);
  out.varint(author.node.value - last_node_).u64(author.incarnation.value);
  last_node_ = author.node.value;
}

Author AuthorReader::take(ByteReader& in) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint32_t>::max();
  const std::uint64_t before = last_ ? last_->node.value : 0;
  const std::uint64_t step = in.varint();
  const Author out{{static_cast<std::uint32_t>(before + step)}, {in.u64()}};
  if (step > kMax - before || (last_ && out <= *last_)) in.fail();
  last_ = out;
  return out;
}

}  // namespace satchel::core
