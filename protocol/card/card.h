#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/crypto/campaign_secrets.h"
#include "core/crypto/identity.h"
#include "core/crypto/membership.h"
#include "core/crypto/signed_profile.h"

namespace satchel::protocol {

/// The two files of enrolment (protocol/SPEC.md, "Enrolment"). Both may come by any carrier: a request proves that its maker
/// holds the keys in it; a card is signed by the hub and sealed to the one node that asked. What neither proves is that the hub
/// is the right hub: people compare the fingerprint, which both sides print.

inline constexpr std::size_t kRequestMax = 1024;
/// Certificates of the nodes that were there before; a campaign has a few hundred.
inline constexpr std::size_t kCardMembersMax = 4096;
/// Bytes: founding, the members above at their longest, and the profile, sealed.
inline constexpr std::size_t kCardMax = 2 * 1024 * 1024;

/// "Let me in": public values only.
struct Request {
  core::Role role = core::Role::site;  ///< site or relay; never hub
  std::string name;                    ///< a core::valid_name
  core::SignPublic sign;
  core::BoxPublic box;  ///< a core::usable_box_key
};

/// Signed with `identity`, whose public keys it carries. `name` must be a core::valid_name, `role` not the hub's.
core::Bytes encode_request(core::Role role, const std::string& name, const core::Identity& identity);
/// kRequestBad for any byte that was changed, kVersionUnknown for a newer form.
core::Result<Request> decode_request(core::ByteView file);

/// What a node needs to belong: everything of a campaign that is older than the node itself.
struct Card {
  core::Founding founding;
  core::Member hub;
  core::Member member;               ///< whom the card is for
  std::vector<core::Member> others;  ///< the nodes known to the hub by now; later ones come as records
  core::SignedProfile profile;
  core::CampaignSecrets secrets;
};

/// Signed by the hub and sealed to `to`, the key in the request. kLimitExceeded over the limits above.
core::Result<core::Bytes> seal_card(const Card& card, const core::Identity& hub, const core::BoxPublic& to, core::Rng& rng);
/// kCardNotOurs when it is sealed to somebody else, kCardBad for anything that does not fit: hash, seal, a signature, a
/// certificate of another founding. kVersionUnknown for a newer form. Every certificate in the result has been verified.
core::Result<Card> open_card(core::ByteView file, const core::Identity& ours);

}  // namespace satchel::protocol
