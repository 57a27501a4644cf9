#pragma once

#include <map>
#include <set>
#include <vector>

#include "tests/sim/machine.h"

namespace satchel::tests {

/// The simplest model there is of who holds what: plain sets of what people did, by disk. It knows nothing of bundles, logs or
/// lines. Its rules:
///   what somebody did is on the disk of the machine where it was done, until that disk is set back to a copy;
///   a copy of a disk holds what the disk held;
///   in the end the hub has what is on any disk of a node that it trusts, once each;
///   in the end each machine of a site has what is on the hub's disk for that site; if the site was copied or set back, or the
///   hub with its high-water file, then only who meets the hub itself.
struct Model {
  struct Done {
    Submission what;
    core::NodeNumber site;
  };
  struct Verdict {
    core::RecordId id;
    core::StudentRef student;
    core::RecordId submission;
    core::NodeNumber site;
    bool approved = false;
  };
  struct Listed {
    core::StudentRef student;
    core::NodeNumber site;
  };
  /// Of one disk: indices into the lists below.
  struct Disk {
    std::set<std::size_t> submissions;
    std::set<std::size_t> verdicts;
    std::set<std::size_t> listed;
  };

  std::vector<Done> submissions;
  std::vector<Verdict> verdicts;
  std::vector<Listed> listed;
  std::vector<Disk> disks;  ///< by machine; the hub's is the first
  std::set<core::NodeNumber> revoked;
  std::set<core::NodeNumber> copied;  ///< nodes of which a disk was copied or set back
  bool hub_set_back = false;
  bool hub_set_back_whole = false;  ///< its high-water file, too
  /// What some site showed as being at the hub since the hub was last set back.
  std::set<std::size_t> proven;
  std::map<core::RecordId, std::size_t> by_submission;

  void submitted(std::size_t machine, core::NodeNumber site, const Submission& what) {
    by_submission[what.submission] = submissions.size();
    disks[machine].submissions.insert(submissions.size());
    submissions.push_back({what, site});
  }
  void judged(const Verdict& verdict) {
    disks.front().verdicts.insert(verdicts.size());
    verdicts.push_back(verdict);
  }
  void enlisted(const Listed& one) {
    disks.front().listed.insert(listed.size());
    listed.push_back(one);
  }
  /// The submissions that the hub must have.
  std::set<std::size_t> due_at_hub(const std::vector<core::NodeNumber>& machines) const {
    std::set<std::size_t> out;
    for (std::size_t machine = 1; machine < disks.size(); ++machine) {
      if (revoked.contains(machines[machine])) continue;
      out.insert(disks[machine].submissions.begin(), disks[machine].submissions.end());
    }
    for (const std::size_t each : proven) {
      if (!revoked.contains(submissions[each].site)) out.insert(each);
    }
    return out;
  }
  /// Whether the picture of a submission is still wanted: nobody has decided against it, nor for another one.
  bool picture_wanted(const Done& done) const {
    for (const Verdict& verdict : verdicts) {
      const bool this_one = verdict.submission == done.what.submission;
      if (this_one && !verdict.approved) return false;
      if (!this_one && verdict.approved && verdict.student == done.what.student) return false;
    }
    return true;
  }
};

}  // namespace satchel::tests
