#include "tests/unit/portrait/phone_files.h"

#include <libheif/heif.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <vector>

#include "core/base/check.h"
#include "tests/unit/portrait/files.h"

namespace satchel::test {
namespace {

Bytes taken(WebPData& data) {
  Bytes out(data.bytes, data.bytes + data.size);
  WebPDataClear(&data);
  return out;
}

Bytes encode(const Picture& picture, WebpKind kind) {
  std::uint8_t* file = nullptr;
  std::size_t size = 0;
  const int stride = picture.width * 3;
  if (kind == WebpKind::transparent) {
    Bytes bgra;
    for (std::size_t i = 0; i < picture.bgr.size() / 3; ++i) {
      bgra.insert(bgra.end(), {picture.bgr[i * 3], picture.bgr[i * 3 + 1], picture.bgr[i * 3 + 2],
                               static_cast<std::uint8_t>(i % static_cast<std::size_t>(picture.width))});
    }
    size = WebPEncodeBGRA(bgra.data(), picture.width, picture.height, picture.width * 4, 95, &file);
  } else if (kind == WebpKind::lossless) {
    size = WebPEncodeLosslessBGR(picture.bgr.data(), picture.width, picture.height, stride, &file);
  } else {
    size = WebPEncodeBGR(picture.bgr.data(), picture.width, picture.height, stride, 95, &file);
  }
  SATCHEL_CHECK(size > 0);
  Bytes out(file, file + size);
  WebPFree(file);
  return out;
}

Bytes animation(const Picture& picture) {
  const Bytes frame = encode(picture, WebpKind::lossy);
  WebPMux* mux = WebPMuxNew();
  for (int i = 0; i < 2; ++i) {
    WebPMuxFrameInfo info{};
    info.bitstream = {frame.data(), frame.size()};
    info.id = WEBP_CHUNK_ANMF;
    info.duration = 100;
    SATCHEL_CHECK(WebPMuxPushFrame(mux, &info, 1) == WEBP_MUX_OK);
  }
  const WebPMuxAnimParams forever{0xFFFFFFFF, 0};
  SATCHEL_CHECK(WebPMuxSetAnimationParams(mux, &forever) == WEBP_MUX_OK);
  WebPData whole{};
  SATCHEL_CHECK(WebPMuxAssemble(mux, &whole) == WEBP_MUX_OK);
  WebPMuxDelete(mux);
  return taken(whole);
}

heif_error append_to(heif_context*, const void* data, std::size_t size, void* out) {
  core::append(*static_cast<Bytes*>(out), ByteView{static_cast<const std::uint8_t*>(data), size});
  return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

}  // namespace

Bytes make_webp(const Picture& picture, WebpKind kind) {
  return kind == WebpKind::animated ? animation(picture) : encode(picture, kind);
}

Bytes webp_with_orientation(const Picture& stored, int orientation, bool prefix) {
  const Bytes frame = encode(stored, WebpKind::lossy);
  const Bytes segment = with_orientation(Bytes{0xFF, 0xD8}, orientation, false);
  const ByteView exif = ByteView(segment).subspan(prefix ? 6 : 12);
  WebPMux* mux = WebPMuxNew();
  const WebPData image{frame.data(), frame.size()}, chunk{exif.data(), exif.size()};
  SATCHEL_CHECK(WebPMuxSetImage(mux, &image, 1) == WEBP_MUX_OK);
  SATCHEL_CHECK(WebPMuxSetChunk(mux, "EXIF", &chunk, 1) == WEBP_MUX_OK);
  WebPData whole{};
  SATCHEL_CHECK(WebPMuxAssemble(mux, &whole) == WEBP_MUX_OK);
  WebPMuxDelete(mux);
  return taken(whole);
}

std::optional<Bytes> make_heic(const Picture& picture) {
  heif_context* context = heif_context_alloc();
  heif_encoder* encoder = nullptr;
  if (heif_context_get_encoder_for_format(context, heif_compression_HEVC, &encoder).code != heif_error_Ok) {
    heif_context_free(context);
    return std::nullopt;
  }
  heif_encoder_set_lossy_quality(encoder, 90);
  heif_image* image = nullptr;
  heif_image_create(picture.width, picture.height, heif_colorspace_RGB, heif_chroma_interleaved_RGB, &image);
  heif_image_add_plane(image, heif_channel_interleaved, picture.width, picture.height, 8);
  int stride = 0;
  std::uint8_t* plane = heif_image_get_plane(image, heif_channel_interleaved, &stride);
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const std::uint8_t* in = picture.bgr.data() + (static_cast<std::ptrdiff_t>(y) * picture.width + x) * 3;
      std::uint8_t* out = plane + static_cast<std::ptrdiff_t>(y) * stride + x * 3;
      for (int c = 0; c < 3; ++c) out[c] = in[2 - c];
    }
  }
  heif_image_handle* handle = nullptr;
  const bool encoded = heif_context_encode_image(context, image, encoder, nullptr, &handle).code == heif_error_Ok;
  Bytes out;
  heif_writer writer{1, append_to};
  if (encoded) heif_context_write(context, &writer, &out);
  if (handle != nullptr) heif_image_handle_release(handle);
  heif_image_release(image);
  heif_encoder_release(encoder);
  heif_context_free(context);
  return encoded ? std::optional{out} : std::nullopt;
}

}  // namespace satchel::test
