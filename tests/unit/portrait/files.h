#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/portrait/picture.h"

// Picture files of the kinds that our own encoder does not write, for tests of the decoder.
namespace satchel::test {

using core::Bytes;
using core::ByteView;
using core::portrait::Picture;

enum class JpegKind { baseline, progressive, grey, cmyk_adobe };
Bytes make_jpeg(const Picture& picture, JpegKind kind);

enum class PngKind { rgb, grey, grey16, palette, rgba, interlaced };
/// rgba: the alpha of each pixel is its x coordinate modulo 256. palette: colours by quadrant.
Bytes make_png(const Picture& picture, PngKind kind);

/// The JPEG with an EXIF segment that says nothing but the orientation.
Bytes with_orientation(ByteView jpeg, int orientation, bool big_endian);

/// A JPEG or PNG whose header claims another size; the rest is left as it is (the PNG's header has a right checksum).
Bytes claiming_size(ByteView file, std::uint32_t width, std::uint32_t height);

/// A smooth picture whose pixels are told apart by place: blue grows with x, green with y, red in one corner.
Picture gradient(int width, int height);

}  // namespace satchel::test
