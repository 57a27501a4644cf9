#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto/membership.h"
#include "core/store/memory_store.h"
#include "protocol/session/session.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

namespace satchel::tests {

/// A node's life without the node: identity, store, shelf, and what the real node does between two calls of a session (opens
/// what arrived; at the hub signs a receipt).
class CampaignNode {
 public:
  CampaignNode(core::Member own, core::Identity keys, const core::Founding& founding, core::ByteView group_key,
               std::uint64_t seed);

  /// What a session of this node needs. `learn` keeps a certificate in `membership`.
  protocol::SessionSetup session_setup();
  protocol::Peer peer() const { return {member.number, member.role, true}; }
  core::LogId log(core::Lane lane, core::Audience audience = core::kToHub) const {
    return {{member.number, incarnation}, audience, lane};
  }

  /// Seals `size` random bytes at the next place of an own log and keeps the bundle, durably.
  core::BundleId write(core::Lane lane, std::size_t size, core::Audience audience = core::kToHub, bool urgent = false);
  /// Opens what lies in the inbox, for real; at the hub states what it has. True when anything changed.
  bool digest();
  /// The same; an error is the store's.
  core::Result<bool> try_digest();
  /// As after a restart: only what the store holds is left.
  void reopen();
  /// As after a power cut: what was not synced is gone.
  void crash();
  /// Every byte that it holds of that bundle, header first; empty when it does not hold it.
  core::Bytes holding(const core::BundleId& id) const;

  core::Member member;
  core::Identity identity;
  core::Membership membership;
  core::MemoryStore store;
  std::unique_ptr<protocol::Shelf> shelf;
  core::Incarnation incarnation;
  SeededRng rng;
  protocol::ShelfLimits limits;

 private:
  core::Result<bool> issue_receipt();
  core::SecretBytes group_;
};

/// A hub and its enrolled nodes. Each knows all others unless told otherwise.
class Campaign {
 public:
  struct Enrolment {
    std::string_view name;
    core::Role role;
  };
  explicit Campaign(std::uint64_t seed,
                    const std::vector<Enrolment>& enrolments = {
                        {"east", core::Role::site}, {"west", core::Role::site}, {"relay", core::Role::relay}});
  /// Enrols one more; the others do not hear of it. A certificate signed by `signer`, if given, instead of the hub.
  std::unique_ptr<CampaignNode> stranger(std::uint32_t number, core::Role role, const core::SignKeys* signer = nullptr);
  CampaignNode& operator[](std::string_view name);
  const std::vector<std::unique_ptr<CampaignNode>>& nodes() const { return nodes_; }
  CampaignNode& hub() { return *nodes_.front(); }
  const core::Founding& founding() const { return founding_; }
  core::ByteView group_key() const { return group_key_; }

 private:
  std::unique_ptr<CampaignNode> make(std::uint32_t number, core::Role role, std::string name, core::Identity identity,
                                     const core::SignKeys& signer);
  SeededRng rng_;
  core::Identity hub_identity_;
  core::BoxKeys recovery_;
  core::Founding founding_;
  core::Bytes group_key_;
  std::vector<std::unique_ptr<CampaignNode>> nodes_;
};

}  // namespace satchel::tests
