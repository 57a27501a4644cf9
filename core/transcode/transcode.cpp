#include "core/transcode/transcode.h"

#include <algorithm>
#include <memory>

#include "core/transcode/container.h"
#include "core/transcode/jxl_library.h"

namespace satchel::core {
namespace {

/// libjxl's scale, 1 to 9. Measured on 480×640 portraits (tests/bench/transcode.cpp): 3 to 7 take the same time for the same
/// size; 8 takes 2.5 times as long for 0.6 % less, 9 takes 17 times as long for 1.1 %. A standard picture is small enough for 8
/// on any computer; of a camera's file the time is felt and the half per cent is not.
constexpr std::int64_t kEffortSmall = 8;
constexpr std::int64_t kEffortLarge = 7;
constexpr std::uint64_t kSmallPixels = 1'000'000;

Error damaged(const char* what) { return Error{Code::kImageDamaged, what}; }

/// What decides whether, and how, a file can be transcoded.
struct Outline {
  std::uint64_t pixels = 0;
  std::size_t head_end = kStart;  ///< behind the last APP1 segment, or behind the start marker
  static constexpr std::size_t kStart = 2;
};

/// Walks the segments up to the frame header; nullopt when there is none, or not one or three components.
std::optional<Outline> outline_of(ByteView file) {
  if (file.size() < 4 || file[0] != 0xFF || file[1] != 0xD8) return std::nullopt;
  Outline out;
  std::size_t at = Outline::kStart;
  while (at + 10 <= file.size() && file[at] == 0xFF) {
    const unsigned marker = file[at + 1];
    if (marker == 0xFF) {  // fill byte
      ++at;
      continue;
    }
    const bool tables = marker == 0xC4 || marker == 0xC8 || marker == 0xCC;
    if (marker >= 0xC0 && marker <= 0xCF && !tables) {
      const std::uint64_t height = file[at + 5] * 256U + file[at + 6];
      const std::uint64_t width = file[at + 7] * 256U + file[at + 8];
      const unsigned components = file[at + 9];
      out.pixels = width * height;
      return components == 1 || components == 3 ? std::optional{out} : std::nullopt;
    }
    at += 2 + file[at + 2] * 256U + file[at + 3];
    if (marker == 0xE1) out.head_end = at;
  }
  return std::nullopt;
}

/// The file without what stands before `head_end`, the start marker apart.
Bytes without_head(ByteView jpeg, std::size_t head_end) {
  Bytes out = to_bytes(jpeg.first(Outline::kStart));
  append(out, jpeg.subspan(head_end));
  return out;
}

struct Encoder {
  const JxlLibrary& jxl;
  JxlEncoder* encoder = nullptr;

  explicit Encoder(const JxlLibrary& library) : jxl(library), encoder(library.JxlEncoderCreate(nullptr)) {}
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  ~Encoder() {
    if (encoder != nullptr) jxl.JxlEncoderDestroy(encoder);
  }

  bool add(ByteView jpeg, std::int64_t effort) {
    if (encoder == nullptr) return false;
    JxlEncoderFrameSettings* const frame = jxl.JxlEncoderFrameSettingsCreate(encoder, nullptr);
    if (frame == nullptr) return false;
    const bool ready = jxl.JxlEncoderUseContainer(encoder, JXL_TRUE) == JXL_ENC_SUCCESS &&
                       jxl.JxlEncoderStoreJPEGMetadata(encoder, JXL_TRUE) == JXL_ENC_SUCCESS &&
                       jxl.JxlEncoderFrameSettingsSetOption(frame, JXL_ENC_FRAME_SETTING_EFFORT, effort) == JXL_ENC_SUCCESS &&
                       jxl.JxlEncoderAddJPEGFrame(frame, jpeg.data(), jpeg.size()) == JXL_ENC_SUCCESS;
    if (ready) jxl.JxlEncoderCloseInput(encoder);
    return ready;
  }

  /// nullopt when it does not fit into `most` bytes.
  std::optional<Bytes> finish(std::size_t most) {
    Bytes out(most);
    std::uint8_t* next = out.data();
    std::size_t room = out.size();
    if (jxl.JxlEncoderProcessOutput(encoder, &next, &room) != JXL_ENC_SUCCESS) return std::nullopt;
    out.resize(out.size() - room);
    return out;
  }
};

struct Decoder {
  const JxlLibrary& jxl;
  JxlDecoder* decoder = nullptr;
  Bytes jpeg;
  std::size_t filled = 0;

  std::size_t first_room;

  Decoder(const JxlLibrary& library, ByteView in)
      : jxl(library), decoder(library.JxlDecoderCreate(nullptr)), first_room(std::max<std::size_t>(64UL * 1024, 2 * in.size())) {}
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() {
    if (decoder != nullptr) jxl.JxlDecoderDestroy(decoder);
  }

  bool begin(ByteView in) {
    constexpr int kEvents = JXL_DEC_BASIC_INFO | JXL_DEC_JPEG_RECONSTRUCTION | JXL_DEC_FULL_IMAGE;
    if (decoder == nullptr || jxl.JxlDecoderSubscribeEvents(decoder, kEvents) != JXL_DEC_SUCCESS) return false;
    if (jxl.JxlDecoderSetInput(decoder, in.data(), in.size()) != JXL_DEC_SUCCESS) return false;
    jxl.JxlDecoderCloseInput(decoder);
    return true;
  }

  /// Before the decoder has allocated anything for the picture.
  Result<void> check_size() const {
    JxlBasicInfo info{};
    if (jxl.JxlDecoderGetBasicInfo(decoder, &info) != JXL_DEC_SUCCESS) return damaged("basic info");
    if (info.have_animation != 0 || info.have_preview != 0 || info.num_extra_channels != 0) return damaged("more than a JPEG");
    if (std::uint64_t{info.xsize} * info.ysize > kTranscodePixelsMax) return Error{Code::kImageTooLarge, "pixels"};
    return {};
  }

  /// The buffer grows while the decoder asks for more, up to the bound.
  Result<void> give_room() {
    if (!jpeg.empty()) filled = jpeg.size() - jxl.JxlDecoderReleaseJPEGBuffer(decoder);
    if (filled >= kTranscodedMax) return Error{Code::kImageTooLarge, "bytes"};
    jpeg.resize(std::min(std::max(first_room, 2 * jpeg.size()), kTranscodedMax));
    const bool taken = jxl.JxlDecoderSetJPEGBuffer(decoder, jpeg.data() + filled, jpeg.size() - filled) == JXL_DEC_SUCCESS;
    return taken ? Result<void>{} : Result<void>{damaged("buffer")};
  }

  Result<void> run() {
    while (true) {
      switch (jxl.JxlDecoderProcessInput(decoder)) {
        case JXL_DEC_BASIC_INFO: SATCHEL_TRY(check_size()); break;
        case JXL_DEC_JPEG_RECONSTRUCTION: SATCHEL_TRY(give_room()); break;
        case JXL_DEC_JPEG_NEED_MORE_OUTPUT: SATCHEL_TRY(give_room()); break;
        case JXL_DEC_FULL_IMAGE: {
          if (jpeg.empty()) return damaged("no JPEG inside");
          jpeg.resize(jpeg.size() - jxl.JxlDecoderReleaseJPEGBuffer(decoder));
          return {};
        }
        default: return damaged("JPEG XL");
      }
    }
  }
};

}  // namespace

std::optional<Bytes> to_jxl(ByteView jpeg) {
  const auto outline = outline_of(jpeg);
  if (!outline || outline->pixels == 0 || outline->pixels > kTranscodePixelsMax || jpeg.size() > kTranscodedMax)
    return std::nullopt;
  const JxlLibrary* const library = jxl_library();
  if (library == nullptr) return std::nullopt;
  ByteWriter out;
  out.sized(jpeg.subspan(Outline::kStart, outline->head_end - Outline::kStart));
  {
    Encoder encoder{*library};
    const Bytes rest = without_head(jpeg, outline->head_end);
    if (!encoder.add(rest, outline->pixels <= kSmallPixels ? kEffortSmall : kEffortLarge)) return std::nullopt;
    const auto jxl = encoder.finish(rest.size());
    if (!jxl) return std::nullopt;
    out.raw(*jxl);
  }
  Bytes form = std::move(out).take();
  if (form.size() >= jpeg.size()) return std::nullopt;
  const auto back = from_jxl(form);
  if (!back || !same_bytes(*back, jpeg)) return std::nullopt;
  return form;
}

Result<Bytes> from_jxl(ByteView form) {
  ByteReader in{form};
  const ByteView head = in.sized(kTranscodedMax);
  const ByteView jxl = in.rest();
  if (!in.ok()) return damaged("head");
  SATCHEL_TRY(check_container(jxl));
  const JxlLibrary* const library = jxl_library();
  if (library == nullptr) return Code::kTranscoderMissing;
  Decoder decoder{*library, jxl};
  if (!decoder.begin(jxl)) return damaged("JPEG XL");
  SATCHEL_TRY(decoder.run());
  Bytes& jpeg = decoder.jpeg;
  if (jpeg.size() < Outline::kStart) return damaged("no JPEG inside");
  if (jpeg.size() + head.size() > kTranscodedMax) return Error{Code::kImageTooLarge, "bytes"};
  jpeg.insert(jpeg.begin() + Outline::kStart, head.begin(), head.end());
  return std::move(jpeg);
}

}  // namespace satchel::core
