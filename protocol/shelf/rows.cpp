#include "protocol/shelf/rows.h"

namespace satchel::protocol {

using core::ByteView;
using core::Code;
using core::Error;

core::Bytes encode(const HeaderRow& row) {
  core::ByteWriter out;
  out.u8(row.body_dropped ? 1 : 0).u64(row.arrival).u64(row.cumulative).raw(row.previous.view()).raw(row.header);
  return std::move(out).take();
}

core::Result<HeaderRow> decode_header_row(ByteView bytes) {
  core::ByteReader in{bytes};
  HeaderRow row;
  const std::uint8_t flags = in.u8();
  row.body_dropped = flags == 1;
  row.arrival = in.u64();
  row.cumulative = in.u64();
  row.previous = in.fixed<core::Hash>();
  row.header = core::to_bytes(in.rest());
  if (!in.ok() || flags > 1) return Error{Code::kStoreDamaged, "row of a bundle"};
  return row;
}

bool body_dropped(ByteView header_row) { return !header_row.empty() && header_row[0] == 1; }

std::uint64_t arrival_of(ByteView header_row) {
  core::ByteReader in{header_row};
  in.u8();
  return in.u64();
}

core::Bytes encode(const PartialRow& row) {
  core::ByteWriter out;
  out.raw(row.previous.view()).raw(row.header);
  return std::move(out).take();
}

core::Result<PartialRow> decode_partial_row(ByteView bytes) {
  core::ByteReader in{bytes};
  PartialRow row;
  row.previous = in.fixed<core::Hash>();
  row.header = core::to_bytes(in.rest());
  if (!in.ok()) return Error{Code::kStoreDamaged, "row of a partial bundle"};
  return row;
}

core::Result<Header> stored_header(ByteView bytes) {
  auto header = parse_header(bytes);
  if (!header) return Error{Code::kStoreDamaged, "header of a bundle"};
  return header;
}

}  // namespace satchel::protocol
