#include "node/system_clock.h"

#include <ctime>
#include <fstream>
#include <string>

namespace satchel::node {
namespace {

std::int64_t now_us(clockid_t which) {
  timespec at{};
  ::clock_gettime(which, &at);
  return std::int64_t{at.tv_sec} * 1'000'000 + at.tv_nsec / 1'000;
}

}  // namespace

SystemClock::SystemClock() {
  // random(4): /proc/sys/kernel/random/boot_id is a UUID made at boot; its first 64 bits are enough to tell boots apart.
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text;
  file >> text;
  int digits = 0;
  for (const char c : text) {
    if (digits == 16) break;
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) continue;
    boot_id_ = boot_id_ * 16 + static_cast<std::uint64_t>(digit);
    ++digits;
  }
}

core::WallMs SystemClock::wall() const { return {now_us(CLOCK_REALTIME) / 1'000}; }
core::MonoMs SystemClock::mono() const { return {now_us(CLOCK_BOOTTIME) / 1'000}; }
core::MonoUs SystemClock::mono_us() const { return {now_us(CLOCK_BOOTTIME)}; }

}  // namespace satchel::node
