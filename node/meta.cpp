#include "node/meta.h"

#include <algorithm>

#include "core/crypto/box.h"
#include "core/crypto/hash.h"
#include "core/store/keys.h"
#include "protocol/body/body.h"

namespace satchel::node {
namespace {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Result;
using core::keys::kMeta;
using core::keys::named;

constexpr std::size_t kNameMax = 400;
constexpr std::size_t kCertificateMax = 1024;

Error damaged(const char* row) { return {Code::kStoreDamaged, std::string("meta row ") + row}; }

Bytes member_key(core::NodeNumber number) {
  core::ByteWriter out;
  out.raw(named(kMeta, "member/")).u32_be(number.value);
  return std::move(out).take();
}

}  // namespace

void Meta::put_self(core::WriteBatch& batch, const Self& self) {
  core::ByteWriter out;
  out.u8(static_cast<std::uint8_t>(self.role)).sized(self.name);
  batch.put(named(kMeta, "self"), std::move(out).take());
}

Result<Meta::Self> Meta::self() const {
  SATCHEL_TRY_ASSIGN(const auto row, store_.get(named(kMeta, "self")));
  if (!row) return Code::kHomeMissing;
  core::ByteReader in{*row};
  Self self;
  const std::uint8_t role = in.u8();
  self.name = in.text(kNameMax);
  if (!in.done() || role > 2) return damaged("self");
  self.role = static_cast<core::Role>(role);
  return self;
}

void Meta::put_campaign(core::WriteBatch& batch, const Campaign& campaign, ByteView store_key, core::Rng& rng) {
  core::ByteWriter secrets;
  secrets.raw(campaign.secrets.group_key.view()).raw(campaign.secrets.code_key.view()).raw(campaign.secrets.index_key.view());
  Bytes plain = std::move(secrets).take();
  Bytes key = named(kMeta, "secrets");
  Bytes sealed = core::seal_value(store_key, rng, key, plain);
  core::wipe(plain);
  batch.put(std::move(key), std::move(sealed));
  batch.put(named(kMeta, "founding"), core::encode(campaign.founding));
  batch.put(named(kMeta, "profile"), core::encode(campaign.profile));
  core::ByteWriter number;
  number.u32(campaign.number.value);
  batch.put(named(kMeta, "number"), std::move(number).take());
}

Result<std::optional<Meta::Campaign>> Meta::campaign(ByteView store_key) const {
  SATCHEL_TRY_ASSIGN(const auto founding_row, store_.get(named(kMeta, "founding")));
  if (!founding_row) return std::optional<Campaign>{};
  SATCHEL_TRY_ASSIGN(const auto number_row, store_.get(named(kMeta, "number")));
  SATCHEL_TRY_ASSIGN(const auto secrets_row, store_.get(named(kMeta, "secrets")));
  SATCHEL_TRY_ASSIGN(const auto profile_row, store_.get(named(kMeta, "profile")));
  if (!number_row || !secrets_row || !profile_row) return damaged("campaign");
  SATCHEL_TRY_ASSIGN(core::Founding founding, core::decode_founding(*founding_row));
  SATCHEL_TRY_ASSIGN(core::SignedProfile profile, core::decode_profile(*profile_row, founding.id(), founding.hub_sign));
  core::ByteReader number{*number_row};
  const core::NodeNumber self{number.u32()};
  if (!number.done()) return damaged("number");

  auto opened = core::open_value(store_key, named(kMeta, "secrets"), *secrets_row);
  if (!opened) return damaged("secrets");
  const ByteView plain{*opened};
  if (plain.size() != 96) return damaged("secrets");
  core::CampaignSecrets secrets{core::SecretBytes{plain.subspan(0, 32)}, core::SecretBytes{plain.subspan(32, 32)},
                                core::SecretBytes{plain.subspan(64, 32)}};
  core::wipe(*opened);
  Campaign out{std::move(founding), self, std::move(secrets), std::move(profile)};
  return std::optional<Campaign>{std::move(out)};
}

namespace {

Bytes offered_key(const core::SignedProfile& profile) {
  core::ByteWriter out;
  out.raw(named(kMeta, "profile-offered/"))
      .u64_be(profile.version)
      .raw(core::hash("satchel offered profile", profile.toml).view());
  return std::move(out).take();
}

}  // namespace

void Meta::put_offered_profile(core::WriteBatch& batch, const core::SignedProfile& profile) {
  batch.put(offered_key(profile), core::encode(profile));
}

Result<std::vector<core::SignedProfile>> Meta::offered_profiles(const core::Founding& founding) const {
  std::vector<core::SignedProfile> out;
  std::optional<Error> trouble;
  SATCHEL_TRY(store_.scan(named(kMeta, "profile-offered/"), {}, [&](ByteView, ByteView value) {
    auto profile = core::decode_profile(value, founding.id(), founding.hub_sign);
    if (!profile) {
      trouble = damaged("profile-offered");
      return false;
    }
    out.push_back(*std::move(profile));
    return true;
  }));
  if (trouble) return *trouble;
  std::ranges::sort(out, [](const auto& a, const auto& b) { return core::newer_profile(b, a); });
  return out;
}

void Meta::put_followed_profile(core::WriteBatch& batch, const core::SignedProfile& profile,
                                const std::vector<core::SignedProfile>& offered) {
  batch.put(named(kMeta, "profile"), core::encode(profile));
  for (const core::SignedProfile& one : offered) {
    if (!core::newer_profile(one, profile)) batch.remove(offered_key(one));
  }
}

void Meta::put_member(core::WriteBatch& batch, const core::Member& member) {
  batch.put(member_key(member.number), core::encode(member));
}

Result<std::vector<core::Member>> Meta::members(const core::Founding& founding) const {
  std::vector<core::Member> out;
  std::optional<Error> trouble;
  SATCHEL_TRY(store_.scan(named(kMeta, "member/"), {}, [&](ByteView, ByteView value) {
    auto member =
        value.size() <= kCertificateMax ? core::decode_member(value, founding) : Result<core::Member>{damaged("member")};
    if (!member) {
      trouble = damaged("member");
      return false;
    }
    out.push_back(*std::move(member));
    return true;
  }));
  if (trouble) return *trouble;
  return out;
}

Result<void> Meta::put_revocation(core::WriteBatch& batch, const core::RecordId& id, const core::RevocationFact& fact) {
  SATCHEL_TRY_ASSIGN(Bytes body, protocol::encode_fact(fact));
  core::ByteWriter key;
  key.raw(named(kMeta, "revoked/")).raw(id.view());
  batch.put(std::move(key).take(), std::move(body));
  return {};
}

Result<std::vector<core::Revocation>> Meta::revocations() const {
  std::vector<core::Revocation> out;
  std::optional<Error> trouble;
  SATCHEL_TRY(store_.scan(named(kMeta, "revoked/"), {}, [&](ByteView, ByteView value) {
    const auto fact = protocol::decode_fact(value);
    const auto* revoked = fact ? std::get_if<core::RevocationFact>(&*fact) : nullptr;
    if (revoked == nullptr) {
      trouble = damaged("revoked");
      return false;
    }
    out.push_back(revoked->revocation);
    return true;
  }));
  if (trouble) return *trouble;
  return out;
}

Result<void> Meta::put_timetable(core::WriteBatch& batch, const core::RecordId& id, const core::TimetableFact& fact) {
  SATCHEL_TRY_ASSIGN(Bytes body, protocol::encode_fact(fact));
  core::ByteWriter key;  // the last one counts
  key.raw(named(kMeta, "timetable/")).u64_be(fact.version).raw(id.view());
  batch.put(std::move(key).take(), std::move(body));
  return {};
}

Result<core::TimetableFact> Meta::timetable() const {
  core::TimetableFact out;
  bool bad = false;
  SATCHEL_TRY(store_.scan_back(named(kMeta, "timetable/"), [&](ByteView, ByteView value) {
    const auto fact = protocol::decode_fact(value);
    const auto* timetable = fact ? std::get_if<core::TimetableFact>(&*fact) : nullptr;
    bad = timetable == nullptr;
    if (timetable != nullptr) out = *timetable;
    return false;
  }));
  if (bad) return damaged("timetable");
  return out;
}

void Meta::put_untrusted_due(core::WriteBatch& batch, bool due) {
  if (due) {
    batch.put(named(kMeta, "untrusted-due"), Bytes{1});
  } else {
    batch.remove(named(kMeta, "untrusted-due"));
  }
}

Result<bool> Meta::untrusted_due() const {
  SATCHEL_TRY_ASSIGN(const auto row, store_.get(named(kMeta, "untrusted-due")));
  return row.has_value();
}

void Meta::put_restated(core::WriteBatch& batch, std::uint32_t epoch) {
  core::ByteWriter row;
  row.u32(epoch);
  batch.put(named(kMeta, "restated"), std::move(row).take());
}

Result<std::uint32_t> Meta::restated() const {
  SATCHEL_TRY_ASSIGN(const auto row, store_.get(named(kMeta, "restated")));
  if (!row) return std::uint32_t{1};
  core::ByteReader in{*row};
  const std::uint32_t epoch = in.u32();
  if (!in.done()) return damaged("restated");
  return epoch;
}

namespace {

void put_time(core::WriteBatch& batch, const char* row, core::WallMs at) {
  core::ByteWriter out;
  out.u64(static_cast<std::uint64_t>(at.value));
  batch.put(named(kMeta, row), std::move(out).take());
}

Result<std::optional<core::WallMs>> get_time(const core::Store& store, const char* row) {
  SATCHEL_TRY_ASSIGN(const auto bytes, store.get(named(kMeta, row)));
  if (!bytes) return std::optional<core::WallMs>{};
  core::ByteReader in{*bytes};
  const core::WallMs at{static_cast<std::int64_t>(in.u64())};
  if (!in.done()) return damaged(row);
  return std::optional<core::WallMs>{at};
}

}  // namespace

namespace {

std::string heard_row(core::NodeNumber node) { return "heard/" + std::to_string(node.value); }

}  // namespace

void Meta::put_heard(core::WriteBatch& batch, core::NodeNumber node, core::WallMs at) {
  put_time(batch, heard_row(node).c_str(), at);
}
Result<std::optional<core::WallMs>> Meta::heard(core::NodeNumber node) const { return get_time(store_, heard_row(node).c_str()); }

void Meta::put_receipt_time(core::WriteBatch& batch, core::WallMs at) { put_time(batch, "receipt-time", at); }
Result<std::optional<core::WallMs>> Meta::receipt_time() const { return get_time(store_, "receipt-time"); }
void Meta::put_salvaged(core::WriteBatch& batch, core::WallMs at) { put_time(batch, "salvaged", at); }
Result<std::optional<core::WallMs>> Meta::salvaged() const { return get_time(store_, "salvaged"); }

}  // namespace satchel::node
