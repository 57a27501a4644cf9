#include "core/code/issue.h"

#include <utility>

#include "core/base/utf8.h"
#include "core/crypto/base64.h"
#include "core/crypto/box.h"
#include "core/crypto/hash.h"

namespace satchel::core {
namespace {

constexpr std::string_view kPrefix = "SC1.";
constexpr std::string_view kSignContext = "satchel code";
constexpr std::size_t kStudentNumberMax = 64;
constexpr std::size_t kNameMax = 200;
constexpr std::size_t kIdNumberMax = 32;
/// Of the text after the prefix: the largest content in base64 has under 700 characters.
constexpr std::size_t kTextMax = 1024;

Bytes campaign_bytes(CampaignId campaign) { return std::move(ByteWriter{}.u64_be(campaign.value)).take(); }

/// What the seal binds a code to: this use, this campaign.
Bytes bound_to(CampaignId campaign) {
  Bytes out = to_bytes(as_bytes(kSignContext));
  append(out, campaign_bytes(campaign));
  return out;
}

Bytes statement(const CodeContent& content) {
  ByteWriter out;
  out.u64_be(content.student.value).sized(content.student_number).sized(content.name).sized(content.id_number);
  if (content.issue != 0) out.varint(content.issue);
  return std::move(out).take();
}

/// What the hub signs.
Bytes signed_bytes(CampaignId campaign, ByteView plain) {
  Bytes out = campaign_bytes(campaign);
  append(out, plain);
  return out;
}

std::optional<CodeContent> parse(ByteView plain, CampaignId campaign) {
  ByteReader in{plain};
  CodeContent out;
  out.campaign = campaign;
  out.student.value = in.u64_be();
  out.student_number = in.text(kStudentNumberMax);
  out.name = in.text(kNameMax);
  out.id_number = in.text(kIdNumberMax);
  if (in.remaining() > 0) {
    out.issue = in.varint();
    if (out.issue == 0) in.fail();  // one content, one form
  }
  const bool texts = is_plain_text(out.student_number) && is_plain_text(out.name) && is_plain_text(out.id_number);
  if (!in.done() || !texts || out.student.value >> 50 != 0) return std::nullopt;
  return out;
}

}  // namespace

Result<std::string> seal_code(const CodeContent& content, ByteView code_key, const SignKeys& hub, Rng& rng) {
  if (content.student_number.size() > kStudentNumberMax || content.name.size() > kNameMax ||
      content.id_number.size() > kIdNumberMax) {
    return Error{Code::kLimitExceeded, "a field of a collection code is too long"};
  }
  Bytes plain = statement(content);
  const Signature signature = sign(hub, kSignContext, signed_bytes(content.campaign, plain));
  append(plain, signature.view());
  Bytes whole = campaign_bytes(content.campaign);
  append(whole, seal_value(code_key, rng, bound_to(content.campaign), plain));
  return std::string(kPrefix) + to_base64url(whole);
}

Result<CodeContent> open_code(std::string_view text, const Founding& founding, ByteView code_key) {
  if (!text.starts_with(kPrefix)) return Code::kCodeForeign;
  text.remove_prefix(kPrefix.size());
  if (text.size() > kTextMax) return Error{Code::kCodeDamaged, "too long"};
  const auto whole = from_base64url(text);
  if (!whole) return Error{Code::kCodeDamaged, "not base64url"};
  ByteReader in{*whole};
  const CampaignId campaign{in.u64_be()};
  if (!in.ok()) return Error{Code::kCodeDamaged, "too short"};
  if (campaign != founding.id()) return Code::kCodeOtherCampaign;

  auto plain = open_value(code_key, bound_to(campaign), in.rest());
  if (!plain) return Error{Code::kCodeDamaged, "the seal does not open"};
  if (plain->size() < Signature::kSize) return Error{Code::kCodeDamaged, "too short"};
  const ByteView all{*plain};
  const ByteView said = all.first(all.size() - Signature::kSize);
  const auto signature = Signature::from(all.last(Signature::kSize));
  if (!verify(founding.hub_sign, kSignContext, signed_bytes(campaign, said), *signature)) {
    return Error{Code::kCodeDamaged, "not signed by the hub"};
  }
  const auto content = parse(said, campaign);
  if (!content) return Error{Code::kCodeDamaged, "the content is not of the expected form"};
  return *content;
}

Hash code_digest(ByteView index_key, std::string_view text) {
  return keyed_hash(index_key, "satchel code index", as_bytes(text));
}

}  // namespace satchel::core
