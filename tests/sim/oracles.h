#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/sim/campaign.h"

namespace satchel::tests {

/// What must hold, however bad the lines are. Beside the real code it keeps the simplest model there is: a list of what was
/// written, with a hash of its bytes.
class Oracles {
 public:
  explicit Oracles(Campaign& campaign) : campaign_(campaign) {}

  void wrote(const CampaignNode& author, const core::BundleId& id);
  /// After every call that may have changed a shelf: a frontier never goes back, and no receipt says more than the hub has.
  void check(const CampaignNode& node);
  /// `node` has told a peer that what it holds is durable.
  void promised(const CampaignNode& node);
  /// `node` has come back from a power cut: what it promised is there.
  void check_after_crash(const CampaignNode& node);
  void session_failed(const CampaignNode& node, const core::Error& error);
  /// True when everything is where it should be: bundles at their addressees, the last receipt everywhere, nothing left at those
  /// who carried.
  bool converged() const;
  /// At the end: equal bytes, and every shelf sound.
  void check_bytes();
  /// Why converged() is not true, for a person.
  std::string missing() const;

  void fault(std::string what) { faults_.push_back(std::move(what)); }
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  struct Written {
    core::BundleId id;
    core::Hash bytes;
  };
  bool arrived(const core::BundleId& id) const;
  CampaignNode& addressee(const core::BundleId& id) const;
  Campaign& campaign_;
  std::vector<Written> written_;
  std::map<core::NodeNumber, core::Frontier> seen_;
  std::map<core::NodeNumber, core::Frontier> promised_;
  std::optional<core::Receipt> issued_;
  std::vector<std::string> faults_;
};

}  // namespace satchel::tests
