#include "cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "core/base/codes.h"

namespace satchel::cli {
namespace {

// What a signal handler may touch: filled before the handler is installed, never changed after.
struct Words {
  std::array<char, 1000> bytes;
  std::size_t size;
};
Words g_out{};
Words g_talk{};

void keep(Words& words, const std::string& text) {
  words.size = std::min(text.size(), words.bytes.size());
  std::copy_n(text.begin(), words.size, words.bytes.begin());
}

// Only calls that POSIX.1-2017 names async-signal-safe.
extern "C" void on_sigint(int) {
  [[maybe_unused]] ssize_t ignored = ::write(STDOUT_FILENO, g_out.bytes.data(), g_out.size);
  ignored = ::write(STDERR_FILENO, g_talk.bytes.data(), g_talk.size);
  ::_exit(static_cast<int>(core::Exit::interrupted));
}

}  // namespace

void end_on_interrupt(const std::string& out, const std::string& talk) {
  keep(g_out, out);
  keep(g_talk, talk);
  struct sigaction action = {};
  action.sa_handler = on_sigint;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
}

}  // namespace satchel::cli
