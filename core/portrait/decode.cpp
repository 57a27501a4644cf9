#include "core/portrait/decode.h"

#include <algorithm>
#include <array>
#include <new>
#include <opencv2/core.hpp>
#include <string>

#include "core/portrait/codecs.h"
#include "core/portrait/colour_profile.h"
#include "core/portrait/heif_library.h"
#include "core/portrait/mat.h"

namespace satchel::core::portrait {
namespace {

struct Magic {
  std::size_t at;
  std::string_view bytes;
  std::string_view kind;
};

using namespace std::string_view_literals;

constexpr std::array kMagics{
    Magic{0, "\xff\xd8\xff"sv, "JPEG"sv},
    Magic{0, "\x89PNG\r\n\x1a\n"sv, "PNG"sv},
    Magic{0, "GIF8"sv, "GIF"sv},
    Magic{8, "WEBP"sv, "WebP"sv},
    Magic{4, "ftypheic"sv, "HEIC"sv},
    Magic{4, "ftypheix"sv, "HEIC"sv},
    Magic{4, "ftypmif1"sv, "HEIC"sv},
    Magic{4, "ftypmsf1"sv, "HEIC"sv},
    Magic{4, "ftyphevc"sv, "HEIC"sv},
    Magic{4, "ftypheim"sv, "HEIC"sv},
    Magic{4, "ftypheis"sv, "HEIC"sv},
    Magic{4, "ftypavif"sv, "AVIF"sv},
    Magic{4, "ftyp"sv, "video (MP4/MOV)"sv},
    Magic{0, "%PDF"sv, "PDF"sv},
    Magic{0, "II*\0"sv, "TIFF or camera raw"sv},
    Magic{0, "MM\0*"sv, "TIFF or camera raw"sv},
    Magic{0, "8BPS"sv, "Photoshop"sv},
    Magic{0, "PK\x03\x04"sv, "ZIP or Office document"sv},
    Magic{0, "\xff\x0a"sv, "JPEG XL"sv},
    Magic{0, "\0\0\0\x0cJXL "sv, "JPEG XL"sv},
    Magic{0, "\xd0\xcf\x11\xe0"sv, "Office document"sv},
    Magic{0, "BM"sv, "BMP"sv},
};

/// EXIF orientation n as a transposition followed by flips.
cv::Mat turn_upright(const cv::Mat& in, int orientation) {
  cv::Mat out = in;
  if (orientation >= 5) cv::transpose(in, out);
  const bool mirror = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool upside_down = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  cv::Mat turned;
  if (mirror && upside_down) {
    cv::flip(out, turned, -1);
  } else if (mirror) {
    cv::flip(out, turned, 1);
  } else if (upside_down) {
    cv::flip(out, turned, 0);
  } else {
    turned = out;
  }
  return turned;
}

using Decoder = Result<Decoded> (*)(ByteView, DecodeOptions);

Result<Decoded> decode_with_heif(ByteView file, DecodeOptions options) { return decode_heic(file, options, heif_library()); }

/// nullptr for a kind that we do not read.
Decoder decoder_of(std::string_view kind) noexcept {
  if (kind == "JPEG") return decode_jpeg;
  if (kind == "PNG") return decode_png;
  if (kind == "WebP") return decode_webp;
  if (kind == "HEIC") return decode_with_heif;
  return nullptr;
}

Result<Picture> decode_upright(ByteView file, DecodeOptions options, Decoder decoder) {
  SATCHEL_TRY_ASSIGN(Decoded decoded, decoder(file, options));
  to_srgb(decoded.picture, decoded.icc);
  if (decoded.orientation == 1) return std::move(decoded.picture);
  const int source_width = decoded.picture.source_width;
  const int source_height = decoded.picture.source_height;
  Picture out = to_picture(turn_upright(view(decoded.picture), decoded.orientation));
  out.source_width = decoded.orientation >= 5 ? source_height : source_width;
  out.source_height = decoded.orientation >= 5 ? source_width : source_height;
  return out;
}

}  // namespace

std::string_view detect_kind(ByteView file) noexcept {
  const std::string_view text = as_text(file);
  for (const Magic& magic : kMagics) {
    if (text.size() >= magic.at + magic.bytes.size() && text.substr(magic.at, magic.bytes.size()) == magic.bytes)
      return magic.kind;
  }
  return "unknown";
}

Result<void> check_pixels(std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0) return Error{Code::kImageDamaged, "the header says that it has no pixels"};
  if (width > kPixelsMax || height > kPixelsMax || width * height > kPixelsMax) {
    return Error{Code::kImageTooLarge, std::to_string(width) + "x" + std::to_string(height) + " pixels"};
  }
  return {};
}

Result<Picture> decode(ByteView file, DecodeOptions options) {
  if (file.empty()) return Code::kFileEmpty;
  const std::string_view kind = detect_kind(file);
  const Decoder decoder = decoder_of(kind);
  if (decoder == nullptr) return Error{Code::kImageFormat, "detected: " + std::string(kind)};
  try {
    return decode_upright(file, options, decoder);
  } catch (const std::bad_alloc&) {
    return Error{Code::kImageTooLarge, "not enough memory to decode it"};
  } catch (const cv::Exception&) {  // OpenCV's own way to say that memory ran out
    return Error{Code::kImageTooLarge, "not enough memory to turn it"};
  }
}

}  // namespace satchel::core::portrait
