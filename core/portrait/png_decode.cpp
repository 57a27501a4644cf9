// The only reader of PNG. As with JPEG: libpng leaves by longjmp, so functions that call it hold nothing with a destructor.
#include <csetjmp>

#include <png.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "core/portrait/codecs.h"
#include "core/portrait/exif.h"
#include "core/portrait/row_sink.h"

namespace satchel::core::portrait {
namespace {

struct Reader {
  png_structp png = nullptr;
  png_infop info = nullptr;
  ByteView rest;
  std::array<char, 128> message{};
  int passes = 1;
  std::vector<std::uint8_t> bgra;  ///< one row, or all of them when interlaced
  std::vector<std::uint8_t> bgr;

  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
};

[[noreturn]] void on_error(png_structp png, png_const_charp text) {
  auto* reader = static_cast<Reader*>(png_get_error_ptr(png));
  std::strncpy(reader->message.data(), text, reader->message.size() - 1);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep out, std::size_t n) {
  auto* reader = static_cast<Reader*>(png_get_io_ptr(png));
  if (n > reader->rest.size()) png_error(png, "the file ends too early");
  std::memcpy(out, reader->rest.data(), n);
  reader->rest = reader->rest.subspan(n);
}

bool read_header(Reader& reader) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  // Our own limit on pixels is asked next, with its own code; libpng's is on each side and would only say "invalid".
  png_set_user_limits(reader.png, 0x7fffffff, 0x7fffffff);
  png_read_info(reader.png, reader.info);
  return true;
}

Result<void> check_header(Reader& reader, ByteView file) {
  const std::uint64_t width = png_get_image_width(reader.png, reader.info);
  const std::uint64_t height = png_get_image_height(reader.png, reader.info);
  SATCHEL_TRY(check_pixels(width, height));
  // Deflate shrinks by 1032 : 1 at most (RFC 1951: 258 bytes from two bits).
  if (file.size() < png_get_rowbytes(reader.png, reader.info) * height / 1100) {
    return Error{Code::kImageDamaged, "too few bytes for the size in its header"};
  }
  const bool interlaced = png_get_interlace_type(reader.png, reader.info) != PNG_INTERLACE_NONE;
  if (interlaced && width * height * 4 > kWholeImageBytesMax) {
    return Error{Code::kImageTooLarge, "interlaced, " + std::to_string(width * height / 1'000'000) + " megapixels"};
  }
  return {};
}

/// Every kind of PNG becomes rows of 8-bit BGRA.
bool prepare(Reader& reader) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  png_set_expand(reader.png);
  png_set_scale_16(reader.png);
  png_set_gray_to_rgb(reader.png);
  png_set_bgr(reader.png);
  png_set_add_alpha(reader.png, 0xFF, PNG_FILLER_AFTER);
  reader.passes = png_set_interlace_handling(reader.png);
  png_read_update_info(reader.png, reader.info);
  return true;
}

bool read_row(Reader& reader, std::size_t offset) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  png_read_row(reader.png, reader.bgra.data() + offset, nullptr);
  return true;
}

/// The orientation in a chunk eXIf before the pixels; 1 without one.
int orientation_of(Reader& reader) {
  png_uint_32 size = 0;
  png_bytep exif = nullptr;
  if (png_get_eXIf_1(reader.png, reader.info, &size, &exif) == 0 || exif == nullptr) return 1;
  return tiff_orientation({exif, size});
}

Bytes profile_of(Reader& reader) {
  png_charp name = nullptr;
  int compression = 0;
  png_bytep profile = nullptr;
  png_uint_32 size = 0;
  if (png_get_iCCP(reader.png, reader.info, &name, &compression, &profile, &size) == 0 || profile == nullptr) return {};
  return Bytes(profile, profile + size);
}

bool finish(Reader& reader) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  png_read_end(reader.png, nullptr);
  return true;
}

/// Transparent parts show white, the paper that the picture will stand on.
const std::uint8_t* over_white(Reader& reader, std::size_t offset) {
  const std::size_t pixels = reader.bgr.size() / 3;
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint8_t* in = reader.bgra.data() + offset + i * 4;
    const unsigned alpha = in[3];
    for (std::size_t c = 0; c < 3; ++c) {
      reader.bgr[i * 3 + c] = static_cast<std::uint8_t>((in[c] * alpha + 255u * (255u - alpha) + 127u) / 255u);
    }
  }
  return reader.bgr.data();
}

Error failure(const Reader& reader) { return Error{Code::kImageDamaged, std::string(reader.message.data())}; }

}  // namespace

Result<Decoded> decode_png(ByteView file, DecodeOptions options) {
  Reader reader;
  reader.rest = file;
  reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, on_error, on_warning);
  if (reader.png == nullptr) return Error{Code::kImageTooLarge, "not enough memory to decode it"};
  reader.info = png_create_info_struct(reader.png);
  if (reader.info == nullptr) return Error{Code::kImageTooLarge, "not enough memory to decode it"};
  png_set_read_fn(reader.png, &reader, on_read);
  if (!read_header(reader)) return failure(reader);
  SATCHEL_TRY(check_header(reader, file));
  if (!prepare(reader)) return failure(reader);

  const int width = static_cast<int>(png_get_image_width(reader.png, reader.info));
  const int height = static_cast<int>(png_get_image_height(reader.png, reader.info));
  const std::size_t row_bytes = static_cast<std::size_t>(width) * 4;
  if (png_get_rowbytes(reader.png, reader.info) != row_bytes) return Code::kImageColour;
  const bool whole = reader.passes > 1;
  reader.bgra.resize(whole ? row_bytes * static_cast<std::size_t>(height) : row_bytes);
  reader.bgr.resize(static_cast<std::size_t>(width) * 3);
  RowSink sink(width, height, reduce_factor(width, height, options.max_side));
  for (int pass = 0; pass < reader.passes; ++pass) {
    for (int y = 0; y < height; ++y) {
      const std::size_t offset = whole ? row_bytes * static_cast<std::size_t>(y) : 0;
      if (!read_row(reader, offset)) return failure(reader);
      if (pass + 1 == reader.passes) sink.push(over_white(reader, offset));
    }
  }
  if (!finish(reader)) return failure(reader);
  return Decoded{sink.take(), orientation_of(reader), profile_of(reader)};
}

}  // namespace satchel::core::portrait
