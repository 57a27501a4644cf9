#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/virtual_clock.h"

namespace satchel::tests {

using Arguments = std::vector<std::string>;

/// Long enough for any one command on a slow machine under sanitizers; a command that needs it all hangs.
inline constexpr std::chrono::seconds kCommandTime{120};

/// `folder`/`name` as the home of one node, and the real `satchel` program run on it. Every check is a Catch2 REQUIRE that shows
/// the command, its outcome and what it said.
class NodeHome {
 public:
  /// With a `clock`, which must outlive it, the program finds that day and hour.
  NodeHome(std::string name, std::filesystem::path path, const VirtualClock* clock = nullptr)
      : name_(std::move(name)), path_(std::move(path)), clock_(clock) {}

  /// The same node on a computer where these variables stand in the environment.
  NodeHome with(std::vector<std::pair<std::string, std::string>> environment) const {
    NodeHome out = *this;
    out.environment_ = std::move(environment);
    return out;
  }

  const std::string& name() const { return name_; }
  const std::filesystem::path& path() const { return path_; }

  /// As a person types it; nothing is required of the outcome.
  Outcome say(const Arguments& arguments) const;
  /// With --json: requires this exit code and exactly one document on stdout.
  boost::json::object ask(const Arguments& arguments, int exit = 0) const;
  /// With --json: requires this exit code and one document a line.
  std::vector<boost::json::object> ask_lines(const Arguments& arguments, int exit = 0) const;
  /// Requires that the command refuses with this exit code and stable id, in JSON with all keys of an error, and as sentences in
  /// both languages on stderr with nothing on stdout.
  void refuses(const Arguments& arguments, int exit, std::string_view id) const;

  Process start(const Arguments& arguments) const;

 private:
  Arguments with_home(const Arguments& arguments, const Arguments& more) const;
  Launch launch(const Arguments& arguments, const Arguments& more) const;
  Outcome run_here(const Arguments& arguments, const Arguments& more) const;

  std::string name_;
  std::filesystem::path path_;
  const VirtualClock* clock_;
  std::vector<std::pair<std::string, std::string>> environment_;
};

/// `satchel run` in the background.
class RunningNode {
 public:
  /// Starts it on a free port and waits for its ready line. `more`: further arguments, for example {"--peer", address}.
  /// `listen`: this machine alone, unless the test is about the local network.
  explicit RunningNode(const NodeHome& home, const Arguments& more = {}, const std::string& listen = "127.0.0.1:0");
  const std::string& address() const { return address_; }
  Process& process() { return process_; }
  /// SIGTERM, and requires a clean end.
  void stop();

 private:
  Process process_;
  std::string address_;
};

/// One document, or a failed REQUIRE that shows the text.
boost::json::value parse_json(std::string_view text);
/// What stands in all error documents and items.
void require_error(const boost::json::object& error, std::string_view id);
/// Fails naming the missing keys.
void require_keys(const boost::json::object& document, const std::vector<std::string>& keys);

std::int64_t number_at(const boost::json::object& document, const std::string& key);
std::string text_at(const boost::json::object& document, const std::string& key);

/// All that any command of this test process wrote to stderr, for searches afterwards.
const std::string& said_on_stderr();

}  // namespace satchel::tests
