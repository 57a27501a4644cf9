#pragma once

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace satchel::node {

/// Does `work(i)` for every i below `count` in two threads; `done(i, answer)` hears of them in order, in the calling thread. No
/// more than kAhead answers wait at a time. `work` touches nothing that another thread changes; neither throws.
template <class T>
void two_at_a_time(std::size_t count, const std::function<T(std::size_t)>& work,
                   const std::function<void(std::size_t, T)>& done) {
  constexpr std::size_t kAhead = 8;
  constexpr std::size_t kThreads = 2;  // an old PC has two cores
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::size_t, T> answers;
  std::size_t next = 0;
  std::size_t told = 0;
  const auto run = [&] {
    for (;;) {
      std::size_t mine = 0;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return next >= count || next < told + kAhead; });
        if (next >= count) return;
        mine = next++;
      }
      T answer = work(mine);
      const std::lock_guard lock(mutex);
      answers.emplace(mine, std::move(answer));
      changed.notify_all();
    }
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < std::min(kThreads, count); ++i) threads.emplace_back(run);
  for (std::size_t i = 0; i < count; ++i) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return answers.contains(i); });
    auto found = answers.extract(i);
    lock.unlock();
    done(i, std::move(found.mapped()));
    lock.lock();
    told = i + 1;
    changed.notify_all();
  }
}

}  // namespace satchel::node
