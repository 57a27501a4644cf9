#pragma once

#include <array>
#include <optional>

#include "tests/sim/campaign.h"

namespace satchel::tests {

/// Two sessions joined by a stream in memory. Time stands still unless a test moves it. After each arrival both nodes do what a
/// node does: open what came, and tell the session.
class Meeting {
 public:
  struct Options {
    bool known = true;                         ///< the caller knows whom it calls
    std::size_t step = 4096;                   ///< bytes handed over at a time
    std::optional<std::uint64_t> cut_after{};  ///< bytes of both directions, then the stream ends
    bool digest = true;
    std::optional<core::Member> expected{};  ///< whom the caller believes to call, if not the answerer
    core::MonoMs begin{1'000'000};
  };
  Meeting(CampaignNode& caller, CampaignNode& answerer, const Options& options);
  Meeting(CampaignNode& caller, CampaignNode& answerer) : Meeting(caller, answerer, Options{}) {}

  /// Hands bytes over, in turn, until nothing is left to hand over or the stream is cut.
  void run();
  /// One piece in each direction; false when there was none.
  bool step();
  /// A line of that pace in both directions, for so long, without delay: twenty milliseconds at a time. Wakes who asked for it.
  void run_for(std::int64_t ms, std::uint64_t bytes_per_second);
  /// Moves both clocks to the next deadline and wakes who asked for it.
  void wait_for_deadline();
  void shelf_changed();

  protocol::Session& caller() { return sides_[0].session; }
  protocol::Session& answerer() { return sides_[1].session; }
  std::uint64_t moved(int from) const { return sides_[static_cast<std::size_t>(from)].bytes; }
  std::uint64_t moved() const { return moved(0) + moved(1); }
  bool both_idle() const { return sides_[0].session.idle() && sides_[1].session.idle(); }
  bool cut() const { return cut_; }

  core::MonoMs now;

 private:
  struct Side {
    CampaignNode* node;
    protocol::Session session;
    std::uint64_t bytes = 0;  ///< that this side has sent
    std::uint64_t seen = 0;
  };
  bool hand_over(Side& from, Side& to, std::size_t most);
  void wake_late();
  void after(Side& side);
  Options options_;
  std::array<Side, 2> sides_;
  bool cut_ = false;
};

}  // namespace satchel::tests
