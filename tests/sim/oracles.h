#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/meeting.h"
#include "tests/sim/model.h"

namespace satchel::tests {

/// One machine as the oracles see it.
struct Watched {
  const Machine* machine = nullptr;
  Conduct conduct = Conduct::honest;
  bool meets_hub = false;  ///< by a line of its own
};

/// What must hold, however bad the lines are. Each looks at the real stores from outside; what should be there the model says.
class Oracles {
 public:
  enum class Kind : std::uint8_t {
    lost,       ///< something acknowledged is gone
    diverged,   ///< honest machines hold different bytes, or not what they must
    late,       ///< hours of calm were not enough
    opened,     ///< a relay read something
    went_back,  ///< a frontier went back within one life
    unproven,   ///< something is shown or signed that is not so
    wasteful,   ///< more bytes on the wire than what happened explains
    broken,     ///< a session failed by more than its line
  };
  struct Verdict {
    Kind kind;
    std::string text;
  };

  Oracles(Model& model, const EventQueue& events) : model_(model), events_(events) {}

  void watch(const Watched& one) { watched_.push_back(one); }
  void meets_hub(std::size_t machine) { watched_[machine].meets_hub = true; }
  std::size_t machines() const { return watched_.size(); }

  // --- while it runs

  /// After calls that may have changed the machine's shelf.
  void check(std::size_t machine);
  /// The machine has told a peer that what it has taken in is durable.
  void promised(std::size_t machine);
  /// It has come back after a power cut.
  void check_after_crash(std::size_t machine);
  /// Its disk was set back: what it held since is gone, and nobody's fault.
  void set_back(std::size_t machine);
  /// `tolerated`: the other side lies, the line was meddled with, a disk is full, a node is revoked.
  void session_failed(std::size_t machine, const core::Error& error, bool tolerated);
  /// What its people are shown is so.
  void check_shown(std::size_t machine);
  /// What lies at a relay is closed to it.
  void check_closed(std::size_t machine);

  // --- at the end

  /// Empty when everything is where it should be; else what is not, for a person.
  std::string missing() const;
  void check_end();
  /// `useful`: bytes of bundles newly held somewhere; see oracles.cpp.
  struct Traffic {
    std::uint64_t wire_bytes = 0;
    std::uint64_t meetings = 0;
    std::uint64_t mishaps = 0;  ///< cuts, power cuts, full disks, changed bytes: each may cost what was on its way
    std::uint64_t useful_bytes = 0;
  };
  void check_traffic(const Traffic& traffic);
  /// Bytes of bundles that this machine has taken in so far, by what its frontier covers.
  static std::uint64_t traffic_allowed(const Traffic& traffic);

  void fault(Kind kind, std::string what) { faults_.push_back({kind, std::move(what)}); }
  const std::vector<Verdict>& faults() const { return faults_; }
  static std::string_view kind_name(Kind kind);

 private:
  struct Seen {
    core::Frontier frontier;
    core::Receipt receipt;  ///< on which it stands; an empty one where there is none
  };
  bool expected(std::size_t machine) const;
  bool trusted_site(std::size_t machine) const;
  void note_receipt(std::size_t machine);
  Seen seen_now(std::size_t machine) const;
  void compare(std::size_t machine, const Seen& before, const char* how, Kind kind);
  std::string missing_at_hub() const;
  bool gone_with_its_disk(const Model::Done& done) const;
  std::string where_it_is(const core::RecordId& id) const;
  std::string missing_at(std::size_t machine) const;
  void check_states();
  void check_headers();
  void check_shelf(std::size_t machine);
  std::vector<core::NodeNumber> numbers() const;

  Model& model_;
  const EventQueue& events_;
  std::vector<Watched> watched_;
  std::map<std::size_t, Seen> seen_;
  std::map<std::size_t, Seen> promised_;
  std::map<std::size_t, core::Signature> receipt_seen_;
  std::set<core::Signature> issued_;
  std::set<core::Signature> issued_in_this_life_;  ///< since the hub was last set back
  std::vector<Verdict> faults_;
};

}  // namespace satchel::tests
