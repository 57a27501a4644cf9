#include "protocol/card/card.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/crypto/box.h"
#include "core/crypto/hash.h"
#include "core/crypto/sign.h"

namespace satchel::protocol {

using core::ByteReader;
using core::Bytes;
using core::ByteView;
using core::ByteWriter;
using core::Code;
using core::Result;

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kRequestMagic = "satchel-request\n";
constexpr std::string_view kCardMagic = "satchel-card\n";
constexpr std::string_view kRequestContext = "satchel request";
constexpr std::string_view kCardContext = "satchel card";
constexpr std::size_t kCertificateMax = 1024;

bool has_magic(ByteReader& in, std::string_view magic) { return core::as_text(in.raw(magic.size())) == magic; }

/// To whom a card is sealed, without naming the key: a card for a neighbour is told from a damaged one.
core::Hash addressee(const core::BoxPublic& to) { return core::hash("satchel card addressee", to.view()); }

Bytes contents(const Card& card) {
  ByteWriter out;
  out.sized(core::encode(card.founding)).sized(core::encode(card.hub)).sized(core::encode(card.member));
  out.varint(card.others.size());
  for (const core::Member& other : card.others) out.sized(core::encode(other));
  out.sized(core::encode(card.profile));
  out.raw(card.secrets.group_key.view()).raw(card.secrets.code_key.view()).raw(card.secrets.index_key.view());
  return std::move(out).take();
}

Result<Card> parse(ByteView plain, const core::Identity& ours) {
  ByteReader in{plain};
  const ByteView founding_bytes = in.sized(kCertificateMax);
  const ByteView hub_bytes = in.sized(kCertificateMax);
  const ByteView member_bytes = in.sized(kCertificateMax);
  const std::uint64_t count = in.varint();
  if (!in.ok() || count > kCardMembersMax) return Code::kCardBad;
  SATCHEL_TRY_ASSIGN(core::Founding founding, core::decode_founding(founding_bytes));
  SATCHEL_TRY_ASSIGN(core::Member hub, core::decode_member(hub_bytes, founding));
  SATCHEL_TRY_ASSIGN(core::Member member, core::decode_member(member_bytes, founding));
  if (hub.number != core::kHubNumber || hub.sign != founding.hub_sign || hub.box != founding.hub_box) return Code::kCardBad;
  if (member.sign != ours.sign.public_key || member.box != ours.box.public_key) return Code::kCardNotOurs;
  std::vector<core::Member> others;
  for (std::uint64_t i = 0; i < count; ++i) {
    SATCHEL_TRY_ASSIGN(core::Member other, core::decode_member(in.sized(kCertificateMax), founding));
    others.push_back(std::move(other));
  }
  const ByteView profile_bytes = in.sized(core::kProfileMax + kCertificateMax);
  const ByteView group = in.raw(32);
  const ByteView code = in.raw(32);
  const ByteView index = in.raw(32);
  if (!in.done()) return Code::kCardBad;
  SATCHEL_TRY_ASSIGN(core::SignedProfile profile, core::decode_profile(profile_bytes, founding.id(), founding.hub_sign));
  return Card{std::move(founding), std::move(hub),
              std::move(member),   std::move(others),
              std::move(profile),  {core::SecretBytes{group}, core::SecretBytes{code}, core::SecretBytes{index}}};
}

}  // namespace

Bytes encode_request(core::Role role, const std::string& name, const core::Identity& identity) {
  SATCHEL_CHECK(role != core::Role::hub && core::valid_name(name, core::kMemberNameMax));
  ByteWriter out;
  out.raw(core::as_bytes(kRequestMagic)).u8(kVersion).u8(static_cast<std::uint8_t>(role)).sized(name);
  out.raw(identity.sign.public_key.view()).raw(identity.box.public_key.view());
  Bytes bytes = std::move(out).take();
  const core::Signature signature = core::sign(identity.sign, kRequestContext, bytes);
  core::append(bytes, signature.view());
  return bytes;
}

Result<Request> decode_request(ByteView file) {
  ByteReader in{file};
  if (file.size() > kRequestMax || !has_magic(in, kRequestMagic)) return Code::kRequestBad;
  if (in.u8() != kVersion) return in.ok() ? Code::kVersionUnknown : Code::kRequestBad;
  Request request;
  const std::uint8_t role = in.u8();
  request.name = in.text(core::kMemberNameMax);
  request.sign = in.fixed<core::SignPublic>();
  request.box = in.fixed<core::BoxPublic>();
  const auto signature = in.fixed<core::Signature>();
  if (!in.done() || role == 0 || role > static_cast<std::uint8_t>(core::Role::relay)) return Code::kRequestBad;
  request.role = static_cast<core::Role>(role);
  const ByteView statement = file.first(file.size() - core::Signature::kSize);
  if (!core::verify(request.sign, kRequestContext, statement, signature)) return Code::kRequestBad;
  if (!core::valid_name(request.name, core::kMemberNameMax) || !core::usable_box_key(request.box)) return Code::kRequestBad;
  return request;
}

Result<Bytes> seal_card(const Card& card, const core::Identity& hub, const core::BoxPublic& to, core::Rng& rng) {
  if (card.others.size() > kCardMembersMax) return Code::kLimitExceeded;
  Bytes plain = contents(card);
  const core::Signature signature = core::sign(hub.sign, kCardContext, plain);
  core::append(plain, signature.view());
  ByteWriter out;
  out.raw(core::as_bytes(kCardMagic)).u8(kVersion).raw(addressee(to).view());
  Bytes file = std::move(out).take();
  core::append(file, core::seal_to(to, rng, kCardContext, plain));
  core::wipe(plain);
  // Over the bytes as they lie in the file, so that a damaged card is told from one for another node.
  core::append(file, core::hash(kCardContext, file).view());
  if (file.size() > kCardMax) return Code::kLimitExceeded;
  return file;
}

Result<Card> open_card(ByteView file, const core::Identity& ours) {
  ByteReader in{file};
  if (file.size() > kCardMax || !has_magic(in, kCardMagic)) return Code::kCardBad;
  if (in.u8() != kVersion) return in.ok() ? Code::kVersionUnknown : Code::kCardBad;
  const auto to = in.fixed<core::Hash>();
  if (!in.ok() || in.remaining() < core::Hash::kSize) return Code::kCardBad;
  const ByteView sealed = in.raw(in.remaining() - core::Hash::kSize);
  const auto hash = in.fixed<core::Hash>();
  if (hash != core::hash(kCardContext, file.first(file.size() - core::Hash::kSize))) return Code::kCardBad;
  if (to != addressee(ours.box.public_key)) return Code::kCardNotOurs;
  auto opened = core::open_from(ours.box, kCardContext, sealed);
  if (!opened || opened->size() < core::Signature::kSize) return Code::kCardBad;
  const ByteView plain{*opened};
  const ByteView body = plain.first(plain.size() - core::Signature::kSize);
  const auto signature = core::Signature::from(plain.last(core::Signature::kSize));
  auto card = parse(body, ours);
  const bool signed_by_hub =
      card.has_value() && signature && core::verify(card->founding.hub_sign, kCardContext, body, *signature);
  core::wipe(*opened);
  if (!card) {
    const Code code = card.error().code;
    return code == Code::kCardNotOurs || code == Code::kVersionUnknown ? code : Code::kCardBad;
  }
  if (!signed_by_hub) return Code::kCardBad;
  return card;
}

}  // namespace satchel::protocol
