#include "protocol/bundle/payload.h"

#include "core/crypto/hash.h"
#include "protocol/limits.h"

namespace satchel::protocol {

using core::ByteReader;
using core::ByteView;
using core::Code;

namespace {
constexpr std::uint8_t kRunItem = 1;
constexpr std::uint8_t kBlobItem = 2;
}  // namespace

core::Hash blob_hash(ByteView blob) { return core::hash("satchel blob", blob); }

core::Bytes encode_payload(const Payload& payload) {
  const std::size_t items = payload.runs.size() + payload.blobs.size();
  SATCHEL_CHECK(items > 0 && items <= kPayloadItemsMax);
  core::ByteWriter out;
  for (const core::Run& run : payload.runs) out.u8(kRunItem).sized(core::encode(run));
  for (const core::Bytes& blob : payload.blobs) out.u8(kBlobItem).sized(blob);
  return std::move(out).take();
}

core::Result<Payload> decode_payload(ByteView bytes) {
  ByteReader in{bytes};
  Payload out;
  if (bytes.empty()) return Code::kMalformed;
  while (in.remaining() > 0) {
    if (out.runs.size() + out.blobs.size() == kPayloadItemsMax) return Code::kLimitExceeded;
    const std::uint8_t kind = in.u8();
    if (kind != kRunItem && kind != kBlobItem) return Code::kVersionUnknown;
    const ByteView item = in.sized(in.remaining());
    if (!in.ok()) return Code::kMalformed;
    if (kind == kBlobItem) {
      out.blobs.push_back(core::to_bytes(item));
      continue;
    }
    if (!out.blobs.empty()) return Code::kMalformed;  // runs come first: one form only
    SATCHEL_TRY_ASSIGN(core::Run run, core::decode_run(item));
    out.runs.push_back(std::move(run));
  }
  return out;
}

}  // namespace satchel::protocol
