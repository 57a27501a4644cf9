#pragma once

#include <vector>

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/record/entry.h"

namespace satchel::protocol {

/// What a bundle holds once it is open: statements, and the pictures that they name by hash.
struct Payload {
  std::vector<core::Run> runs;
  std::vector<core::Bytes> blobs;
};

/// What a record calls a blob: hash("satchel blob", bytes).
core::Hash blob_hash(core::ByteView blob);

/// Runs first, then blobs, in the order given. At least one item and at most kPayloadItemsMax.
core::Bytes encode_payload(const Payload& payload);

/// kMalformed, kLimitExceeded, kVersionUnknown for a kind of item that this version does not know. Does not verify the runs.
core::Result<Payload> decode_payload(core::ByteView bytes);

}  // namespace satchel::protocol
