#pragma once

#include "core/base/result.h"
#include "protocol/bundle/payload.h"

/// A picture between the store and the wire. The store keeps the picture itself, not its JPEG XL: what lies there is proven by
/// its hash without a decoder, every reader has it at once, and the sixth that JPEG XL saves is worth the time of a slow line,
/// but not a decoder's time and memory at every look (4 ms for 480x640, 312 ms for a camera's original). The bundle that carries
/// it, on the shelf, holds the smaller form.
namespace satchel::node {

/// The smaller of the forms of `picture`.
protocol::WireBlob to_wire(core::ByteView picture);

/// The picture itself; its name is the hash of this. Errors of from_jxl() (core/transcode/transcode.h).
core::Result<core::Bytes> from_wire(const protocol::BlobView& blob);

}  // namespace satchel::node
