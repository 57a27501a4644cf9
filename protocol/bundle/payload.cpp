#include "protocol/bundle/payload.h"

#include "core/crypto/hash.h"
#include "protocol/limits.h"

namespace satchel::protocol {

using core::ByteReader;
using core::ByteView;
using core::Code;

namespace {
constexpr std::uint8_t kRunItem = 1;
constexpr auto kPlainItem = static_cast<std::uint8_t>(WireBlob::Form::plain);
constexpr auto kJpegXlItem = static_cast<std::uint8_t>(WireBlob::Form::jpeg_xl);
}  // namespace

core::Hash blob_hash(ByteView blob) { return core::hash("satchel blob", blob); }

core::Bytes encode_payload(const Payload& payload) {
  const std::size_t items = payload.runs.size() + payload.blobs.size();
  SATCHEL_CHECK(items > 0 && items <= kPayloadItemsMax);
  core::ByteWriter out;
  for (const core::Run& run : payload.runs) out.u8(kRunItem).sized(core::encode(run));
  for (const WireBlob& blob : payload.blobs) out.u8(static_cast<std::uint8_t>(blob.form)).sized(blob.bytes);
  return std::move(out).take();
}

core::Result<Payload> decode_payload(ByteView bytes) {
  SATCHEL_TRY_ASSIGN(PayloadView view, view_payload(bytes));
  Payload out;
  out.runs = std::move(view.runs);
  for (const BlobView& blob : view.blobs) out.blobs.push_back({blob.form, core::to_bytes(blob.bytes)});
  return out;
}

core::Result<PayloadView> view_payload(ByteView bytes) {
  ByteReader in{bytes};
  PayloadView out;
  if (bytes.empty()) return Code::kMalformed;
  while (in.remaining() > 0) {
    if (out.runs.size() + out.blobs.size() == kPayloadItemsMax) return Code::kLimitExceeded;
    const std::uint8_t kind = in.u8();
    if (kind != kRunItem && kind != kPlainItem && kind != kJpegXlItem) return Code::kVersionUnknown;
    const ByteView item = in.sized(in.remaining());
    if (!in.ok()) return Code::kMalformed;
    if (kind != kRunItem) {
      const std::uint64_t offset = bytes.size() - in.remaining() - item.size();
      out.blobs.push_back({static_cast<WireBlob::Form>(kind), item, offset});
      continue;
    }
    if (!out.blobs.empty()) return Code::kMalformed;  // runs come first: one form only
    SATCHEL_TRY_ASSIGN(core::Run run, core::decode_run(item));
    out.runs.push_back(std::move(run));
  }
  return out;
}

}  // namespace satchel::protocol
