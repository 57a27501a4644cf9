#include "core/crypto/membership.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/base/utf8.h"
#include "core/crypto/hash.h"

namespace satchel::core {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kFoundingContext = "satchel founding";
constexpr std::string_view kMemberContext = "satchel member";

Bytes statement(const Founding& founding) {
  ByteWriter out;
  out.u8(kVersion).raw(founding.hub_sign.view()).raw(founding.hub_box.view()).raw(founding.recovery_box.view());
  out.u64(founding.salt).sized(founding.name);
  return std::move(out).take();
}

Bytes statement(const Member& member) {
  ByteWriter out;
  out.u8(kVersion).u64(member.campaign.value).varint(member.number.value).u8(static_cast<std::uint8_t>(member.role));
  out.raw(member.sign.view()).raw(member.box.view()).sized(member.name);
  return std::move(out).take();
}

template <class Statement>
Bytes encode_signed(const Statement& value) {
  Bytes out = statement(value);
  append(out, value.signature.view());
  return out;
}

/// True when the first byte is not the version that we write; an empty input is merely malformed.
bool other_version(ByteView bytes) { return !bytes.empty() && bytes[0] != kVersion; }

}  // namespace

std::string_view role_name(Role role) {
  switch (role) {
    case Role::hub: return "hub";
    case Role::site: return "site";
    case Role::relay: return "relay";
  }
  return "unknown";
}

bool valid_name(std::string_view name, std::size_t max) { return !name.empty() && name.size() <= max && is_plain_text(name); }

CampaignId Founding::id() const {
  const Hash whole = hash(kFoundingContext, statement(*this));
  return {ByteReader{whole.view()}.u64_be()};
}

Founding make_founding(std::string name, const Identity& hub, const BoxPublic& recovery, Rng& rng) {
  SATCHEL_CHECK(valid_name(name, kCampaignNameMax) && usable_box_key(recovery));
  Founding out{std::move(name), hub.sign.public_key, hub.box.public_key, recovery, rng.u64(), {}};
  out.signature = sign(hub.sign, kFoundingContext, statement(out));
  return out;
}

Bytes encode(const Founding& founding) { return encode_signed(founding); }

Result<Founding> decode_founding(ByteView bytes) {
  if (other_version(bytes)) return Code::kVersionUnknown;
  ByteReader in{bytes};
  in.u8();
  Founding out;
  out.hub_sign = in.fixed<SignPublic>();
  out.hub_box = in.fixed<BoxPublic>();
  out.recovery_box = in.fixed<BoxPublic>();
  out.salt = in.u64();
  out.name = in.text(kCampaignNameMax);
  out.signature = in.fixed<Signature>();
  if (!in.done() || !valid_name(out.name, kCampaignNameMax)) return Code::kMalformed;
  if (!verify(out.hub_sign, kFoundingContext, statement(out), out.signature)) return Code::kSignatureBad;
  if (!usable_box_key(out.hub_box) || !usable_box_key(out.recovery_box)) return Code::kMalformed;
  return out;
}

Member make_member(CampaignId campaign, NodeNumber number, Role role, std::string name, const SignPublic& sign_key,
                   const BoxPublic& box, const SignKeys& hub) {
  SATCHEL_CHECK(valid_name(name, kMemberNameMax) && usable_box_key(box));
  Member out{campaign, number, role, std::move(name), sign_key, box, {}};
  out.signature = sign(hub, kMemberContext, statement(out));
  return out;
}

Bytes encode(const Member& member) { return encode_signed(member); }

Result<Member> decode_member(ByteView bytes, const Founding& founding) {
  if (other_version(bytes)) return Code::kVersionUnknown;
  ByteReader in{bytes};
  in.u8();
  Member out;
  out.campaign.value = in.u64();
  const std::uint64_t number = in.varint();
  const std::uint8_t role = in.u8();
  out.sign = in.fixed<SignPublic>();
  out.box = in.fixed<BoxPublic>();
  out.name = in.text(kMemberNameMax);
  out.signature = in.fixed<Signature>();
  // kEveryone's value is no node number: a log addressed to it would be read by all.
  if (!in.done() || number >= kEveryone.value || role > 2 || !valid_name(out.name, kMemberNameMax)) return Code::kMalformed;
  out.number.value = static_cast<std::uint32_t>(number);
  out.role = static_cast<Role>(role);
  if ((out.role == Role::hub) != (out.number == kHubNumber)) return Code::kMalformed;
  if (out.campaign != founding.id()) return Code::kOtherCampaign;
  if (!verify(founding.hub_sign, kMemberContext, statement(out), out.signature)) return Code::kSignatureBad;
  if (!usable_box_key(out.box)) return Code::kMalformed;
  return out;
}

Membership::Membership(Founding founding) : founding_(std::move(founding)), campaign_(founding_.id()) {}

Result<void> Membership::add(const Member& member) {
  if (member.campaign != campaign_) return Code::kOtherCampaign;
  const auto [at, fresh] = members_.try_emplace(member.number, member);
  if (fresh) return {};
  if (at->second.sign != member.sign || at->second.box != member.box) return Code::kEquivocation;
  at->second = member;
  return {};
}

void Membership::revoke(const Revocation& revocation) {
  if (revocation.number == kHubNumber) return;
  std::map<LogId, Seq> positions;
  for (const Revocation::Position& position : revocation.positions) {
    const auto [at, fresh] = positions.try_emplace(position.log, position.last_trusted);
    if (!fresh) at->second = std::min(at->second, position.last_trusted);
  }
  const auto [at, first] = revoked_.try_emplace(revocation.number, positions);
  if (first) return;
  std::map<LogId, Seq> both;
  for (const auto& [log, seq] : at->second) {
    if (const auto other = positions.find(log); other != positions.end()) both[log] = std::min(seq, other->second);
  }
  at->second = std::move(both);
}

std::optional<Member> Membership::find(NodeNumber number) const {
  const auto at = members_.find(number);
  if (at == members_.end()) return std::nullopt;
  return at->second;
}

std::optional<Member> Membership::find(const BoxPublic& box) const {
  const Member* found = nullptr;
  for (const auto& [number, member] : members_) {
    if (member.box != box) continue;
    if (!revoked(number)) return member;
    if (found == nullptr) found = &member;
  }
  if (found == nullptr) return std::nullopt;
  return *found;
}

std::optional<Member> Membership::find_name(std::string_view name) const {
  const Member* found = nullptr;
  for (const auto& [number, member] : members_) {
    if (member.name == name && (found == nullptr || !revoked(number) || revoked(found->number))) found = &member;
  }
  if (found == nullptr) return std::nullopt;
  return *found;
}

bool Membership::revoked(NodeNumber number) const { return revoked_.contains(number); }

bool Membership::trusted(const BundleId& id) const {
  const NodeNumber author = id.log.author.node;
  if (!members_.contains(author)) return false;
  const auto at = revoked_.find(author);
  if (at == revoked_.end()) return true;
  const auto position = at->second.find(id.log);
  return position != at->second.end() && id.seq <= position->second;
}

std::vector<Member> Membership::all() const {
  std::vector<Member> out;
  out.reserve(members_.size());
  for (const auto& [number, member] : members_) out.push_back(member);
  return out;
}

}  // namespace satchel::core
