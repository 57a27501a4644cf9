// The only writer of PNG.
#include <csetjmp>

#include <png.h>

#include "core/portrait/encode.h"
#include "core/portrait/mat.h"

namespace satchel::core::portrait {
namespace {

struct Writer {
  png_structp png = nullptr;
  png_infop info = nullptr;
  Bytes out;

  Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { png_destroy_write_struct(&png, &info); }
};

void on_write(png_structp png, png_bytep data, std::size_t n) {
  auto* writer = static_cast<Writer*>(png_get_io_ptr(png));
  append(writer->out, ByteView{data, n});
}

void on_flush(png_structp) {}
void on_warning(png_structp, png_const_charp) {}
[[noreturn]] void on_error(png_structp png, png_const_charp) { png_longjmp(png, 1); }

struct Rows {
  int width;
  int height;
  const std::uint8_t* pixels;
  int color_type;
  std::size_t bytes_a_pixel;
};

bool write(Writer& writer, const Rows& rows) {
  if (setjmp(png_jmpbuf(writer.png)) != 0) return false;
  png_set_write_fn(writer.png, &writer, on_write, on_flush);
  png_set_compression_level(writer.png, 4);  // overlays are looked at once: speed before size
  png_set_IHDR(writer.png, writer.info, static_cast<png_uint_32>(rows.width), static_cast<png_uint_32>(rows.height), 8,
               rows.color_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (rows.bytes_a_pixel == 1) {  // runs of black and white: filters would only cost time
    png_set_filter(writer.png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  }
  png_write_info(writer.png, writer.info);
  if (rows.bytes_a_pixel == 3) png_set_bgr(writer.png);
  const std::size_t stride = static_cast<std::size_t>(rows.width) * rows.bytes_a_pixel;
  for (std::size_t y = 0; y < static_cast<std::size_t>(rows.height); ++y) png_write_row(writer.png, rows.pixels + y * stride);
  png_write_end(writer.png, nullptr);
  return true;
}

Result<Bytes> encode(const Rows& rows) {
  Writer writer;
  writer.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, on_error, on_warning);
  if (writer.png != nullptr) writer.info = png_create_info_struct(writer.png);
  if (writer.info == nullptr || !write(writer, rows)) return Error{Code::kImageTooLarge, "not enough memory to encode it"};
  return std::move(writer.out);
}

}  // namespace

Result<Bytes> encode_png(const Picture& picture) {
  if (!well_formed(picture)) return Error{Code::kImageDamaged, "no pixels to encode"};
  return encode({picture.width, picture.height, picture.bgr.data(), PNG_COLOR_TYPE_RGB, 3});
}

Result<Bytes> encode_gray_png(int width, int height, ByteView gray) {
  if (width < 1 || height < 1 || gray.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {
    return Error{Code::kImageDamaged, "no pixels to encode"};
  }
  return encode({width, height, gray.data(), PNG_COLOR_TYPE_GRAY, 1});
}

}  // namespace satchel::core::portrait
