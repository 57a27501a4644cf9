#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/adversary.h"
#include "tests/sim/meeting.h"
#include "tests/sim/mutation.h"
#include "tests/sim/oracles.h"

namespace satchel::tests {

/// All machines and lines of one run, and what goes on between them by itself: programs start, dial, talk, open what came.
/// What people and bad luck do to them stands in work.h, weather.h and stick_box.h.
class World final : public MeetingOwner {
 public:
  World(const Plan& plan, Mutation mutation);
  ~World() override;

  struct Station {
    std::unique_ptr<Machine> machine;
    std::unique_ptr<StoreLayer> planted;  ///< a bug before its store
    std::unique_ptr<Loot> loot;           ///< of a liar
    NodePlan plan;
    bool powered = true;
    bool digest_due = false;
    int disk_trouble = 0;            ///< kinds of it at present
    std::optional<DiskImage> empty;  ///< of who forgets: the disk on its first day
  };

  const Plan& plan() const { return plan_; }
  Mutation mutation() const { return mutation_; }
  bool has(Fault fault) const { return plan_.faults.has(fault); }
  std::uint64_t chance(std::uint64_t below) { return rng_.below(below); }
  SeededRng& rng() { return rng_; }
  std::size_t size() const { return stations_.size(); }
  Station& station(std::size_t index) { return stations_[index]; }
  Machine& machine(std::size_t index) const { return *stations_[index].machine; }
  Machine& hub() const { return machine(0); }
  bool runs(std::size_t index) const { return machine(index).running(); }
  bool honest(std::size_t index) const { return stations_[index].plan.conduct == Conduct::honest; }
  bool trusted(std::size_t index) const { return !model.revoked.contains(machine(index).member.number); }

  // --- machines
  void power_cut(std::size_t index);
  void power_on(std::size_t index);
  /// The program ends in order, as before a disk is taken out.
  void shut_down(std::size_t index);
  /// Opens what came in and tells the sessions, soon.
  void digest_soon(std::size_t index);
  void shelf_changed(std::size_t index);
  /// One more computer that goes on from the disk of `index`, with a line to the hub.
  std::size_t clone(std::size_t index);

  // --- lines
  std::deque<LineState>& lines() { return lines_; }
  Meeting* meeting(std::size_t line) { return meetings_[line].get(); }
  void weather_changed(std::size_t line);
  void cut(std::size_t line, std::size_t at);
  void calm();

  // --- what is seen
  void note(const std::string& event);
  void count(const std::string& what, std::uint64_t n = 1) { counts_[what] += n; }
  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }
  const core::Hash& trace() const { return trace_; }
  const std::deque<std::string>& last_events() const { return last_; }
  Oracles::Traffic traffic() const;
  void mishap() { ++mishaps_; }

  // MeetingOwner
  const MachineClock& clock(std::size_t index) const override { return machine(index).clock; }
  void arrived(Meeting& meeting, std::size_t at, core::ByteView bytes) override;
  void changed(Meeting& meeting, std::size_t at) override;
  void ended(Meeting& meeting, std::size_t at, const std::optional<core::Error>& why) override;

  EventQueue events;
  Model model;
  Oracles oracles{model, events};

 private:
  void add_station(std::size_t number, const NodePlan& plan);
  void add_line(const LinePlan& line);
  void dial(std::size_t line);
  std::unique_ptr<Talker> talker(std::size_t index, std::size_t other, bool calls);
  void run_meeting(std::size_t line);
  void schedule(std::size_t line);
  void digest(std::size_t index);
  void forget(std::size_t index);
  void leave_meetings(std::size_t index);
  bool tolerated(const Meeting& meeting, std::size_t at) const;

  Plan plan_;
  Mutation mutation_;
  SeededRng rng_;
  Cast cast_;
  std::vector<Station> stations_;
  std::deque<LineState> lines_;                     ///< meetings hold on to theirs
  std::vector<std::unique_ptr<Meeting>> meetings_;  ///< by line
  std::map<std::string, std::uint64_t> counts_;
  std::uint64_t wire_bytes_ = 0, meetings_held_ = 0, mishaps_ = 0;
  core::Hash trace_;
  std::deque<std::string> last_;
};

/// At random moments, so far apart on average, as long as `going` says so.
void every(World& world, std::int64_t mean_us, const std::function<bool()>& going, const std::function<void()>& what);

}  // namespace satchel::tests
