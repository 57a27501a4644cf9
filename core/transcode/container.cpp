#include "core/transcode/container.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace satchel::core {
namespace {

/// ISO/IEC 18181-2: the first box of every file.
constexpr std::array<std::uint8_t, 12> kSignatureBox{0, 0, 0, 12, 'J', 'X', 'L', ' ', 0x0D, 0x0A, 0x87, 0x0A};
constexpr std::size_t kBoxHead = 8;
/// A box of this length stands last and reaches to the end of the file.
constexpr std::uint32_t kToTheEnd = 0;

struct Box {
  std::string_view type;
  ByteView content;
};

Error damaged(const char* what) { return Error{Code::kImageDamaged, what}; }

/// Cuts the next box off `rest`.
Result<Box> next_box(ByteView& rest) {
  ByteReader in{rest};
  const std::uint32_t length = in.u32_be();
  const ByteView type = in.raw(4);
  if (!in.ok()) return damaged("box");
  const std::size_t size = length == kToTheEnd ? rest.size() : length;
  if (size < kBoxHead || size > rest.size()) return damaged("length of a box");  // 1, the 64-bit form, is never needed
  const Box box{as_text(type), rest.subspan(kBoxHead, size - kBoxHead)};
  rest = rest.subspan(size);
  return box;
}

/// The reconstruction data begin with one bit (grey or colour), then the low six bits of each marker of the JPEG, lowest bit
/// first, up to its end-of-image marker 0xD9.
Result<void> check_markers(ByteView data) {
  constexpr std::size_t kMarkerBits = 6;
  constexpr unsigned kEndOfImage = 0xD9 - 0xC0;
  std::size_t at = 1;
  for (std::size_t markers = 0; markers < kJpegMarkersMax; ++markers) {
    unsigned marker = 0;
    for (std::size_t bit = 0; bit < kMarkerBits; ++bit, ++at) {
      if (at / 8 >= data.size()) return damaged("markers");
      marker |= ((static_cast<unsigned>(data[at / 8]) >> (at % 8)) & 1U) << bit;
    }
    if (marker == kEndOfImage) return {};
  }
  return Error{Code::kImageTooLarge, "markers"};
}

bool known(std::string_view type) {
  constexpr std::array<std::string_view, 5> kKnown{"ftyp", "jxll", "jbrd", "jxlc", "jxlp"};
  return std::find(kKnown.begin(), kKnown.end(), type) != kKnown.end();
}

}  // namespace

Result<void> check_container(ByteView jxl) {
  if (jxl.size() < kSignatureBox.size() || !same_bytes(jxl.first(kSignatureBox.size()), kSignatureBox)) {
    return damaged("not a JPEG XL container");
  }
  ByteView rest = jxl.subspan(kSignatureBox.size());
  std::set<std::string_view> seen;
  while (!rest.empty()) {
    SATCHEL_TRY_ASSIGN(const Box box, next_box(rest));
    if (!known(box.type)) return damaged("unknown box");
    if (!seen.insert(box.type).second && box.type != "jxlp") return damaged("a box twice");
    if (box.type == "jbrd") SATCHEL_TRY(check_markers(box.content));
  }
  if (!seen.contains("jbrd")) return damaged("no JPEG inside");
  return {};
}

}  // namespace satchel::core
