// Joins two network namespaces by a line of a given rate, queue, delay, loss and outages. README.md says how it is used.
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <system_error>

#include "tests/lab/counters.h"
#include "tests/lab/options.h"
#include "tests/lab/tun.h"

namespace satchel::lab {
namespace {

Time monotonic() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::seconds(now.tv_sec) + Time{now.tv_nsec};
}

/// Before everything else on this machine where that is allowed: a late timer would show as jitter of the line.
bool become_real_time() {
  ::prctl(PR_SET_TIMERSLACK, 1UL);
  ::mlockall(MCL_CURRENT | MCL_FUTURE);
  sched_param first{};
  first.sched_priority = 1;
  return ::sched_setscheduler(0, SCHED_FIFO, &first) == 0;
}

int watch_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGUSR1, SIGUSR2, SIGTERM, SIGINT}) sigaddset(&set, signal);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  const int descriptor = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
  return descriptor;
}

/// Both directions with their weather, from time 0.
struct Line {
  explicit Line(const Options& options)
      : begun(monotonic()),
        weather(options.outages, options.seed),
        up(options.up, weather, 2 * options.seed),
        down(options.down, weather, 2 * options.seed + 1) {}
  Time begun;
  Weather weather;
  Direction up;
  Direction down;
  LineState state;
};

class Emulator {
 public:
  explicit Emulator(const Options& options)
      : options_(options),
        signals_(watch_signals()),
        site_(options.site_space, options.site_device),
        hub_(options.hub_space, options.hub_device),
        real_time_(become_real_time()) {
    begin();
  }
  ~Emulator() { ::close(signals_); }
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  int run() {
    if (!write_counters()) return 1;
    for (;;) {
      deliver(line_->up, hub_);
      deliver(line_->down, site_);
      wait();
      read(site_, line_->up);
      read(hub_, line_->down);
      if (const auto ended = heed_signals()) return *ended;
    }
  }

 private:
  Time now() const { return monotonic() - line_->begun; }

  void begin() { line_ = std::make_unique<Line>(options_); }

  void deliver(Direction& direction, Tun& to) {
    const Time time = now();
    while (const auto arrived = direction.take(time)) {
      line_->state.late_most = std::max(line_->state.late_most, time - arrived->first);
      if (!to.write(arrived->second)) ++line_->state.undeliverable;
    }
  }

  /// Until a packet is offered, a packet arrives or a signal comes.
  void wait() {
    std::array<pollfd, 3> events{{{site_.descriptor(), POLLIN, 0}, {hub_.descriptor(), POLLIN, 0}, {signals_, POLLIN, 0}}};
    std::optional<Time> next = line_->up.next_arrival();
    if (const auto other = line_->down.next_arrival(); other && (!next || *other < *next)) next = other;
    timespec limit{};
    if (next) {
      const Time left = std::max(*next - now(), Time{0});
      limit.tv_sec = left.count() / 1'000'000'000;
      limit.tv_nsec = left.count() % 1'000'000'000;
    }
    ::ppoll(events.data(), events.size(), next ? &limit : nullptr, nullptr);
  }

  /// A bounded number, so that a flood one way does not stop the other.
  void read(Tun& from, Direction& direction) {
    constexpr int kAtOnce = 64;
    for (int i = 0; i < kAtOnce; ++i) {
      auto packet = from.read();
      if (!packet) return;
      direction.offer(now(), *std::move(packet));
    }
  }

  std::optional<int> heed_signals() {
    signalfd_siginfo info{};
    if (::read(signals_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return std::nullopt;
    const int signal = static_cast<int>(info.ssi_signo);
    if (signal == SIGUSR2) begin();
    const bool written = write_counters();
    if (signal == SIGTERM || signal == SIGINT || !written) return written ? 0 : 1;
    return std::nullopt;
  }

  bool write_counters() {
    LineState state = line_->state;
    state.seed = options_.seed;
    state.snapshot = snapshots_++;
    state.elapsed = now();
    state.up = line_->weather.up_time(state.elapsed);
    state.real_time = real_time_;
    const bool written = replace_file(options_.counters, counters_json(state, line_->up.counts(), line_->down.counts()));
    if (!written) std::fprintf(stderr, "the counters cannot be written: %s\n", options_.counters.c_str());
    return written;
  }

  Options options_;
  int signals_;
  Tun site_;
  Tun hub_;
  bool real_time_;
  std::unique_ptr<Line> line_;
  std::uint64_t snapshots_ = 0;
};

}  // namespace
}  // namespace satchel::lab

int main(int argc, char** argv) {
  const auto options = satchel::lab::parse_options(argc, argv);
  if (!options) {
    std::fputs(satchel::lab::usage(), stderr);
    return 2;
  }
  try {
    return satchel::lab::Emulator(*options).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "line_emulator: %s\n", error.what());
    return 1;
  }
}
