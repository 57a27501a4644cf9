// The only writer of JPEG. libjpeg leaves by longjmp: functions that call it hold nothing with a destructor.
#include <csetjmp>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <string>

#include "core/portrait/encode.h"
#include "core/portrait/mat.h"

namespace satchel::core::portrait {
namespace {

constexpr int kQualityMax = 98;  // above it the file grows and nothing more is seen

struct Writer {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  std::jmp_buf leave{};
  std::array<char, JMSG_LENGTH_MAX> message{};
  unsigned char* file = nullptr;
  unsigned long size = 0;
  bool created = false;

  Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() {
    if (created) jpeg_destroy_compress(&jpeg);
    std::free(file);  // jpeg_mem_dest allocates with malloc and leaves the buffer to its caller
  }
};

[[noreturn]] void leave(j_common_ptr common) {
  auto* writer = static_cast<Writer*>(common->client_data);
  common->err->format_message(common, writer->message.data());
  std::longjmp(writer->leave, 1);
}

void on_silence(j_common_ptr) {}

void set_parameters(jpeg_compress_struct& jpeg, EncodeOptions options) {
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, std::clamp(options.quality, 1, 100), TRUE);
  jpeg.optimize_coding = TRUE;
  jpeg.density_unit = 1;  // dots per inch
  jpeg.X_density = jpeg.Y_density = static_cast<UINT16>(std::clamp(options.dpi, 1, 0xFFFF));
  const int luma = options.subsampling == Subsampling::k420 ? 2 : 1;
  jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = luma;
}

bool write(Writer& writer, const Picture& picture, EncodeOptions options) {
  if (setjmp(writer.leave) != 0) return false;
  jpeg_create_compress(&writer.jpeg);
  writer.created = true;
  jpeg_mem_dest(&writer.jpeg, &writer.file, &writer.size);
  writer.jpeg.image_width = static_cast<JDIMENSION>(picture.width);
  writer.jpeg.image_height = static_cast<JDIMENSION>(picture.height);
  writer.jpeg.input_components = 3;
  writer.jpeg.in_color_space = JCS_EXT_BGR;
  set_parameters(writer.jpeg, options);
  jpeg_start_compress(&writer.jpeg, TRUE);
  if (!options.comment.empty()) {
    jpeg_write_marker(&writer.jpeg, JPEG_COM, reinterpret_cast<const JOCTET*>(options.comment.data()),
                      static_cast<unsigned>(options.comment.size()));
  }
  while (writer.jpeg.next_scanline < writer.jpeg.image_height) {
    const std::size_t offset = static_cast<std::size_t>(writer.jpeg.next_scanline) * static_cast<std::size_t>(picture.width) * 3;
    JSAMPROW row = const_cast<JSAMPROW>(picture.bgr.data() + offset);  // libjpeg only reads it
    jpeg_write_scanlines(&writer.jpeg, &row, 1);
  }
  jpeg_finish_compress(&writer.jpeg);
  return true;
}

}  // namespace

Result<Bytes> encode_jpeg(const Picture& picture, EncodeOptions options) {
  if (!well_formed(picture)) return Error{Code::kImageDamaged, "no pixels to encode"};
  Writer writer;
  writer.jpeg.err = jpeg_std_error(&writer.errors);
  writer.errors.error_exit = leave;
  writer.errors.output_message = on_silence;
  writer.jpeg.client_data = &writer;
  if (!write(writer, picture, options)) return Error{Code::kImageTooLarge, std::string(writer.message.data())};
  return Bytes(writer.file, writer.file + writer.size);
}

Result<WindowedJpeg> encode_jpeg_window(const Picture& picture, std::size_t min_bytes, std::size_t max_bytes, int min_quality,
                                        int dpi, Subsampling subsampling, std::string_view comment) {
  int low = std::clamp(min_quality, 1, kQualityMax);
  int high = kQualityMax;
  SATCHEL_TRY_ASSIGN(Bytes best, encode_jpeg(picture, {low, dpi, subsampling, comment}));
  int quality = low;
  // Size grows with quality but for a few bytes here and there: the last one that fits is kept, so a dip does no harm.
  while (best.size() <= max_bytes && low < high) {
    const int middle = (low + high + 1) / 2;
    SATCHEL_TRY_ASSIGN(Bytes candidate, encode_jpeg(picture, {middle, dpi, subsampling, comment}));
    if (candidate.size() > max_bytes) {
      high = middle - 1;
      continue;
    }
    low = quality = middle;
    best = std::move(candidate);
  }
  const bool fits = best.size() >= min_bytes && best.size() <= max_bytes;
  return WindowedJpeg{std::move(best), quality, fits};
}

}  // namespace satchel::core::portrait
