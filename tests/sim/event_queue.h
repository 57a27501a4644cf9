#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace satchel::tests {

/// Virtual time in milliseconds and what is to happen when. Ties go by the order of insertion.
class EventQueue {
 public:
  std::int64_t now() const { return now_; }
  void after(std::int64_t ms, std::function<void()> what) { queue_.emplace(std::pair{now_ + ms, ++inserted_}, std::move(what)); }
  /// Runs the next event if it is due no later than `end`; else moves the time to `end` and gives false.
  bool step(std::int64_t end) {
    if (queue_.empty() || queue_.begin()->first.first > end) {
      now_ = end;
      return false;
    }
    const auto next = queue_.extract(queue_.begin());
    now_ = next.key().first;
    next.mapped()();
    return true;
  }

 private:
  std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> queue_;
  std::int64_t now_ = 0;
  std::uint64_t inserted_ = 0;
};

}  // namespace satchel::tests
