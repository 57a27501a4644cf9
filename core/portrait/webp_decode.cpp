// The only reader of WebP (RFC 9649).
#include <webp/decode.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/portrait/codecs.h"
#include "core/portrait/exif.h"
#include "core/portrait/row_sink.h"

namespace satchel::core::portrait {
namespace {

constexpr int kLossless = 2;  // WebPBitstreamFeatures::format

Error refused(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_OUT_OF_MEMORY: return {Code::kImageTooLarge, "not enough memory to decode it"};
    case VP8_STATUS_UNSUPPORTED_FEATURE: return {Code::kImageColour, "WebP of an unknown kind"};
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED: return {Code::kImageDamaged, "the file ends too early"};
    default: return {Code::kImageDamaged, "WebP"};
  }
}

Result<void> check_header(const WebPBitstreamFeatures& header) {
  if (header.width <= 0 || header.height <= 0) return Error{Code::kImageDamaged, "the header says that it has no pixels"};
  const auto width = static_cast<std::uint64_t>(header.width), height = static_cast<std::uint64_t>(header.height);
  SATCHEL_TRY(check_pixels(width, height));
  if (header.has_animation != 0) return Error{Code::kImageFormat, "detected: animated WebP"};
  // Lossless pictures, and the transparency of lossy ones, are held whole, four bytes a pixel.
  const bool whole = header.format == kLossless || header.has_alpha != 0;
  if (whole && width * height * 4 > kWholeImageBytesMax) {
    return Error{Code::kImageTooLarge, "lossless WebP, " + std::to_string(width * height / 1'000'000) + " megapixels"};
  }
  return {};
}

/// The body of the first chunk of that name in the container; empty without one.
ByteView chunk_of(ByteView file, std::string_view wanted) {
  constexpr std::size_t kRiffHead = 12;
  ByteReader in{file.subspan(std::min(kRiffHead, file.size()))};
  while (in.ok()) {
    const ByteView name = in.raw(4);
    const std::uint32_t size = in.u32();
    const ByteView body = in.raw(size);
    if (!in.ok()) break;
    if (as_text(name) == wanted) return body;
    if (size % 2 == 1) in.raw(1);
  }
  return {};
}

int orientation_of(ByteView file) {
  const ByteView exif = chunk_of(file, "EXIF");
  return as_text(exif).starts_with("Exif") ? exif_orientation(exif) : tiff_orientation(exif);
}

void lay_over_white(const std::vector<std::uint8_t>& bgra, Bytes& bgr) {
  for (std::size_t i = 0; i < bgr.size() / 3; ++i) {
    const unsigned alpha = bgra[i * 4 + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      bgr[i * 3 + c] = static_cast<std::uint8_t>((bgra[i * 4 + c] * alpha + 255u * (255u - alpha) + 127u) / 255u);
    }
  }
}

}  // namespace

Result<Decoded> decode_webp(ByteView file, DecodeOptions options) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) return Error{Code::kImageTooLarge, "libwebp is of another version"};
  if (const auto status = WebPGetFeatures(file.data(), file.size(), &config.input); status != VP8_STATUS_OK) {
    return refused(status);
  }
  SATCHEL_TRY(check_header(config.input));
  const int factor = reduce_factor(config.input.width, config.input.height, options.max_side);
  Picture out;
  out.source_width = config.input.width;
  out.source_height = config.input.height;
  out.width = (out.source_width + factor - 1) / factor;
  out.height = (out.source_height + factor - 1) / factor;
  if (factor > 1) {  // libwebp averages rows while they are decoded, so memory follows the result
    config.options.use_scaling = 1;
    config.options.scaled_width = out.width;
    config.options.scaled_height = out.height;
  }
  const bool alpha = config.input.has_alpha != 0;
  const std::size_t pixels = static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height);
  out.bgr.resize(pixels * 3);
  std::vector<std::uint8_t> bgra(alpha ? pixels * 4 : 0);
  config.output.colorspace = alpha ? MODE_BGRA : MODE_BGR;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = alpha ? bgra.data() : out.bgr.data();
  config.output.u.RGBA.stride = out.width * (alpha ? 4 : 3);
  config.output.u.RGBA.size = alpha ? bgra.size() : out.bgr.size();
  const VP8StatusCode status = WebPDecode(file.data(), file.size(), &config);
  WebPFreeDecBuffer(&config.output);
  if (status != VP8_STATUS_OK) return refused(status);
  if (alpha) lay_over_white(bgra, out.bgr);
  return Decoded{std::move(out), orientation_of(file), to_bytes(chunk_of(file, "ICCP"))};
}

}  // namespace satchel::core::portrait
