#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <variant>

#include "cli/commands.h"
#include "cli/language.h"
#include "core/base/result.h"

namespace satchel::cli {

/// What holds for every command.
struct Globals {
  std::string home;  ///< as typed; empty when not given
  bool json = false;
  Language language = Language::en;
  bool no_input = false;  ///< what would ask is an error
};

struct Invocation {
  const Command* command = nullptr;  ///< in all_commands()
  boost::json::object arguments;     ///< of the operation, or of the command itself
};

struct Help {
  std::string text;
};

/// kUsage: `problem` says what is wrong in the chosen language; `suggestion` is the word that was probably meant, or empty.
struct UsageProblem {
  std::string problem;
  std::string suggestion;
};

struct ParsedLine {
  Globals globals;  ///< as far as they could be read, also of a line with a problem
  std::variant<Invocation, Help, UsageProblem> what;
};

/// Reads the words after the program's name. `folder` is the absolute current folder: relative paths are taken from there.
ParsedLine parse_command_line(std::span<const std::string> words, const Environment& environment, const std::string& folder);

/// Where this node lives: `home` as typed, else $SATCHEL_HOME, else $XDG_DATA_HOME/satchel when that is absolute (XDG Base
/// Directory Specification 0.8), else $HOME/.local/share/satchel; absolute. kUsage when nothing says.
core::Result<std::string> home_folder(const Globals& globals, const Environment& environment, const std::string& folder);

/// `path` from `folder`, without "." and "..", and without a slash at its end.
std::string absolute_path(const std::string& path, const std::string& folder);

}  // namespace satchel::cli
