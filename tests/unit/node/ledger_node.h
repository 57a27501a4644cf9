#pragma once

#include <memory>
#include <string>

#include "core/store/memory_store.h"
#include "node/ledger.h"
#include "tests/support/memory_disk.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

namespace satchel::tests {

class StillClock final : public core::Clock {
 public:
  core::WallMs wall() const override { return {1'781'600'000'000}; }
  core::MonoMs mono() const override { return {1000}; }
  std::uint64_t boot_id() const override { return 1; }
};

/// A node's book on a store and a disk in memory, both of which fail and lose power when told.
class LedgerNode {
 public:
  LedgerNode(core::Member own, core::Identity keys, const core::Founding& founding, const core::CampaignSecrets& shared,
             std::uint64_t seed)
      : member(std::move(own)), identity(std::move(keys)), secrets(shared.clone()), membership(founding), rng(seed) {
    SATCHEL_CHECK(disk.make_folder("home").has_value());
    SATCHEL_CHECK(open().has_value());
  }

  /// As at a start of the program: only what store and disk hold is left.
  core::Result<void> open() {
    ledger.reset();
    shelf.reset();
    SATCHEL_TRY_ASSIGN(core::HighWater opened, core::HighWater::open(disk, "home/highwater", rng));
    high_water = std::make_unique<core::HighWater>(std::move(opened));
    SATCHEL_TRY_ASSIGN(shelf, protocol::Shelf::open(store, membership, member.number, member.role, {}));
    SATCHEL_TRY(shelf->flush());
    ledger = std::make_unique<node::Ledger>(
        node::LedgerBase{surroundings, store, *shelf, membership, identity, secrets, *high_water, member.number, log});
    return {};
  }
  /// A power cut, then a start.
  core::Result<void> crash() {
    ledger.reset();
    shelf.reset();
    store.crash();
    disk.crash();
    return open();
  }

  core::Member member;
  core::Identity identity;
  core::CampaignSecrets secrets;
  core::Membership membership;
  core::MemoryStore store;
  MemoryDisk disk;
  StillClock clock;
  SeededRng rng;
  node::Surroundings surroundings{disk, clock, rng, ""};
  node::Log log;
  std::unique_ptr<core::HighWater> high_water;
  std::unique_ptr<protocol::Shelf> shelf;
  std::unique_ptr<node::Ledger> ledger;
};

/// A hub and one site that know each other.
struct LedgerPair {
  SeededRng rng{5};
  core::Identity hub_identity = core::make_identity(rng);
  core::Identity site_identity = core::make_identity(rng);
  core::BoxKeys recovery = core::make_box_keys(rng);
  core::Founding founding = core::make_founding("test", hub_identity, recovery.public_key, rng);
  core::CampaignSecrets secrets = core::make_campaign_secrets(rng);
  core::Member hub_member = make(0, core::Role::hub, hub_identity);
  core::Member site_member = make(1, core::Role::site, site_identity);

  std::unique_ptr<LedgerNode> node(const core::Member& member, const core::Identity& identity) {
    auto out = std::make_unique<LedgerNode>(member, identity.clone(), founding, secrets, 100 + member.number.value);
    SATCHEL_CHECK(out->membership.add(hub_member).has_value());
    SATCHEL_CHECK(out->membership.add(site_member).has_value());
    return out;
  }
  std::unique_ptr<LedgerNode> hub() { return node(hub_member, hub_identity); }
  std::unique_ptr<LedgerNode> site() { return node(site_member, site_identity); }

 private:
  core::Member make(std::uint32_t number, core::Role role, const core::Identity& identity) {
    return core::make_member(founding.id(), core::NodeNumber{number}, role, role == core::Role::hub ? "hub" : "site",
                             identity.sign.public_key, identity.box.public_key, hub_identity.sign);
  }
};

}  // namespace satchel::tests
