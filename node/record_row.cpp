#include "core/crypto/box.h"
#include "core/store/keys.h"
#include "node/ledger.h"
#include "node/places.h"

namespace satchel::node {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr std::uint8_t kSigned = 1;
constexpr std::uint8_t kStruck = 2;

std::uint8_t flags_of(const StoredRecord& record) {
  return static_cast<std::uint8_t>((record.signature ? kSigned : 0) | (record.struck ? kStruck : 0));
}

}  // namespace

Bytes encode_record_row(const StoredRecord& record, ByteView key, ByteView store_key, core::Rng& rng) {
  core::ByteWriter out;
  out.raw(record.id.view()).u8(flags_of(record));
  if (record.signature) out.raw(record.signature->view());
  out.raw(core::seal_value(store_key, rng, key, record.entry.body));
  return std::move(out).take();
}

Result<StoredRecord> decode_record_row(ByteView key, ByteView value, ByteView store_key) {
  const auto place = core::keys::parse_at(key);
  core::ByteReader in{value};
  StoredRecord record;
  record.id = in.fixed<core::RecordId>();
  const std::uint8_t flags = in.u8();
  record.struck = (flags & kStruck) != 0;
  if ((flags & kSigned) != 0) record.signature = in.fixed<core::Signature>();
  if (!place || !in.ok() || flags > (kSigned | kStruck)) return Error{Code::kStoreDamaged, "record row"};
  record.entry.log = place->log;
  record.entry.seq = place->seq;
  auto body = core::open_value(store_key, key, in.rest());
  if (!body) return Error{Code::kStoreDamaged, "record body"};
  record.entry.body = *std::move(body);
  return record;
}

Bytes encode_said_again_row(const StoredRecord& record, ByteView key, ByteView store_key, core::Rng& rng) {
  core::ByteWriter out;
  out.raw(record.id.view()).u8(flags_of(record));
  if (record.signature) out.raw(record.signature->view());
  core::keys::put_log(out, record.entry.log);
  out.u64_be(record.entry.seq.value).raw(record.entry.previous.view());
  out.raw(core::seal_value(store_key, rng, key, record.entry.body));
  return std::move(out).take();
}

Result<StoredRecord> decode_said_again_row(ByteView key, ByteView value, ByteView store_key) {
  core::ByteReader in{value};
  StoredRecord record;
  record.id = in.fixed<core::RecordId>();
  const std::uint8_t flags = in.u8();
  record.struck = (flags & kStruck) != 0;
  if ((flags & kSigned) != 0) record.signature = in.fixed<core::Signature>();
  const auto place = bundle_id_from(in.raw(25));
  record.entry.previous = in.fixed<core::RecordId>();
  if (!place || !in.ok() || flags > (kSigned | kStruck)) return Error{Code::kStoreDamaged, "row of a record that was said again"};
  record.entry.log = place->log;
  record.entry.seq = place->seq;
  auto body = core::open_value(store_key, key, in.rest());
  if (!body) return Error{Code::kStoreDamaged, "record body"};
  record.entry.body = *std::move(body);
  return record;
}

}  // namespace satchel::node
