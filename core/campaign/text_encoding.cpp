#include "core/campaign/text_encoding.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/base/utf8.h"

namespace satchel::core {
namespace {

struct CloseConverter {
  void operator()(void* converter) const noexcept { iconv_close(converter); }
};
using Converter = std::unique_ptr<void, CloseConverter>;

std::size_t lines_in(ByteView bytes) { return static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n')) + 1; }

Error not_readable(ByteView read, std::string_view what) {
  return {Code::kRosterBad, "line " + std::to_string(lines_in(read)) + ": " + std::string(what)};
}

/// The whole of `in` in UTF-8; the converter refuses what is no character of `from`.
Result<std::string> convert(ByteView in, const char* from) {
  void* const opened = iconv_open("UTF-8", from);
  // A system without the converter's module: said as what it means for the person.
  if (opened == reinterpret_cast<void*>(-1))
    return Error{Code::kRosterBad, std::string("this computer cannot read ") + from};  // NOLINT
  const Converter converter{opened};
  std::string out;
  Bytes source = to_bytes(in);
  char* next = reinterpret_cast<char*>(source.data());
  std::size_t left = source.size();
  std::array<char, 16384> piece{};
  while (left > 0) {
    char* to = piece.data();
    std::size_t room = piece.size();
    const std::size_t converted = iconv(converter.get(), &next, &left, &to, &room);
    out.append(piece.data(), piece.size() - room);
    if (converted != static_cast<std::size_t>(-1)) continue;
    const bool piece_full = room < piece.size();
    if (!piece_full) return not_readable(in.first(in.size() - left), std::string("neither UTF-8 nor ") + from);
  }
  return out;
}

Result<DecodedText> checked(std::string text, TextEncoding encoding) {
  if (const std::size_t zero = text.find('\0'); zero != std::string::npos) {
    return not_readable(as_bytes(text).first(zero), "a zero byte: this is no text");
  }
  return DecodedText{std::move(text), encoding};
}

}  // namespace

std::string_view encoding_name(TextEncoding encoding) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"UTF-8", "GB18030", "UTF-16"};
  return kNames[static_cast<std::size_t>(encoding)];
}

Result<DecodedText> decode_text(ByteView file) {
  std::string_view text = as_text(file);
  const bool marked = text.starts_with("\xEF\xBB\xBF");
  if (marked) text.remove_prefix(3);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    SATCHEL_TRY_ASSIGN(std::string utf8, convert(as_bytes(text), "UTF-16"));
    return checked(std::move(utf8), TextEncoding::utf16);
  }
  if (is_utf8(text)) return checked(std::string(text), TextEncoding::utf8);
  if (marked) return Error{Code::kRosterBad, "the file says that it is UTF-8, and it is not"};
  SATCHEL_TRY_ASSIGN(std::string utf8, convert(as_bytes(text), "GB18030"));
  return checked(std::move(utf8), TextEncoding::gb18030);
}

}  // namespace satchel::core
