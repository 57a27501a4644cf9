#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"

namespace spdlog {
class logger;
}

namespace satchel::node {

/// A node's diary: what it did, in numbers, codes and references. Nothing of a person is ever written to it (names, numbers,
/// mail, code content, pictures); tests search for them. At most 4 files of 1 MiB.
class Log {
 public:
  /// Writes nowhere: for one-shot commands and tests.
  Log() = default;
  /// Appends to `file`, whose folder exists. Falls back to writing nowhere when it cannot be opened: a full disk must not stop
  /// work.
  explicit Log(const std::string& file);
  void note(const std::string& line) const;
  void trouble(const std::string& line) const;
  /// "what: E-CODE detail"
  void trouble(const std::string& what, const core::Error& error) const;

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace satchel::node
