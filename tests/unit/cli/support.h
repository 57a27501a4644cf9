#pragma once

#include <boost/json/parse.hpp>
#include <map>
#include <optional>
#include <string>

#include "cli/render.h"

namespace satchel::cli::test {

/// An answer written down by hand, as a node gives it.
inline boost::json::object document(std::string_view text) {
  return boost::json::parse(boost::json::string_view(text.data(), text.size())).as_object();
}

inline View view(Language language) { return {Words(language), Paint(false), Paint(false)}; }

inline std::string data(std::string_view answer, Language language) { return render(document(answer), view(language)).data; }
inline std::string talk(std::string_view answer, Language language) { return render(document(answer), view(language)).talk; }

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// An environment of these variables and no others.
inline Environment environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

}  // namespace satchel::cli::test
