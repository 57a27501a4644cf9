#include "core/crypto/signed_profile.h"

#include "core/base/check.h"

namespace satchel::core {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kContext = "satchel profile";

Bytes statement(const SignedProfile& profile) {
  ByteWriter out;
  out.u8(kVersion).u64(profile.campaign.value).varint(profile.version).sized(profile.toml);
  return std::move(out).take();
}

}  // namespace

bool newer_profile(const SignedProfile& a, const SignedProfile& b) noexcept {
  return a.version != b.version ? a.version > b.version : a.toml > b.toml;
}

SignedProfile sign_profile(CampaignId campaign, std::uint64_t version, Bytes toml, const SignKeys& hub) {
  SATCHEL_CHECK(toml.size() <= kProfileMax);
  SignedProfile out{campaign, version, std::move(toml), {}};
  out.signature = sign(hub, kContext, statement(out));
  return out;
}

Bytes encode(const SignedProfile& profile) {
  Bytes out = statement(profile);
  append(out, profile.signature.view());
  return out;
}

Result<SignedProfile> decode_profile(ByteView bytes, CampaignId campaign, const SignPublic& hub) {
  if (!bytes.empty() && bytes[0] != kVersion) return Code::kVersionUnknown;
  ByteReader in{bytes};
  in.u8();
  SignedProfile out;
  out.campaign.value = in.u64();
  out.version = in.varint();
  out.toml = to_bytes(in.sized(kProfileMax));
  out.signature = in.fixed<Signature>();
  if (!in.done()) return Code::kMalformed;
  if (out.campaign != campaign) return Code::kOtherCampaign;
  if (!verify(hub, kContext, statement(out), out.signature)) return Code::kSignatureBad;
  return out;
}

}  // namespace satchel::core
