#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace satchel::tests {

/// What day and hour it is for the real program, in every process that is started with environment() (virtual_clock.c). The clock
/// stands still until it is set anew; processes that hold links let it run on from there.
class VirtualClock {
 public:
  /// `file` is made by it.
  explicit VirtualClock(std::filesystem::path file);
  /// "2026-06-16 08:00", in China.
  void set(const std::string& local);
  const std::string& now() const { return now_; }
  /// From now on a command that is given again at the same time, to a node of the same name, draws the same chance: two copies of
  /// a campaign can then be compared to the byte.
  void repeat_chance() { repeats_ = true; }
  /// For one command of one node, in `words`. `runs`: it holds links.
  std::vector<std::pair<std::string, std::string>> environment(bool runs, const std::string& words) const;

 private:
  std::filesystem::path file_;
  std::string now_;
  bool repeats_ = false;
};

}  // namespace satchel::tests
