#pragma once

#include <span>
#include <string_view>

#include "cli/words.h"

namespace satchel::cli {

/// How the words of one parameter become a value of the operation's arguments.
enum class Kind {
  flag,      ///< true when given
  text,      ///< one text
  texts,     ///< a list of texts
  path,      ///< one path, made absolute
  paths,     ///< a list of paths, made absolute
  duration,  ///< "20m" as whole seconds
};

struct Parameter {
  Kind kind;
  std::string_view name;   ///< "--out"; without dashes: by position, shown like this
  std::string_view value;  ///< what stands for the value in the help: "FILE"; empty for flags and positions
  std::string_view key;    ///< in the operation's arguments
  bool required;
  Phrase help;
  std::string_view unless = {};  ///< not required when this one is given
};

/// One line of the table of commands. What is no operation of a node ("check", "campaign.lint", "run", "version") the command
/// line does itself.
struct Command {
  std::string_view group;  ///< "hub", or empty
  std::string_view word;   ///< "init"; empty for what the group's word does alone
  std::string_view operation;
  Phrase help;
  std::span<const Parameter> parameters;
};

struct Group {
  std::string_view word;
  Phrase help;
};

/// The contract that scripts rely on, in the order in which help shows it.
std::span<const Command> all_commands() noexcept;
/// The first words of commands that have two.
std::span<const Group> all_groups() noexcept;

}  // namespace satchel::cli
