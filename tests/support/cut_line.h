#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>

namespace satchel::tests {

/// Stands between callers and an answerer on 127.0.0.1, by TCP, with a port of its own: a line that is torn (reset at both ends)
/// once the callers have sent so many bytes over it, and stays away from then on.
class CutLine {
 public:
  CutLine(const std::string& answerer, std::size_t bytes);
  ~CutLine();
  CutLine(const CutLine&) = delete;
  CutLine& operator=(const CutLine&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  bool cut() const { return cut_; }

 private:
  void run();
  /// Until the line is cut, or an end goes by itself.
  void carry(int caller, int answerer);

  std::size_t left_;
  int answerer_port_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> cut_{false};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace satchel::tests
