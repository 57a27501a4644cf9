#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace satchel::core {

/// How a text file of a school's computer is written.
enum class TextEncoding : std::uint8_t { utf8 = 0, gb18030 = 1, utf16 = 2 };
/// "UTF-8", "GB18030", "UTF-16".
std::string_view encoding_name(TextEncoding encoding) noexcept;

struct DecodedText {
  std::string text;  ///< UTF-8, without a byte-order mark
  TextEncoding encoding = TextEncoding::utf8;
};

/// Makes UTF-8 of a text file: a byte-order mark decides (UTF-8, or UTF-16 as Excel writes "Unicode text"); else what is UTF-8
/// stays as it is, and what is not is taken for GB18030 (GB 18030-2005; GBK and GB 2312 are parts of it), which Chinese Excel
/// writes. kRosterBad, with the line, for bytes that are neither, and for zero bytes: that is no text.
Result<DecodedText> decode_text(ByteView file);

}  // namespace satchel::core
