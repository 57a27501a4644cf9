// The only reader of JPEG. libjpeg leaves by longjmp: every function that calls it holds nothing with a destructor, and all that
// must be freed belongs to Reader, which lives in the frame above.
#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

#include <jerror.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "core/portrait/codecs.h"
#include "core/portrait/exif.h"
#include "core/portrait/row_sink.h"

namespace satchel::core::portrait {
namespace {

/// A file may hold any number of scans, each of which costs a pass over all coefficients; encoders write about ten.
constexpr int kScansMax = 100;

struct Reader {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf leave{};
  Code code = Code::kImageDamaged;
  std::array<char, JMSG_LENGTH_MAX> message{};
  std::vector<std::uint8_t> row;
  std::vector<std::uint8_t> bgr;
  JOCTET* icc = nullptr;  ///< libjpeg allocates it with malloc
  std::size_t icc_size = 0;
  bool created = false;

  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() {
    if (created) jpeg_destroy_decompress(&jpeg);
    std::free(icc);
  }
};

Reader& reader_of(j_common_ptr common) { return *static_cast<Reader*>(common->client_data); }

[[noreturn]] void leave(j_common_ptr common) {
  Reader& reader = reader_of(common);
  common->err->format_message(common, reader.message.data());
  const int what = common->err->msg_code;
  if (what == JERR_BAD_PRECISION || what == JERR_SOF_UNSUPPORTED || what == JERR_CONVERSION_NOTIMPL ||
      what == JERR_COMPONENT_COUNT || what == JERR_ARITH_NOTIMPL) {
    reader.code = Code::kImageColour;
  } else if (what == JERR_OUT_OF_MEMORY) {
    reader.code = Code::kImageTooLarge;
  }
  std::longjmp(reader.leave, 1);
}

/// libjpeg calls missing data a warning and paints the rest grey. Here it is an error; harmless warnings (stray bytes between
/// markers, odd version numbers) stay unheard.
void on_message(j_common_ptr common, int level) {
  if (level >= 0) return;
  switch (common->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC: leave(common);
    default: break;
  }
}

void on_progress(j_common_ptr common) {
  if (common->is_decompressor == 0) return;
  const auto* jpeg = reinterpret_cast<j_decompress_ptr>(common);
  if (jpeg->input_scan_number <= kScansMax) return;
  common->err->msg_code = JERR_BAD_PROGRESSION;
  leave(common);
}

void on_silence(j_common_ptr) {}

/// Reads up to the first scan. False when it left by longjmp.
bool read_header(Reader& reader, ByteView file) {
  if (setjmp(reader.leave) != 0) return false;
  jpeg_create_decompress(&reader.jpeg);
  reader.created = true;
  reader.jpeg.progress = &reader.progress;
  jpeg_mem_src(&reader.jpeg, file.data(), static_cast<unsigned long>(file.size()));
  jpeg_save_markers(&reader.jpeg, JPEG_APP0 + 1, 0xFFFF);
  jpeg_save_markers(&reader.jpeg, JPEG_APP0 + 2, 0xFFFF);
  jpeg_read_header(&reader.jpeg, TRUE);
  return true;
}

/// Memory for all coefficients, which a file with several scans needs before its first row.
std::uint64_t coefficient_bytes(const jpeg_decompress_struct& jpeg) {
  std::uint64_t blocks = 0;
  for (int i = 0; i < jpeg.num_components; ++i) {
    blocks += static_cast<std::uint64_t>(jpeg.comp_info[i].width_in_blocks) * jpeg.comp_info[i].height_in_blocks;
  }
  return blocks * DCTSIZE2 * sizeof(JCOEF);
}

/// What the header promises, against our limits and against the bytes that are there.
Result<void> check_header(Reader& reader, ByteView file) {
  jpeg_decompress_struct& jpeg = reader.jpeg;
  SATCHEL_TRY(check_pixels(jpeg.image_width, jpeg.image_height));
  // A Huffman code has a bit at least, and every 8×8 block of the largest component has a code.
  const std::uint64_t pixels = static_cast<std::uint64_t>(jpeg.image_width) * jpeg.image_height;
  if (jpeg.arith_code == 0 && file.size() < pixels / (64 * 8)) {
    return Error{Code::kImageDamaged, "too few bytes for the size in its header"};
  }
  if (jpeg_has_multiple_scans(&jpeg) != 0 && coefficient_bytes(jpeg) > kWholeImageBytesMax) {
    return Error{Code::kImageTooLarge, "progressive, " + std::to_string(pixels / 1'000'000) + " megapixels"};
  }
  switch (jpeg.jpeg_color_space) {
    case JCS_GRAYSCALE:
    case JCS_YCbCr:
    case JCS_RGB: jpeg.out_color_space = JCS_EXT_BGR; break;
    case JCS_CMYK:
    case JCS_YCCK: jpeg.out_color_space = JCS_CMYK; break;
    default: return Error{Code::kImageColour, std::to_string(jpeg.num_components) + " colour components"};
  }
  return {};
}

/// The largest M/8 that keeps the longer side within max_side; 1/8 when none does.
void choose_scale(jpeg_decompress_struct& jpeg, int max_side) {
  const JDIMENSION longer = std::max(jpeg.image_width, jpeg.image_height);
  unsigned eighths = 8;
  if (max_side > 0) {
    while (eighths > 1 && (longer * eighths + 7) / 8 > static_cast<JDIMENSION>(max_side)) --eighths;
  }
  jpeg.scale_num = eighths;
  jpeg.scale_denom = 8;
}

bool start(Reader& reader) {
  if (setjmp(reader.leave) != 0) return false;
  jpeg_start_decompress(&reader.jpeg);
  return true;
}

/// The next row into reader.row. False when it left by longjmp.
bool read_row(Reader& reader) {
  if (setjmp(reader.leave) != 0) return false;
  JSAMPROW row = reader.row.data();
  return jpeg_read_scanlines(&reader.jpeg, &row, 1) == 1;
}

/// Reads to the end marker: a file without it was cut short.
bool finish(Reader& reader) {
  if (setjmp(reader.leave) != 0) return false;
  return jpeg_finish_decompress(&reader.jpeg) == TRUE;
}

/// Ink to light without a colour profile, as browsers do. Adobe's files hold inverted ink, and those are all but the only ones.
void cmyk_to_bgr(Reader& reader) {
  const bool inverted = reader.jpeg.saw_Adobe_marker != 0;
  const std::size_t pixels = reader.row.size() / 4;
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint8_t* ink = reader.row.data() + i * 4;
    const unsigned k = inverted ? ink[3] : 255u - ink[3];
    for (std::size_t c = 0; c < 3; ++c) {
      const unsigned light = inverted ? ink[c] : 255u - ink[c];
      reader.bgr[i * 3 + (2 - c)] = static_cast<std::uint8_t>((light * k + 127) / 255);
    }
  }
}

/// The ICC profile into reader.icc. False when it left by longjmp, for want of memory.
bool read_profile(Reader& reader) {
  if (setjmp(reader.leave) != 0) return false;
  unsigned icc_size = 0;
  if (jpeg_read_icc_profile(&reader.jpeg, &reader.icc, &icc_size) == TRUE) reader.icc_size = icc_size;
  return true;
}

int orientation_of(const jpeg_decompress_struct& jpeg) {
  for (const jpeg_marker_struct* marker = jpeg.marker_list; marker != nullptr; marker = marker->next) {
    if (marker->marker != JPEG_APP0 + 1) continue;
    const ByteView app1{marker->data, marker->data_length};
    if (app1.size() >= 6 && as_text(app1.first(4)) == "Exif") return exif_orientation(app1);
  }
  return 1;
}

Error failure(const Reader& reader) { return Error{reader.code, std::string(reader.message.data())}; }

}  // namespace

Result<Decoded> decode_jpeg(ByteView file, DecodeOptions options) {
  Reader reader;
  reader.jpeg.err = jpeg_std_error(&reader.errors);
  reader.errors.error_exit = leave;
  reader.errors.emit_message = on_message;
  reader.errors.output_message = on_silence;
  reader.progress.progress_monitor = on_progress;
  reader.jpeg.client_data = &reader;
  if (!read_header(reader, file)) return failure(reader);
  SATCHEL_TRY(check_header(reader, file));
  choose_scale(reader.jpeg, options.max_side);
  if (!start(reader)) return failure(reader);

  const int width = static_cast<int>(reader.jpeg.output_width);
  const int height = static_cast<int>(reader.jpeg.output_height);
  const bool cmyk = reader.jpeg.out_color_space == JCS_CMYK;
  reader.row.resize(static_cast<std::size_t>(width) * (cmyk ? 4 : 3));
  if (cmyk) reader.bgr.resize(static_cast<std::size_t>(width) * 3);
  RowSink sink(width, height, reduce_factor(width, height, options.max_side));
  for (int y = 0; y < height; ++y) {
    if (!read_row(reader)) return failure(reader);
    if (cmyk) cmyk_to_bgr(reader);
    sink.push(cmyk ? reader.bgr.data() : reader.row.data());
  }
  const int orientation = orientation_of(reader.jpeg);
  if (!cmyk && !read_profile(reader)) return failure(reader);  // a profile of inks is not for these pixels
  if (!finish(reader)) return failure(reader);

  Decoded out{sink.take(), orientation, Bytes(reader.icc, reader.icc + reader.icc_size)};
  out.picture.source_width = static_cast<int>(reader.jpeg.image_width);
  out.picture.source_height = static_cast<int>(reader.jpeg.image_height);
  return out;
}

}  // namespace satchel::core::portrait
