// The only reader of HEIC (ISO/IEC 23008-12), what iPhones and some Android phones write.
#include <string>
#include <vector>

#include "core/portrait/codecs.h"
#include "core/portrait/heif_library.h"
#include "core/portrait/row_sink.h"

namespace satchel::core::portrait {
namespace {

/// libheif holds the whole picture twice, as coded (1.5 bytes a pixel) and as RGB: 225 MB for this many. Phones make 48 at most.
constexpr std::uint64_t kHeicPixelsMax = 50'000'000;
constexpr int kSideOfLimit = 7072;  // its square is kHeicPixelsMax, the form in which libheif wants it

struct Reader {
  const HeifLibrary& heif;
  heif_context* context = nullptr;
  heif_image_handle* handle = nullptr;
  heif_image* image = nullptr;

  explicit Reader(const HeifLibrary& library) : heif(library), context(library.heif_context_alloc()) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() {
    if (image != nullptr) heif.heif_image_release(image);
    if (handle != nullptr) heif.heif_image_handle_release(handle);
    if (context != nullptr) heif.heif_context_free(context);
  }
};

Error refused(const heif_error& error) {
  const std::string detail = error.message != nullptr ? error.message : "HEIC";
  if (error.code == heif_error_Memory_allocation_error) return {Code::kImageTooLarge, detail};
  if (error.subcode == heif_suberror_Unsupported_codec) return {Code::kHeicMissing, detail};
  if (error.code == heif_error_Unsupported_feature) return {Code::kImageColour, detail};
  return {Code::kImageDamaged, detail};
}

Result<void> check_size(int width, int height) {
  if (width <= 0 || height <= 0) return Error{Code::kImageDamaged, "the header says that it has no pixels"};
  SATCHEL_TRY(check_pixels(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height)));
  const std::uint64_t pixels = static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
  if (pixels > kHeicPixelsMax) return Error{Code::kImageTooLarge, "HEIC, " + std::to_string(pixels / 1'000'000) + " megapixels"};
  return {};
}

Result<void> open(Reader& reader, ByteView file) {
  const HeifLibrary& heif = reader.heif;
  if (reader.context == nullptr) return Error{Code::kImageTooLarge, "not enough memory to decode it"};
  heif.heif_context_set_maximum_image_size_limit(reader.context, kSideOfLimit);
  heif.heif_context_set_max_decoding_threads(reader.context, 0);  // in this thread: core owns no other
  heif_error error = heif.heif_context_read_from_memory_without_copy(reader.context, file.data(), file.size(), nullptr);
  if (error.code != heif_error_Ok) return refused(error);
  error = heif.heif_context_get_primary_image_handle(reader.context, &reader.handle);
  if (error.code != heif_error_Ok) return refused(error);
  return check_size(heif.heif_image_handle_get_width(reader.handle), heif.heif_image_handle_get_height(reader.handle));
}

Picture take_rows(const std::uint8_t* rgb, int stride, int width, int height, int max_side) {
  RowSink sink(width, height, reduce_factor(width, height, max_side));
  std::vector<std::uint8_t> bgr(static_cast<std::size_t>(width) * 3);
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* in = rgb + static_cast<std::ptrdiff_t>(y) * stride;
    for (std::size_t i = 0; i < bgr.size(); i += 3) {
      bgr[i] = in[i + 2];
      bgr[i + 1] = in[i + 1];
      bgr[i + 2] = in[i];
    }
    sink.push(bgr.data());
  }
  return sink.take();
}

Bytes profile_of(const Reader& reader) {
  constexpr std::size_t kMost = 4'000'000;
  const std::size_t size = reader.heif.heif_image_handle_get_raw_color_profile_size(reader.handle);
  if (size == 0 || size > kMost) return {};
  Bytes out(size);
  const heif_error error = reader.heif.heif_image_handle_get_raw_color_profile(reader.handle, out.data());
  return error.code == heif_error_Ok ? out : Bytes{};
}

}  // namespace

Result<Decoded> decode_heic(ByteView file, DecodeOptions options, const HeifLibrary* library) {
  if (library == nullptr) return Code::kHeicMissing;
  Reader reader(*library);
  SATCHEL_TRY(open(reader, file));
  const heif_error error =
      library->heif_decode_image(reader.handle, &reader.image, heif_colorspace_RGB, heif_chroma_interleaved_RGB, nullptr);
  if (error.code != heif_error_Ok) return refused(error);
  const int width = library->heif_image_get_width(reader.image, heif_channel_interleaved);
  const int height = library->heif_image_get_height(reader.image, heif_channel_interleaved);
  SATCHEL_TRY(check_size(width, height));
  int stride = 0;
  const std::uint8_t* rgb = library->heif_image_get_plane_readonly(reader.image, heif_channel_interleaved, &stride);
  if (rgb == nullptr || stride < width * 3) return Error{Code::kImageDamaged, "no pixels in it"};
  // HEIC turns pictures by properties of its own, which libheif has applied; its EXIF orientation says nothing (§7.2.3 there).
  return Decoded{take_rows(rgb, stride, width, height, options.max_side), 1, profile_of(reader)};
}

}  // namespace satchel::core::portrait
