#pragma once

#include "core/base/bytes.h"

namespace satchel::core::portrait {

/// The orientation (tag 0x0112, values 1..8) in a JPEG APP1 segment's payload that starts with "Exif\0\0"; 1 ("upright") when
/// there is none or the segment is malformed. Reads no other tag. Source: EXIF 2.32 §4.6.4 and TIFF 6.0 §2.
int exif_orientation(ByteView app1) noexcept;

/// The same of what follows that prefix, the TIFF structure: so PNG (chunk eXIf) and most WebP files hold it.
int tiff_orientation(ByteView tiff) noexcept;

}  // namespace satchel::core::portrait
