#include "tests/unit/portrait/files.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/check.h"

namespace satchel::test {
namespace {

std::size_t at(const Picture& picture, int x, int y) {
  return (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(x)) * 3;
}

std::uint32_t crc32_of(ByteView bytes) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320u : 0u);
  }
  return ~crc;
}

void put_be32(Bytes& out, std::size_t where, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) out[where + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

/// One row in the colour space of the kind.
void convert_row(const Picture& picture, int y, JpegKind kind, std::vector<JSAMPLE>& row) {
  row.clear();
  for (int x = 0; x < picture.width; ++x) {
    const std::uint8_t* p = picture.bgr.data() + at(picture, x, y);
    if (kind == JpegKind::grey) {
      row.push_back(p[1]);
    } else if (kind == JpegKind::cmyk_adobe) {
      row.insert(row.end(), {p[2], p[1], p[0], 255});  // Adobe stores ink inverted: no ink is 255, no black is 255
    } else {
      row.insert(row.end(), {p[2], p[1], p[0]});
    }
  }
}

}  // namespace

Bytes make_jpeg(const Picture& picture, JpegKind kind) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* file = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &file, &size);
  jpeg.image_width = static_cast<JDIMENSION>(picture.width);
  jpeg.image_height = static_cast<JDIMENSION>(picture.height);
  jpeg.input_components = kind == JpegKind::grey ? 1 : kind == JpegKind::cmyk_adobe ? 4 : 3;
  jpeg.in_color_space = kind == JpegKind::grey ? JCS_GRAYSCALE : kind == JpegKind::cmyk_adobe ? JCS_CMYK : JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 95, TRUE);
  if (kind == JpegKind::cmyk_adobe) jpeg_set_colorspace(&jpeg, JCS_YCCK);
  if (kind == JpegKind::progressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  std::vector<JSAMPLE> row;
  for (int y = 0; y < picture.height; ++y) {
    convert_row(picture, y, kind, row);
    JSAMPROW pointer = row.data();
    jpeg_write_scanlines(&jpeg, &pointer, 1);
  }
  jpeg_finish_compress(&jpeg);
  Bytes out(file, file + size);
  jpeg_destroy_compress(&jpeg);
  std::free(file);
  return out;
}

namespace {

void on_write(png_structp png, png_bytep data, std::size_t n) {
  core::append(*static_cast<Bytes*>(png_get_io_ptr(png)), ByteView{data, n});
}
void on_flush(png_structp) {}

std::vector<std::uint8_t> png_row(const Picture& picture, int y, PngKind kind) {
  std::vector<std::uint8_t> row;
  for (int x = 0; x < picture.width; ++x) {
    const std::uint8_t* p = picture.bgr.data() + at(picture, x, y);
    switch (kind) {
      case PngKind::grey: row.push_back(p[1]); break;
      case PngKind::grey16: row.insert(row.end(), {p[1], 0x55}); break;
      case PngKind::palette:
        row.push_back(static_cast<std::uint8_t>((x * 2 >= picture.width ? 1 : 0) + (y * 2 >= picture.height ? 2 : 0)));
        break;
      case PngKind::rgba: row.insert(row.end(), {p[2], p[1], p[0], static_cast<std::uint8_t>(x)}); break;
      default: row.insert(row.end(), {p[2], p[1], p[0]});
    }
  }
  return row;
}

}  // namespace

Bytes make_png(const Picture& picture, PngKind kind) {
  Bytes out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &out, on_write, on_flush);
  const int type = kind == PngKind::grey || kind == PngKind::grey16 ? PNG_COLOR_TYPE_GRAY
                   : kind == PngKind::palette                       ? PNG_COLOR_TYPE_PALETTE
                   : kind == PngKind::rgba                          ? PNG_COLOR_TYPE_RGB_ALPHA
                                                                    : PNG_COLOR_TYPE_RGB;
  png_set_IHDR(png, info, static_cast<png_uint_32>(picture.width), static_cast<png_uint_32>(picture.height),
               kind == PngKind::grey16 ? 16 : 8, type, kind == PngKind::interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  const std::array<png_color, 4> colours{png_color{255, 0, 0}, png_color{0, 255, 0}, png_color{0, 0, 255}, png_color{9, 9, 9}};
  if (kind == PngKind::palette) png_set_PLTE(png, info, colours.data(), 4);
  std::vector<std::vector<std::uint8_t>> rows;
  std::vector<png_bytep> pointers;
  for (int y = 0; y < picture.height; ++y) rows.push_back(png_row(picture, y, kind));
  for (auto& row : rows) pointers.push_back(row.data());
  png_write_info(png, info);
  png_write_image(png, pointers.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return out;
}

Bytes with_orientation(ByteView jpeg, int orientation, bool big_endian) {
  core::ByteWriter exif;
  exif.raw(core::as_bytes(std::string_view("Exif\0\0", 6)));
  const auto u16 = [&](std::uint16_t v) {
    if (big_endian) {
      exif.u8(static_cast<std::uint8_t>(v >> 8)).u8(static_cast<std::uint8_t>(v));
    } else {
      exif.u16(v);
    }
  };
  const auto u32 = [&](std::uint32_t v) { big_endian ? exif.u32_be(v) : exif.u32(v); };
  exif.raw(core::as_bytes(big_endian ? "MM" : "II"));
  u16(42);
  u32(8);       // the directory follows at once
  u16(1);       // one entry
  u16(0x0112);  // orientation
  u16(3);       // SHORT
  u32(1);
  u16(static_cast<std::uint16_t>(orientation));
  u16(0);
  u32(0);
  const Bytes body = exif.bytes();
  Bytes out(jpeg.begin(), jpeg.begin() + 2);
  const std::size_t length = body.size() + 2;
  core::append(out, Bytes{0xFF, 0xE1, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)});
  core::append(out, body);
  core::append(out, jpeg.subspan(2));
  return out;
}

Bytes claiming_size(ByteView file, std::uint32_t width, std::uint32_t height) {
  Bytes out = core::to_bytes(file);
  SATCHEL_CHECK(out.size() > 33);
  if (out.front() == 0x89) {
    put_be32(out, 16, width);
    put_be32(out, 20, height);
    put_be32(out, 29, crc32_of(ByteView(out).subspan(12, 17)));
    return out;
  }
  std::size_t marker = 2;
  while (out[marker + 1] < 0xC0 || out[marker + 1] > 0xC2) {
    marker += 2 + static_cast<std::size_t>(out[marker + 2]) * 256 + out[marker + 3];
    SATCHEL_CHECK(marker + 9 < out.size());
  }
  out[marker + 5] = static_cast<std::uint8_t>(height >> 8);
  out[marker + 6] = static_cast<std::uint8_t>(height);
  out[marker + 7] = static_cast<std::uint8_t>(width >> 8);
  out[marker + 8] = static_cast<std::uint8_t>(width);
  return out;
}

Picture gradient(int width, int height) {
  Picture out;
  out.width = out.source_width = width;
  out.height = out.source_height = height;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      out.bgr.push_back(static_cast<std::uint8_t>(40 + 160 * x / width));
      out.bgr.push_back(static_cast<std::uint8_t>(40 + 160 * y / height));
      out.bgr.push_back(x * 4 < width && y * 4 < height ? 220 : 60);
    }
  }
  return out;
}

}  // namespace satchel::test
