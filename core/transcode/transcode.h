#pragma once

#include <cstdint>
#include <optional>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace satchel::core {

/// Pictures of more pixels travel as they are. libjxl holds some 20 bytes a pixel: 300 MB for this many, which an old PC of 2 GB
/// still has, and about 0.5 s there and back on a processor of 2020.
inline constexpr std::uint64_t kTranscodePixelsMax = 16'000'000;
/// No picture that comes back is larger: node/picture_limits.h reads no larger file, and one bundle must hold it.
inline constexpr std::size_t kTranscodedMax = 44UL * 1024 * 1024;

/// The JPEG XL form of a JPEG file: smaller, and proven to give the very same bytes back (it was decoded again and compared).
///
///   form := sized(head) ‖ JPEG XL of the file without its head
///
/// The head is what stands between the start marker and the end of the last APP1 segment (EXIF, XMP), as it is; most files have
/// none. libjxl would put it into boxes compressed with Brotli, which a reader cannot bound, and read it to no use of ours.
/// nullopt when there is none: no JPEG, too many pixels, damaged, of a kind that JPEG XL does not hold, or not smaller. The same
/// file always gives the same bytes on the same version of libjxl.
std::optional<Bytes> to_jxl(ByteView jpeg);

/// The JPEG file that was given to to_jxl(). For hostile bytes: looked at before the decoder sees them, memory bounded by
/// kTranscodePixelsMax and kTranscodedMax. kImageDamaged when it is no whole JPEG XL with a JPEG inside; kImageTooLarge beyond
/// the bounds; kTranscoderMissing when libjxl is not installed on this computer: a fault of ours and not of the bytes.
Result<Bytes> from_jxl(ByteView jxl);

}  // namespace satchel::core
