#include "core/base/ids.h"

namespace satchel::core {
namespace {

// Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O, U.
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

std::optional<std::uint64_t> digit_value(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  const std::size_t at = kAlphabet.find(c);
  if (at == std::string_view::npos) return std::nullopt;
  return at;
}

}  // namespace

std::string_view lane_name(Lane lane) {
  switch (lane) {
    case Lane::control: return "control";
    case Lane::record: return "record";
    case Lane::photo: return "photo";
    case Lane::original: return "original";
  }
  return "unknown";
}

std::string StudentRef::text() const {
  std::string out;
  for (int digit = 9; digit >= 0; --digit) {
    out.push_back(kAlphabet[(value >> (5 * digit)) & 31U]);
    if (digit == 5) out.push_back('-');
  }
  return out;
}

std::optional<StudentRef> StudentRef::parse(std::string_view text) {
  std::uint64_t value = 0;
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '-' && i == 5 && text.size() == 11) continue;
    const auto digit = digit_value(text[i]);
    if (!digit || digits == 10) return std::nullopt;
    value = (value << 5) | *digit;
    ++digits;
  }
  if (digits != 10) return std::nullopt;
  return StudentRef{value};
}

}  // namespace satchel::core
