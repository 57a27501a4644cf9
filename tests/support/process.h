#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace satchel::tests {

/// How a program ended and what it said.
struct Outcome {
  int exit = -1;   ///< its exit code; -1 when a signal ended it
  int signal = 0;  ///< the signal that ended it, else 0
  bool timed_out = false;
  std::string out;
  std::string err;
};

struct Launch {
  std::string program;  ///< absolute path
  std::vector<std::string> arguments;
  /// Added to this process's environment, from which SATCHEL_*, LANG and LC_* are left out.
  std::vector<std::pair<std::string, std::string>> environment = {};
};

/// A child with stdin closed and its output kept in unnamed files. Killed (SIGKILL) when this goes out of scope while it still
/// runs.
class Process {
 public:
  /// Throws std::runtime_error when the program cannot be started.
  explicit Process(const Launch& launch);
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  /// What it has said so far.
  std::string out() const;
  std::string err() const;
  /// True once stdout holds a whole line; false when it ended or `most` passed before.
  bool wait_for_line(std::chrono::milliseconds most);
  void send(int signal);
  /// Waits for its end; after `most` it is killed and the outcome says timed_out.
  Outcome wait(std::chrono::milliseconds most);

 private:
  bool reap(std::chrono::milliseconds most);
  void close_all() noexcept;

  pid_t pid_ = -1;
  int watch_ = -1;  ///< pidfd
  int out_ = -1;
  int err_ = -1;
  bool ended_ = false;
  int status_ = 0;
};

Outcome run(const Launch& launch, std::chrono::milliseconds most);

}  // namespace satchel::tests
