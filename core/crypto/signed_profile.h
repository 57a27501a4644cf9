#pragma once

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/crypto/sign.h"

namespace satchel::core {

inline constexpr std::size_t kProfileMax = 256 * 1024;  ///< bytes; a profile with every key commented has under 16 KiB

/// The campaign's profile (TOML, opaque here) as the hub signed it. Of two, the one with the larger version counts.
struct SignedProfile {
  CampaignId campaign;
  std::uint64_t version = 0;
  Bytes toml;
  Signature signature;
  bool operator==(const SignedProfile&) const = default;
};

/// Whether `a` counts and not `b`: the larger version, then the larger bytes. A strict order over different texts.
bool newer_profile(const SignedProfile& a, const SignedProfile& b) noexcept;

/// `toml` is at most kProfileMax bytes.
SignedProfile sign_profile(CampaignId campaign, std::uint64_t version, Bytes toml, const SignKeys& hub);
Bytes encode(const SignedProfile& profile);
/// Parses and verifies against the hub's key; kSignatureBad, kOtherCampaign, kVersionUnknown or kMalformed.
Result<SignedProfile> decode_profile(ByteView bytes, CampaignId campaign, const SignPublic& hub);

}  // namespace satchel::core
