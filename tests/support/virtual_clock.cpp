#include "tests/support/virtual_clock.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace satchel::tests {

VirtualClock::VirtualClock(std::filesystem::path file) : file_(std::move(file)) { set("2026-01-05 09:00"); }

void VirtualClock::set(const std::string& local) {
  std::tm at{};
  if (std::sscanf(local.c_str(), "%d-%d-%d %d:%d", &at.tm_year, &at.tm_mon, &at.tm_mday, &at.tm_hour, &at.tm_min) != 5) {
    throw std::runtime_error("no date and hour: " + local);
  }
  at.tm_year -= 1900;
  at.tm_mon -= 1;
  at.tm_hour -= 8;
  timespec mono{};
  ::clock_gettime(CLOCK_MONOTONIC, &mono);
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::array<std::int64_t, 2> told{std::int64_t{::timegm(&at)} * kSecond,
                                         std::int64_t{mono.tv_sec} * kSecond + mono.tv_nsec};
  // In place: programs that run have the file mapped.
  const int fd = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const bool written = fd >= 0 && ::pwrite(fd, told.data(), sizeof told, 0) == static_cast<ssize_t>(sizeof told);
  if (fd >= 0) ::close(fd);
  if (!written) throw std::runtime_error("cannot write " + file_.string());
  now_ = local;
}

std::vector<std::pair<std::string, std::string>> VirtualClock::environment(bool runs, const std::string& words) const {
  std::vector<std::pair<std::string, std::string>> out{
      {"LD_PRELOAD", SATCHEL_VIRTUAL_CLOCK}, {"VIRTUAL_CLOCK", file_.string()}, {"TZ", "CST-8"}};
  if (runs) out.emplace_back("VIRTUAL_CLOCK_RUNS", "1");
  if (repeats_ && !runs) {
    std::uint64_t seed = 14695981039346656037ULL;  // FNV-1a
    for (const char c : now_ + words) seed = (seed ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    out.emplace_back("VIRTUAL_CHANCE", std::to_string(seed));
  }
  // The sanitizers want to be the first library; the clock calls nothing of theirs.
  if (const char* options = std::getenv("ASAN_OPTIONS")) {
    out.emplace_back("ASAN_OPTIONS", std::string(options) + ":verify_asan_link_order=0");
  } else {
    out.emplace_back("ASAN_OPTIONS", "verify_asan_link_order=0");
  }
  return out;
}

}  // namespace satchel::tests
