#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "cli/console.h"
#include "cli/language.h"
#include "node/client.h"

namespace satchel::cli {

/// What the program stands on. Built in main over the real node; tests bring canned answers.
struct Machine {
  const node::Surroundings& surroundings;
  Streams streams;
  Environment environment;
  std::string folder;  ///< the current one, absolute
  /// node::call without its first argument.
  std::function<core::Result<node::Answer>(const std::string& home, std::string_view operation,
                                           const boost::json::object& arguments, const node::Progress& progress)>
      call;
  /// node::run_node without its first argument.
  std::function<core::Result<void>(const node::RunOptions& options, const node::Progress& ready)> run_node;
  /// Called when the language is known and before work that Ctrl-C may end begins, with what is then to be said on standard
  /// output and standard error.
  std::function<void(const std::string& out, const std::string& talk)> on_interrupt;
  /// What a person types next, without the line end; nullopt at the end. Empty when nobody sits there.
  std::function<std::optional<std::string>()> read_line = {};
};

/// Does what the words after the program's name ask for. Returns the process's exit code (core/base/codes.h, Exit).
int run_program(std::span<const std::string> words, const Machine& machine);

}  // namespace satchel::cli
