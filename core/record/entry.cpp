#include "core/record/entry.h"

#include <limits>

#include "core/base/check.h"
#include "core/crypto/hash.h"
#include "core/store/keys.h"

namespace satchel::core {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kIdContext = "satchel record";
constexpr std::string_view kSignatureContext = "satchel record signature";

RecordId id_of(const LogId& log, Seq seq, const RecordId& previous, ByteView body) {
  ByteWriter out;
  keys::put_log(out, log);
  out.u64_be(seq.value).raw(previous.view()).raw(body);
  return hash(kIdContext, out.bytes());
}

LogId take_log(ByteReader& in) {
  const std::uint64_t node = in.varint();
  const std::uint64_t incarnation = in.u64();
  const std::uint64_t audience = in.varint();
  const std::uint8_t lane = in.u8();
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint32_t>::max();
  if (node > kMax || audience > kMax || lane > static_cast<std::uint8_t>(Lane::record)) in.fail();
  if (!in.ok()) return {};
  return {{{static_cast<std::uint32_t>(node)}, {incarnation}}, {static_cast<std::uint32_t>(audience)}, static_cast<Lane>(lane)};
}

}  // namespace

RecordId record_id(const Entry& entry) { return id_of(entry.log, entry.seq, entry.previous, entry.body); }

Signature sign_record(const SignKeys& keys, const RecordId& id) { return sign(keys, kSignatureContext, id.view()); }

bool verify_record(const SignPublic& key, const RecordId& id, const Signature& signature) {
  return verify(key, kSignatureContext, id.view(), signature);
}

Result<std::vector<RecordId>> verify_run(const Run& run, const SignPublic& key) {
  if (run.bodies.empty()) return Code::kMalformed;
  std::vector<RecordId> ids;
  ids.reserve(run.bodies.size());
  RecordId previous = run.previous;
  Seq seq = run.first;
  for (const Bytes& body : run.bodies) {
    previous = id_of(run.log, seq, previous, body);
    ids.push_back(previous);
    ++seq.value;
  }
  if (!verify_record(key, previous, run.signature)) return Code::kSignatureBad;
  return ids;
}

Bytes encode(const Run& run) {
  SATCHEL_CHECK(run.log.lane <= Lane::record && run.first.value > 0);
  SATCHEL_CHECK(!run.bodies.empty() && run.bodies.size() <= kRunRecordsMax);
  ByteWriter out;
  out.u8(kVersion).varint(run.log.author.node.value).u64(run.log.author.incarnation.value);
  out.varint(run.log.audience.value).u8(static_cast<std::uint8_t>(run.log.lane)).varint(run.first.value);
  if (run.first.value > 1) out.raw(run.previous.view());
  out.varint(run.bodies.size());
  for (const Bytes& body : run.bodies) {
    SATCHEL_CHECK(!body.empty() && body.size() <= kRecordBodyMax);
    out.sized(body);
  }
  return out.raw(run.signature.view()).bytes();
}

Result<Run> decode_run(ByteView bytes) {
  if (!bytes.empty() && bytes[0] != kVersion) return Code::kVersionUnknown;
  ByteReader in{bytes};
  in.u8();
  Run out;
  out.log = take_log(in);
  out.first.value = in.varint();
  if (out.first.value > 1) out.previous = in.fixed<RecordId>();
  const std::uint64_t count = in.varint();
  if (!in.ok() || out.first.value == 0 || count == 0) return Code::kMalformed;
  if (count > kRunRecordsMax || count - 1 > std::numeric_limits<std::uint64_t>::max() - out.first.value) {
    return Code::kLimitExceeded;
  }
  for (std::uint64_t left = count; left > 0; --left) {
    const std::uint64_t size = in.varint();
    if (!in.ok() || size == 0 || size > in.remaining()) return Code::kMalformed;
    if (size > kRecordBodyMax) return Code::kLimitExceeded;
    out.bodies.push_back(to_bytes(in.raw(static_cast<std::size_t>(size))));
  }
  out.signature = in.fixed<Signature>();
  if (!in.done()) return Code::kMalformed;
  return out;
}

}  // namespace satchel::core
