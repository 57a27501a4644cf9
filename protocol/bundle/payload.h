#pragma once

#include <utility>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/record/entry.h"

namespace satchel::protocol {

/// A blob as it crosses the wire.
struct WireBlob {
  /// The values stand on the wire, as kinds of item.
  enum class Form : std::uint8_t {
    plain = 2,    ///< the blob itself
    jpeg_xl = 3,  ///< a JPEG in the form of core/transcode/transcode.h
  };
  Form form = Form::plain;
  core::Bytes bytes;
  WireBlob() = default;
  WireBlob(core::Bytes plain) : bytes(std::move(plain)) {}  // NOLINT: a blob is one, in its plain form
  WireBlob(Form as, core::Bytes content) : form(as), bytes(std::move(content)) {}
  bool operator==(const WireBlob&) const = default;
};

/// What a bundle holds once it is open: statements, and the pictures that they name by hash.
struct Payload {
  std::vector<core::Run> runs;
  std::vector<WireBlob> blobs;
};

/// A blob inside a payload that is still in one piece; borrowed from it.
struct BlobView {
  WireBlob::Form form = WireBlob::Form::plain;
  core::ByteView bytes;
  std::uint64_t offset = 0;  ///< of its first byte in the payload
};

struct PayloadView {
  std::vector<core::Run> runs;
  std::vector<BlobView> blobs;
};

/// What a record calls a blob, in whatever form it travelled: hash("satchel blob", the blob itself).
core::Hash blob_hash(core::ByteView blob);

/// Runs first, then blobs, in the order given. At least one item and at most kPayloadItemsMax.
core::Bytes encode_payload(const Payload& payload);

/// kMalformed, kLimitExceeded, kVersionUnknown for a kind of item that this version does not know. Does not verify the runs.
core::Result<Payload> decode_payload(core::ByteView bytes);
/// The same without a copy of the blobs.
core::Result<PayloadView> view_payload(core::ByteView bytes);

}  // namespace satchel::protocol
