#include "protocol/stick/names.h"

#include <algorithm>

#include "core/base/check.h"

namespace satchel::protocol {

namespace {

constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kEnding = ".sat";

std::string digits(std::uint32_t value, std::size_t width) {
  std::string out(width, '0');
  for (std::size_t i = width; i-- > 0; value /= 36) out[i] = kDigits[value % 36];
  SATCHEL_CHECK(value == 0);
  return out;
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value * 36 + static_cast<std::uint32_t>(digit);
  }
  return value;
}

}  // namespace

std::string file_name(const StickName& name) {
  const std::string node = digits(name.node.value, 4);
  switch (name.kind) {
    case StickName::Kind::segment: return node + "s" + digits(name.counter, 3) + std::string(kEnding);
    case StickName::Kind::manifest: return node + "m" + digits(name.counter, 1) + std::string(kEnding);
    case StickName::Kind::note: break;
  }
  return node + "n" + std::string(kEnding);
}

std::optional<StickName> parse_file_name(std::string_view given) {
  std::string text{given};
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (text.size() < 5 + kEnding.size() || !text.ends_with(kEnding)) return std::nullopt;
  text.resize(text.size() - kEnding.size());
  const auto node = number(std::string_view{text}.substr(0, 4));
  const std::string_view rest = std::string_view{text}.substr(5);
  const auto counter = number(rest);
  if (!node || !counter) return std::nullopt;
  const char kind = text[4];
  if (kind == 's' && rest.size() == 3) return StickName{StickName::Kind::segment, {*node}, *counter};
  if (kind == 'm' && rest.size() == 1 && *counter < 2) return StickName{StickName::Kind::manifest, {*node}, *counter};
  if (kind == 'n' && rest.empty()) return StickName{StickName::Kind::note, {*node}, 0};
  return std::nullopt;
}

}  // namespace satchel::protocol
