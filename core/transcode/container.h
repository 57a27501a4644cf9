#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace satchel::core {

/// Whether `jxl` is a container as to_jxl() makes one: known boxes only, each once (the codestream may be in parts), the JPEG's
/// reconstruction data among them and with no more than kJpegMarkersMax markers. The decoder allocates 64 KiB for a marker that
/// is named in three bytes, before it looks whether the content is there; so the count is read first. Compressed boxes, which
/// may swell to any size, are not among the known ones. kImageDamaged, kImageTooLarge.
Result<void> check_container(ByteView jxl);

/// A JPEG of a camera has some 20 markers, one with a large colour profile or an embedded preview some hundred. At most 64 KiB
/// each: 32 MiB.
inline constexpr std::size_t kJpegMarkersMax = 512;

}  // namespace satchel::core
