#include "node/decoder.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include "core/campaign/foreign_answers.h"

namespace satchel::node {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Result;

namespace {

using Steady = std::chrono::steady_clock;

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { close(); }
  int get() const { return fd_; }
  void reset(int fd) {
    close();
    fd_ = fd;
  }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

struct Pipe {
  Fd read;
  Fd write;
  bool open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read.reset(ends[0]);
    write.reset(ends[1]);
    return true;
  }
};

void limit(int what, rlim_t most) {
  const rlimit value{most, most};
  ::setrlimit(static_cast<__rlimit_resource_t>(what), &value);
}

/// In the child, after fork: only what is async-signal-safe. Tells by `failed` that the program could not be run.
[[noreturn]] void become(const Decoder& decoder, char* const* arguments, int in, int out, int failed) {
  ::setpgid(0, 0);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  const int nowhere = ::open("/dev/null", O_WRONLY);
  if (nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  limit(RLIMIT_CORE, 0);   // a dump would hold the code
  limit(RLIMIT_FSIZE, 0);  // and so might a file
  limit(RLIMIT_CPU, static_cast<rlim_t>(decoder.timeout_s) + 1);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGPIPE, SIG_DFL);
  std::array<char*, 1> environment{nullptr};
  if (::chdir("/") == 0) ::execve(decoder.program.c_str(), arguments, environment.data());
  const int why = errno;
  static_cast<void>(!::write(failed, &why, sizeof why));
  ::_exit(127);
}

int left_ms(Steady::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Steady::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

/// Writes `code` and reads the answer until both ends are closed. False at the time limit; the answer is cut one byte behind its
/// limit, which then refuses it.
bool talk(Fd& in, Fd& out, ByteView code, Bytes& answer, Steady::time_point until) {
  ::fcntl(in.get(), F_SETFL, O_NONBLOCK);
  if (code.empty()) in.close();
  for (;;) {
    std::array<pollfd, 2> ends{pollfd{out.get(), POLLIN, 0}, pollfd{in.get(), POLLOUT, 0}};
    const int ready = ::poll(ends.data(), in.get() >= 0 ? 2 : 1, left_ms(until));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    if (in.get() >= 0 && ends[1].revents != 0) {
      const ssize_t n = ::write(in.get(), code.data(), code.size());
      if (n > 0) code = code.subspan(static_cast<std::size_t>(n));
      if (code.empty() || (n < 0 && errno != EAGAIN && errno != EINTR)) in.close();  // who does not read all may still answer
    }
    if (ends[0].revents == 0) continue;
    std::array<std::uint8_t, 512> piece{};
    const ssize_t n = ::read(out.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    core::append(answer, ByteView{piece.data(), static_cast<std::size_t>(n)});
    if (answer.size() > core::kDecoderAnswerMax) return true;
  }
}

/// The exit status, or nullopt at the time limit.
std::optional<int> wait_until(pid_t child, Steady::time_point until) {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return status;
    if (ended < 0 && errno != EINTR) return std::nullopt;
    if (left_ms(until) == 0) return std::nullopt;
    ::usleep(2000);
  }
}

void end_all(pid_t child) {
  ::kill(-child, SIGKILL);
  ::kill(child, SIGKILL);
}

/// A decoder that does not read its input must not end us.
class NoPipeSignal {
 public:
  NoPipeSignal() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;
  ~NoPipeSignal() { std::signal(SIGPIPE, before_); }

 private:
  void (*before_)(int);
};

}  // namespace

Result<std::optional<std::string>> ask_decoder(const Decoder& decoder, ByteView code) {
  const Steady::time_point until = Steady::now() + std::chrono::seconds(decoder.timeout_s);
  Pipe in;
  Pipe out;
  Pipe failed;
  if (!in.open() || !out.open() || !failed.open()) return Error{Code::kDecoderFailed, std::strerror(errno)};
  std::vector<std::string> words{decoder.program};
  words.insert(words.end(), decoder.arguments.begin(), decoder.arguments.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  const NoPipeSignal no_pipe_signal;
  const pid_t child = ::fork();
  if (child < 0) return Error{Code::kDecoderFailed, std::strerror(errno)};
  if (child == 0) become(decoder, arguments.data(), in.read.get(), out.write.get(), failed.write.get());
  in.read.close();
  out.write.close();
  failed.write.close();

  Bytes answer;
  const bool heard = talk(in.write, out.read, code, answer, until);
  in.write.close();
  out.read.close();
  const bool too_long = answer.size() > core::kDecoderAnswerMax;
  const std::optional<int> status = heard && !too_long ? wait_until(child, until) : std::nullopt;
  end_all(child);  // and whatever it has started
  if (!status) ::waitpid(child, nullptr, 0);
  int why = 0;
  if (::read(failed.read.get(), &why, sizeof why) == sizeof why) return Error{Code::kFileMissing, decoder.program};
  if (too_long) return Error{Code::kDecoderFailed, "its answer is too long"};
  if (!status) return Error{Code::kDecoderTimeout, std::to_string(decoder.timeout_s) + " s"};
  if (!WIFEXITED(*status)) return Error{Code::kDecoderFailed, "it was ended by signal " + std::to_string(WTERMSIG(*status))};
  if (WEXITSTATUS(*status) != 0) return Error{Code::kDecoderFailed, "exit " + std::to_string(WEXITSTATUS(*status))};
  return core::read_decoder_answer(answer);
}

}  // namespace satchel::node
