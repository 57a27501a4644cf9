#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/base/time.h"
#include "core/crypto/campaign_secrets.h"
#include "core/crypto/membership.h"
#include "core/crypto/signed_profile.h"
#include "core/record/facts.h"
#include "core/store/store.h"

namespace satchel::node {

/// The few rows that say what this database is: who the node is and to which campaign it belongs.
class Meta {
 public:
  explicit Meta(core::Store& store) : store_(store) {}

  struct Self {
    core::Role role = core::Role::site;
    std::string name;
  };
  static void put_self(core::WriteBatch& batch, const Self& self);
  /// kHomeMissing when the database is empty.
  core::Result<Self> self() const;

  struct Campaign {
    core::Founding founding;
    core::NodeNumber number;
    core::CampaignSecrets secrets;
    core::SignedProfile profile;
  };
  /// `store_key` seals the secrets.
  static void put_campaign(core::WriteBatch& batch, const Campaign& campaign, core::ByteView store_key, core::Rng& rng);
  /// nullopt before the node has joined.
  core::Result<std::optional<Campaign>> campaign(core::ByteView store_key) const;

  /// A profile that the hub has signed since: kept until the node follows it, or a newer one.
  static void put_offered_profile(core::WriteBatch& batch, const core::SignedProfile& profile);
  /// All of them, by version, then bytes.
  core::Result<std::vector<core::SignedProfile>> offered_profiles(const core::Founding& founding) const;
  /// From here on the node follows `profile`; those of `offered` up to it are forgotten.
  static void put_followed_profile(core::WriteBatch& batch, const core::SignedProfile& profile,
                                   const std::vector<core::SignedProfile>& offered);

  /// When something of this node was last opened here, by our own clock: how old its news is.
  static void put_heard(core::WriteBatch& batch, core::NodeNumber node, core::WallMs at);
  core::Result<std::optional<core::WallMs>> heard(core::NodeNumber node) const;

  /// The newest timetable that has come; `id` is the record that says so.
  static core::Result<void> put_timetable(core::WriteBatch& batch, const core::RecordId& id, const core::TimetableFact& fact);
  /// Without slots and version 0 when none has come.
  core::Result<core::TimetableFact> timetable() const;

  static void put_member(core::WriteBatch& batch, const core::Member& member);
  core::Result<std::vector<core::Member>> members(const core::Founding& founding) const;

  /// The hub's word that a node is not trusted beyond some positions; `id` is the record that says so.
  static core::Result<void> put_revocation(core::WriteBatch& batch, const core::RecordId& id, const core::RevocationFact& fact);
  core::Result<std::vector<core::Revocation>> revocations() const;
  /// A revocation came in and what lies here above its positions is still to be set aside.
  static void put_untrusted_due(core::WriteBatch& batch, bool due);
  core::Result<bool> untrusted_due() const;

  /// The hub's epoch in which it has said anew all that it knows (restate.h); 1 at first, when nothing can be forgotten.
  static void put_restated(core::WriteBatch& batch, std::uint32_t epoch);
  core::Result<std::uint32_t> restated() const;

  /// When the receipt that we show came in, by this machine's clock; for people only.
  static void put_receipt_time(core::WriteBatch& batch, core::WallMs at);
  core::Result<std::optional<core::WallMs>> receipt_time() const;
  /// When the database was found damaged amid what it had promised (core::Store::salvaged): stays for `log verify` to tell.
  static void put_salvaged(core::WriteBatch& batch, core::WallMs at);
  core::Result<std::optional<core::WallMs>> salvaged() const;

 private:
  core::Store& store_;
};

}  // namespace satchel::node
