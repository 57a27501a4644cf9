#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>

extern char** environ;

namespace satchel::tests {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Where the words of a child go: a file in memory, so that no pipe can fill up and stop it.
int unnamed_file(const char* name) {
  const int fd = memfd_create(name, MFD_CLOEXEC);
  if (fd < 0) throw std::runtime_error(std::string("memfd_create: ") + std::strerror(errno));
  return fd;
}

std::string contents(int fd) {
  std::string text;
  std::array<char, 65536> piece;
  while (true) {
    const ssize_t n = pread(fd, piece.data(), piece.size(), static_cast<off_t>(text.size()));
    if (n <= 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(n));
  }
}

std::vector<std::string> environment_for(const Launch& launch) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    if (variable.starts_with("SATCHEL_") || variable.starts_with("LC_") || variable.starts_with("LANG")) continue;
    variables.emplace_back(variable);
  }
  for (const auto& [name, value] : launch.environment) {
    // In place of what is inherited: of two the program would read the first.
    std::erase_if(variables, [&](const std::string& one) { return one.starts_with(name + "="); });
    variables.push_back(name + "=" + value);
  }
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& string : strings) out.push_back(string.data());
  out.push_back(nullptr);
  return out;
}

pid_t spawn(const Launch& launch, int out, int err) {
  std::vector<std::string> arguments{launch.program};
  arguments.insert(arguments.end(), launch.arguments.begin(), launch.arguments.end());
  std::vector<std::string> variables = environment_for(launch);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  pid_t pid = -1;
  const int error =
      posix_spawn(&pid, launch.program.c_str(), &actions, nullptr, pointers(arguments).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + launch.program + ": " + std::strerror(error));
  return pid;
}

}  // namespace

Process::Process(const Launch& launch) : out_(unnamed_file("stdout")), err_(unnamed_file("stderr")) {
  pid_ = spawn(launch, out_, err_);
  watch_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
}

Process::~Process() { close_all(); }

Process::Process(Process&& other) noexcept { *this = std::move(other); }

Process& Process::operator=(Process&& other) noexcept {
  if (this == &other) return *this;
  close_all();
  pid_ = std::exchange(other.pid_, -1);
  watch_ = std::exchange(other.watch_, -1);
  out_ = std::exchange(other.out_, -1);
  err_ = std::exchange(other.err_, -1);
  ended_ = std::exchange(other.ended_, true);
  status_ = other.status_;
  return *this;
}

void Process::close_all() noexcept {
  if (pid_ > 0 && !ended_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, &status_, 0);
    ended_ = true;
  }
  for (int* fd : {&watch_, &out_, &err_}) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
  }
}

bool Process::reap(milliseconds most) {
  if (ended_) return true;
  pollfd watched{watch_, POLLIN, 0};
  const auto until = steady_clock::now() + most;
  while (true) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now()).count();
    const int ready = poll(&watched, 1, static_cast<int>(left > 0 ? left : 0));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    ended_ = waitpid(pid_, &status_, 0) == pid_;
    return true;
  }
}

bool Process::running() { return !reap(milliseconds(0)); }

std::string Process::out() const { return contents(out_); }
std::string Process::err() const { return contents(err_); }

bool Process::wait_for_line(milliseconds most) {
  const auto until = steady_clock::now() + most;
  while (out().find('\n') == std::string::npos) {
    if (steady_clock::now() > until) return false;
    if (reap(milliseconds(5))) return out().find('\n') != std::string::npos;
  }
  return true;
}

void Process::send(int signal) {
  if (pid_ > 0 && !ended_) kill(pid_, signal);
}

Outcome Process::wait(milliseconds most) {
  Outcome outcome;
  if (!reap(most)) {
    outcome.timed_out = true;
    send(SIGKILL);
    reap(std::chrono::seconds(10));
  }
  outcome.exit = ended_ && WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
  outcome.signal = ended_ && WIFSIGNALED(status_) ? WTERMSIG(status_) : 0;
  outcome.out = out();
  outcome.err = err();
  return outcome;
}

Outcome run(const Launch& launch, milliseconds most) { return Process(launch).wait(most); }

}  // namespace satchel::tests
