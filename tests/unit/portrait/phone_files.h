#pragma once

#include "core/base/bytes.h"
#include "core/portrait/picture.h"

// Picture files as phones and chat programs write them, for tests of the decoder.
namespace satchel::test {

enum class WebpKind { lossy, lossless, transparent, animated };
/// transparent: the alpha of each pixel is its x coordinate modulo 256. animated: two equal frames.
core::Bytes make_webp(const core::portrait::Picture& picture, WebpKind kind);
/// A lossy WebP in a container that says how it is to be turned; `prefix`: the EXIF chunk begins with "Exif\0\0", as some do.
core::Bytes webp_with_orientation(const core::portrait::Picture& stored, int orientation, bool prefix);

/// gradient(64, 48) as HEIC: a file of the tree, because libheif's encoder leaks and need not be there.
core::Bytes heic_file();

}  // namespace satchel::test
