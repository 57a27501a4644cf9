#include "node/digest.h"

#include "core/store/keys.h"
#include "node/places.h"
#include "protocol/bundle/header.h"

namespace satchel::node {
namespace {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Result;

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kTextMax = 1024;

enum Bit : std::uint8_t { kLastTerm = 1, kDrafted = 2, kSubmitted = 4, kHasRecord = 8, kHasPhoto = 16, kDisputed = 32 };

}  // namespace

bool Digest::eligible() const {
  return stage != core::Stage::unknown && stage != core::Stage::exempt && stage != core::Stage::delisted;
}

bool Digest::stored_at_hub(const std::optional<core::Receipt>& receipt) const {
  return receipt && submitted && !rejected() && record_bundle && photo_bundle && receipt->stored(*record_bundle) &&
         receipt->stored(*photo_bundle);
}

bool Digest::opened_at_hub(const std::optional<core::Receipt>& receipt) const {
  return receipt && submitted && !rejected() && record_bundle && photo_bundle && receipt->opened(*record_bundle) &&
         receipt->opened(*photo_bundle);
}

Bytes encode(const Digest& digest) {
  std::uint8_t bits = 0;
  if (digest.last_term) bits |= kLastTerm;
  if (digest.drafted) bits |= kDrafted;
  if (digest.submitted) bits |= kSubmitted;
  if (digest.record_bundle) bits |= kHasRecord;
  if (digest.photo_bundle) bits |= kHasPhoto;
  if (digest.disputed) bits |= kDisputed;
  core::ByteWriter out;
  out.u8(kVersion).u8(static_cast<std::uint8_t>(digest.stage)).u8(bits).u32(digest.site.value);
  out.sized(digest.class_name).sized(digest.reason);
  if (digest.record_bundle) out.raw(protocol::id_bytes(*digest.record_bundle));
  if (digest.photo_bundle) out.raw(protocol::id_bytes(*digest.photo_bundle));
  return std::move(out).take();
}

Result<Digest> decode_digest(ByteView bytes) {
  core::ByteReader in{bytes};
  Digest digest;
  const std::uint8_t version = in.u8();
  const std::uint8_t stage = in.u8();
  const std::uint8_t bits = in.u8();
  digest.site.value = in.u32();
  digest.class_name = in.text(kTextMax);
  digest.reason = in.text(kTextMax);
  if ((bits & kHasRecord) != 0) digest.record_bundle = bundle_id_from(in.raw(25));
  if ((bits & kHasPhoto) != 0) digest.photo_bundle = bundle_id_from(in.raw(25));
  if (!in.done() || version != kVersion || stage > static_cast<std::uint8_t>(core::Stage::purged)) {
    return Error{Code::kStoreDamaged, "student digest"};
  }
  digest.stage = static_cast<core::Stage>(stage);
  digest.last_term = (bits & kLastTerm) != 0;
  digest.drafted = (bits & kDrafted) != 0;
  digest.submitted = (bits & kSubmitted) != 0;
  digest.disputed = (bits & kDisputed) != 0;
  return digest;
}

Result<void> each_digest(const core::Store& store, const std::function<void(core::StudentRef, const Digest&)>& visit) {
  std::optional<Error> trouble;
  SATCHEL_TRY(store.scan(core::keys::of(core::keys::kStudentDigest, {}), {}, [&](ByteView key, ByteView value) {
    core::ByteReader in{key.subspan(1)};
    const core::StudentRef student{in.u64_be()};
    const auto digest = decode_digest(value);
    if (!digest) {
      trouble = digest.error();
      return false;
    }
    visit(student, *digest);
    return true;
  }));
  if (trouble) return *trouble;
  return {};
}

Result<Digest> find_digest(const core::Store& store, core::StudentRef student) {
  SATCHEL_TRY_ASSIGN(const auto row, store.get(core::keys::student(core::keys::kStudentDigest, student)));
  if (!row) return Code::kStudentUnknown;
  return decode_digest(*row);
}

}  // namespace satchel::node
