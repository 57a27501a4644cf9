#include "tests/unit/portrait/phone_files.h"

#include <webp/encode.h>
#include <webp/mux.h>

#include <fstream>
#include <sstream>
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

Bytes heic_file() {
  std::ostringstream content;
  content << std::ifstream(SATCHEL_SOURCE_DIR "/tests/fuzz/seeds/picture/heic", std::ios::binary).rdbuf();
  return core::to_bytes(core::as_bytes(content.str()));
}

}  // namespace satchel::test
