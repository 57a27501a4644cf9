#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace satchel::cli {

enum class Language { zh, en };

/// One variable of the process's environment; nullopt when it is not set. Handed down from main, so that tests bring their own.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// "zh" or "en"; nullopt for anything else.
std::optional<Language> parse_language(std::string_view text) noexcept;

/// The language of the locale: the first of LC_ALL, LC_MESSAGES and LANG that is not empty decides (POSIX.1-2017, 8.2); what
/// begins with "zh" is Chinese, everything else English.
Language language_of(const Environment& environment);

}  // namespace satchel::cli
