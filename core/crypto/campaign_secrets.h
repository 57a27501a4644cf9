#pragma once

#include <string_view>

#include "core/base/ids.h"
#include "core/base/rng.h"
#include "core/crypto/secret.h"

namespace satchel::core {

/// What every enrolled node of a campaign shares and nobody else knows; made by the hub, handed out in cards. Each is 32 bytes.
struct CampaignSecrets {
  SecretBytes group_key;  ///< seals what goes to everyone, and keys the link against strangers
  SecretBytes code_key;   ///< seals the content of collection codes
  SecretBytes index_key;  ///< keys student references and the indexes over personal fields
  CampaignSecrets clone() const { return {group_key.clone(), code_key.clone(), index_key.clone()}; }
};

CampaignSecrets make_campaign_secrets(Rng& rng);

/// The reference of the student with this unique number: the first 50 bits of keyed_hash(index key, "satchel student ref",
/// number). Keyed, because student numbers are short enough to try them all against a plain hash.
StudentRef student_ref(ByteView index_key, std::string_view student_number);

}  // namespace satchel::core
