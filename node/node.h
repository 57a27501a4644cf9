#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/campaign/profile.h"
#include "core/code/issue.h"
#include "core/crypto/identity.h"
#include "core/crypto/membership.h"
#include "core/portrait/check.h"
#include "core/record/high_water.h"
#include "core/store/rocks_store.h"
#include "node/home.h"
#include "node/ledger.h"
#include "node/log.h"
#include "node/meta.h"
#include "node/surroundings.h"
#include "protocol/shelf/shelf.h"

namespace satchel::node {

/// All of an enrolled node that stands on its campaign.
struct Enrolled {
  Meta::Campaign campaign;
  core::Profile profile;
  std::unique_ptr<core::Membership> membership;
  std::unique_ptr<core::HighWater> high_water;
  std::unique_ptr<protocol::Shelf> shelf;
  std::unique_ptr<Ledger> ledger;
  core::Member certificate;  ///< this node's own

  bool hub() const { return campaign.number == core::kHubNumber; }
};

/// One node's state, opened: the database, the keys, and what was built on them. One process at a time holds it for writing.
class Node {
 public:
  /// kHomeMissing, kStoreBusy, kKeyFileBad, kPassphraseWrong, kStoreDamaged … A node that has not joined yet opens too.
  /// Read-only: status and the like, also beside a node that runs; nothing is written, no incarnation begun.
  /// When the database turns out to be older than what has left this machine, a new incarnation begins here.
  static core::Result<std::unique_ptr<Node>> open(const Surroundings& surroundings, const std::string& home,
                                                  core::OpenMode mode = core::OpenMode::read_write);
  /// Makes a new home: keys, database, who it is. kHomeExists. The folder may exist if it is empty.
  static core::Result<std::unique_ptr<Node>> create(const Surroundings& surroundings, const std::string& home,
                                                    const Meta::Self& self);

  /// Joins (or founds) the campaign: durable when it returns; enrolled() is there afterwards.
  core::Result<void> enrol(const Meta::Campaign& campaign, const std::vector<core::Member>& members);

  const Home& home() const { return home_; }
  const Meta::Self& self() const { return self_; }
  const core::Identity& identity() const { return identity_; }
  const Surroundings& surroundings() const { return surroundings_; }
  core::Store& store() { return *store_; }
  const Log& log() const { return log_; }
  Log& log() { return log_; }
  /// kNotEnrolled before enrol().
  core::Result<Enrolled*> enrolled();
  /// As enrolled(), at the hub only (kNotHub), or at sites only (kNotSite).
  core::Result<Enrolled*> at_hub();
  core::Result<Enrolled*> at_site();

  /// The portrait judge, loaded when it is first wanted: status must not pay for it. Not for two threads.
  core::Result<core::portrait::Judge*> judge();

  /// Follows the newest profile that the hub has signed and that this program understands; a newer one that it does not
  /// understand is kept until it does. True when the profile is another one now.
  core::Result<bool> follow_profile();
  /// Takes in what came by any carrier: opens the inbox, remembers new members, follows the newest profile, signs a receipt at
  /// the hub.
  core::Result<void> digest_arrivals();
  /// A newer receipt came in (or not): remembers when, for people.
  core::Result<void> note_receipt();
  /// Tells the shelf how much disk is left.
  void look_at_disk();

 private:
  Node(const Surroundings& surroundings, Home home) : surroundings_(surroundings), home_(std::move(home)) {}
  core::Result<void> load_enrolled(core::OpenMode mode);
  core::Result<void> heal_incarnation();
  LedgerBase ledger_base();  ///< once enrolled_ is there

  Surroundings surroundings_;
  Home home_;
  Log log_;
  core::Identity identity_;
  std::unique_ptr<core::Store> store_;
  Meta::Self self_;
  std::optional<Enrolled> enrolled_;
  std::size_t members_kept_ = 0;  ///< certificates that lie in the database
  std::unique_ptr<core::portrait::Judge> judge_;
  std::optional<core::SignedProfile> passed_over_;  ///< the newest that follow_profile() has looked at in vain
};

}  // namespace satchel::node
