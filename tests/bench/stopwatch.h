#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <vector>

namespace satchel::tests {

/// Time that passed, and processor time of the whole process with its threads in the background.
struct Spent {
  double wall_s = 0;
  double cpu_s = 0;
  Spent& operator+=(const Spent& other) {
    wall_s += other.wall_s;
    cpu_s += other.cpu_s;
    return *this;
  }
};

class Stopwatch {
 public:
  Spent spent() const {
    return {std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count(), cpu_now() - cpu_begun_};
  }

 private:
  static double cpu_now() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
  }
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  double cpu_begun_ = cpu_now();
};

/// Processor time of this thread, in milliseconds.
inline double thread_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// The upper one of two in the middle.
inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace satchel::tests
