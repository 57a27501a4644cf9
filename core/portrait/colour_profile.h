#pragma once

#include "core/base/bytes.h"
#include "core/portrait/picture.h"

namespace satchel::core::portrait {

/// Brings pixels that were coded for an ICC profile (a phone's Display P3, a camera's Adobe RGB) to sRGB, in which everything
/// here measures and which the notices ask for. Relative colorimetric. A profile that is empty, damaged, not of RGB, larger than
/// 4 MB, or sRGB within two 8-bit steps leaves the pixels as they are, as viewers do.
void to_srgb(Picture& picture, ByteView icc);

}  // namespace satchel::core::portrait
