#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/crypto/identity.h"

namespace satchel::core {

enum class Role : std::uint8_t { hub = 0, site = 1, relay = 2 };
std::string_view role_name(Role role);

inline constexpr std::size_t kCampaignNameMax = 200;  ///< bytes of UTF-8
inline constexpr std::size_t kMemberNameMax = 100;
/// True for 1 to `max` bytes of UTF-8 without control characters: ask this about what a person typed, before the calls below.
[[nodiscard]] bool valid_name(std::string_view name, std::size_t max);

/// What founds a campaign: the hub's word for itself, self-signed. Every node has it from its card.
struct Founding {
  std::string name;  ///< of the campaign, for people; at most 200 bytes
  SignPublic hub_sign;
  BoxPublic hub_box;       ///< uplink bundles are sealed to it …
  BoxPublic recovery_box;  ///< … and to this one, whose secret lies offline
  std::uint64_t salt = 0;  ///< makes two foundings differ
  Signature signature;
  CampaignId id() const;  ///< first 8 bytes (big-endian) of hash("satchel founding", canonical bytes without signature)
};
/// `name` must be a valid_name and `recovery` a usable_box_key.
Founding make_founding(std::string name, const Identity& hub, const BoxPublic& recovery, Rng& rng);
Bytes encode(const Founding& founding);
/// Parses and verifies; kSignatureBad, kVersionUnknown or kMalformed.
Result<Founding> decode_founding(ByteView bytes);

/// A node's certificate: the hub's word that this key is node `number`. Public to all nodes; holds nothing of a person.
struct Member {
  CampaignId campaign;
  NodeNumber number;
  Role role = Role::site;
  std::string name;  ///< of the site, unique in the campaign; at most 100 bytes
  SignPublic sign;
  BoxPublic box;
  Signature signature;  ///< by the hub
};
/// `name` must be a valid_name and `box` a usable_box_key.
Member make_member(CampaignId campaign, NodeNumber number, Role role, std::string name, const SignPublic& sign,
                   const BoxPublic& box, const SignKeys& hub);
Bytes encode(const Member& member);
/// Parses and verifies against the hub's key and the campaign; kSignatureBad, kOtherCampaign, kVersionUnknown or kMalformed.
Result<Member> decode_member(ByteView bytes, const Founding& founding);

/// The hub's word that a node is no longer trusted: its bundles above the positions are set aside for a person (never destroyed).
struct Revocation {
  NodeNumber number;
  struct Position {
    LogId log;
    Seq last_trusted;
    bool operator==(const Position&) const = default;
  };
  std::vector<Position> positions;  ///< logs that are not named are not trusted at all
  bool operator==(const Revocation&) const = default;
};

/// Who belongs to the campaign, as far as this node has heard. Certificates are checked before they come in.
class Membership {
 public:
  explicit Membership(Founding founding);
  const Founding& founding() const { return founding_; }
  /// Takes a verified certificate. A second certificate for a number replaces the first only if the keys are equal; else
  /// kEquivocation. kOtherCampaign for one of another founding.
  Result<void> add(const Member& member);
  /// Several revocations of one node come to their intersection (the lower position of each log), in whatever order they
  /// arrive. One of the hub itself is ignored: nobody could take it back.
  void revoke(const Revocation& revocation);
  std::size_t size() const { return members_.size(); }
  std::optional<Member> find(NodeNumber number) const;
  /// Of several with this key, the first by number that is not revoked, else the first.
  std::optional<Member> find(const BoxPublic& box) const;
  /// Of several with this name (a new computer in the place of a revoked one), the last by number that is not revoked, else the
  /// last.
  std::optional<Member> find_name(std::string_view name) const;
  bool revoked(NodeNumber number) const;
  /// False for an unknown node, and for a bundle of a revoked one above its trusted position.
  bool trusted(const BundleId& id) const;
  std::vector<Member> all() const;  ///< by number

 private:
  Founding founding_;
  CampaignId campaign_;
  std::map<NodeNumber, Member> members_;
  std::map<NodeNumber, std::map<LogId, Seq>> revoked_;
};

}  // namespace satchel::core
