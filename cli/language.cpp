#include "cli/language.h"

namespace satchel::cli {

std::optional<Language> parse_language(std::string_view text) noexcept {
  if (text == "zh") return Language::zh;
  if (text == "en") return Language::en;
  return std::nullopt;
}

Language language_of(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const std::optional<std::string> value = environment(name);
    if (value && !value->empty()) return value->starts_with("zh") ? Language::zh : Language::en;
  }
  return Language::en;
}

}  // namespace satchel::cli
