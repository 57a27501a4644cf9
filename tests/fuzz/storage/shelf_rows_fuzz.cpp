// The shelf's own rows out of a damaged database, by the first byte: what reads back is in its one form.
#include "core/base/check.h"
#include "protocol/shelf/log_row.h"
#include "protocol/shelf/own_lives.h"
#include "protocol/shelf/rows.h"

using namespace satchel;

namespace {

template <class Row>
void same_again(const core::Result<Row>& row, core::ByteView bytes) {
  if (row) SATCHEL_CHECK(core::same_bytes(protocol::encode(*row), bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const core::ByteView bytes{data + 1, size - 1};
  switch (data[0] % 4) {
    case 0: same_again(protocol::decode_log_row(bytes), bytes); break;
    case 1: same_again(protocol::decode_header_row(bytes), bytes); break;
    case 2: same_again(protocol::decode_partial_row(bytes), bytes); break;
    default:
      if (const auto lives = protocol::decode_own_lives(bytes)) {
        SATCHEL_CHECK(protocol::decode_own_lives(protocol::encode(*lives)).has_value());
      }
  }
  return 0;
}
