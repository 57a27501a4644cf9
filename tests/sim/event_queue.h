#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "core/base/check.h"
#include "core/base/time.h"

namespace satchel::tests {

inline constexpr std::int64_t kMs = 1'000;
inline constexpr std::int64_t kSecond = 1'000 * kMs;
inline constexpr std::int64_t kMinute = 60 * kSecond;

/// Virtual time in microseconds and what is to happen when. Ties go by the order of insertion.
class EventQueue {
 public:
  core::MonoUs now() const { return now_; }
  void at(core::MonoUs when, std::function<void()> what) {
    queue_.emplace(std::pair{std::max(when, now_), ++inserted_}, std::move(what));
  }
  void after(std::int64_t us, std::function<void()> what) { at(now_ + us, std::move(what)); }
  /// Runs the next event if it is due no later than `end`; else moves the time to `end` and gives false.
  bool step(core::MonoUs end) {
    if (queue_.empty() || queue_.begin()->first.first > end) {
      now_ = std::max(now_, end);
      return false;
    }
    const auto next = queue_.extract(queue_.begin());
    at_this_moment_ = next.key().first == now_ ? at_this_moment_ + 1 : 0;
    SATCHEL_CHECK(at_this_moment_ < kMomentMost);  // time would stand still
    now_ = next.key().first;
    ++steps_;
    next.mapped()();
    return true;
  }
  std::uint64_t steps() const { return steps_; }

 private:
  std::map<std::pair<core::MonoUs, std::uint64_t>, std::function<void()>> queue_;
  core::MonoUs now_;
  static constexpr std::uint64_t kMomentMost = 100'000;
  std::uint64_t inserted_ = 0;
  std::uint64_t at_this_moment_ = 0;
  std::uint64_t steps_ = 0;
};

}  // namespace satchel::tests
