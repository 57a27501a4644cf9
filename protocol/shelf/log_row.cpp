#include "protocol/shelf/log_row.h"

namespace satchel::protocol {

core::Bytes encode(const LogRow& row) {
  core::ByteWriter out;
  out.varint(row.contiguous.value).varint(row.highest.value).varint(row.root_at.value).raw(row.root.view());
  out.varint(row.held_bundles).varint(row.held_bytes).varint(row.total_bytes);
  out.varint(row.last_arrival);
  return std::move(out).take();
}

core::Result<LogRow> decode_log_row(core::ByteView bytes) {
  core::ByteReader in{bytes};
  LogRow row;
  row.contiguous.value = in.varint();
  row.highest.value = in.varint();
  row.root_at.value = in.varint();
  row.root = in.fixed<core::Hash>();
  row.held_bundles = in.varint();
  row.held_bytes = in.varint();
  row.total_bytes = in.varint();
  row.last_arrival = in.varint();
  if (!in.done()) return core::Error{core::Code::kStoreDamaged, "summary of a log"};
  return row;
}

}  // namespace satchel::protocol
