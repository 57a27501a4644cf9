#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "tests/sim/event_queue.h"
#include "tests/sim/oracles.h"

namespace satchel::tests {

/// A hub, two sites and a relay for some hours of virtual time, with the real shelf, session and link on bad lines. One seed, one
/// run: it chooses which kinds of trouble there are, and when. Then calm returns, and everything must arrive.
class Simulation {
 public:
  explicit Simulation(std::uint64_t seed);
  /// To the end. Then look at faults().
  void run();
  const std::vector<std::string>& faults() const { return oracles_.faults(); }
  /// Of everything that happened, in order.
  const core::Hash& trace() const { return trace_; }
  /// One line: what kinds of trouble, how long, how much.
  std::string summary() const;
  /// The last events before the end, for a person.
  std::string last_events() const;

 private:
  /// Between two nodes; both directions alike.
  struct Line {
    std::int64_t rate = 0;  ///< bytes a second
    std::int64_t delay_ms = 0;
    bool up = true;
  };
  struct End {
    std::size_t node = 0;
    std::unique_ptr<protocol::Session> session;  ///< none after a crash
    std::deque<core::Bytes> in_flight;           ///< towards this end
    bool sending = false;
    bool gone = false;  ///< the stream has ended here
    std::uint64_t timer = 0;
    std::uint64_t seen = 0;
  };
  struct Connection {
    std::size_t line = 0;
    std::array<End, 2> ends;
  };
  using Link = std::shared_ptr<Connection>;
  struct Dial {
    std::size_t from = 0;
    std::size_t to = 0;
    std::size_t line = 0;
    Link link;
  };

  // weather
  void plan();
  void every(std::int64_t mean_ms, std::function<void()> what);
  void crash(std::size_t node);
  void end_of_trouble();
  // work
  void write_something();
  void digest(std::size_t node);
  // lines
  void dial(std::size_t which);
  void transmit(const Link& link, std::size_t from);
  void deliver(const Link& link, std::size_t to);
  void arm(const Link& link, std::size_t end);
  void after_call(const Link& link, std::size_t end, bool received);
  void close(const Link& link, std::size_t at);
  void end_stream(const Link& link, std::size_t end);

  CampaignNode& node(std::size_t index) const { return *campaign_.nodes()[index]; }
  core::MonoMs mono(std::size_t index) const { return {events_.now() + clock_[index]}; }
  void note(const std::string& event);
  std::uint64_t chance(std::uint64_t below) { return rng_.below(below); }

  std::uint64_t seed_;
  SeededRng rng_;
  Campaign campaign_;
  Oracles oracles_;
  EventQueue events_;
  std::vector<Line> lines_;
  std::vector<Dial> dials_;
  std::vector<std::int64_t> clock_;
  std::vector<bool> up_;
  bool trouble_ = true;
  bool crashes_, cuts_, partitions_, jumps_, originals_;
  std::map<std::string, int> counts_;
  core::Hash trace_;
  std::deque<std::string> last_;
};

}  // namespace satchel::tests
