#include <catch2/catch.hpp>

#include "protocol/card/card.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

namespace satchel::protocol {
namespace {

using core::Bytes;
using core::ByteView;
using core::Code;

Code refusal(ByteView file) {
  const auto request = decode_request(file);
  REQUIRE_FALSE(request);
  return request.error().code;
}

/// A request with any fields, signed with the keys that it carries.
Bytes signed_request(const core::Identity& by, std::uint8_t version, std::uint8_t role, std::string_view name,
                     const core::BoxPublic& box) {
  core::ByteWriter out;
  out.raw(core::as_bytes("satchel-request\n")).u8(version).u8(role).sized(name).raw(by.sign.public_key.view()).raw(box.view());
  const core::Signature signature = core::sign(by.sign, "satchel request", out.bytes());
  return out.raw(signature.view()).bytes();
}

struct Applicant {
  tests::SeededRng rng{16};
  core::Identity identity = core::make_identity(rng);
};

TEST_CASE("a request says who asks, as what, and with which keys") {
  Applicant one;
  for (const core::Role role : {core::Role::site, core::Role::relay}) {
    const auto request = decode_request(encode_request(role, "东站", one.identity));
    REQUIRE(request);
    CHECK(request->role == role);
    CHECK(request->name == "东站");
    CHECK(request->sign == one.identity.sign.public_key);
    CHECK(request->box == one.identity.box.public_key);
  }
}

TEST_CASE("every single flipped, missing or further byte of a request is refused") {
  Applicant one;
  const Bytes file = encode_request(core::Role::site, "东站", one.identity);
  for (std::size_t i = 0; i < file.size(); ++i) {
    INFO("byte " << i);
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes flipped = file;
      flipped[i] = static_cast<std::uint8_t>(flipped[i] ^ (1U << bit));
      const Code code = refusal(flipped);
      CHECK((code == Code::kRequestBad || (i == 16 && code == Code::kVersionUnknown)));
    }
    CHECK(refusal(ByteView{file}.first(i)) == Code::kRequestBad);
  }
  Bytes longer = file;
  longer.push_back(0);
  CHECK(refusal(longer) == Code::kRequestBad);
}

TEST_CASE("nobody asks to be the hub, or for a role that does not exist") {
  Applicant one;
  const core::BoxPublic& box = one.identity.box.public_key;
  REQUIRE(decode_request(signed_request(one.identity, 1, 1, "east", box)));
  CHECK(refusal(signed_request(one.identity, 1, 0, "east", box)) == Code::kRequestBad);
  CHECK(refusal(signed_request(one.identity, 1, 3, "east", box)) == Code::kRequestBad);
  CHECK(refusal(signed_request(one.identity, 2, 1, "east", box)) == Code::kVersionUnknown);
}

TEST_CASE("a name that cannot be shown and a key that cannot be sealed to are refused") {
  Applicant one;
  const core::BoxPublic& box = one.identity.box.public_key;
  CHECK(refusal(signed_request(one.identity, 1, 1, "", box)) == Code::kRequestBad);
  CHECK(refusal(signed_request(one.identity, 1, 1, "a\x1B[2Jb", box)) == Code::kRequestBad);
  CHECK(refusal(signed_request(one.identity, 1, 1, "\xFF", box)) == Code::kRequestBad);
  CHECK(refusal(signed_request(one.identity, 1, 1, std::string(core::kMemberNameMax + 1, 'x'), box)) == Code::kRequestBad);
  CHECK(refusal(signed_request(one.identity, 1, 1, "east", core::BoxPublic{})) == Code::kRequestBad);
}

TEST_CASE("a request with somebody else's key does not pass") {
  Applicant one;
  const core::Identity other = core::make_identity(one.rng);
  core::ByteWriter out;
  out.raw(core::as_bytes("satchel-request\n")).u8(1).u8(1).sized("east").raw(other.sign.public_key.view());
  out.raw(one.identity.box.public_key.view());
  const core::Signature signature = core::sign(one.identity.sign, "satchel request", out.bytes());
  CHECK(refusal(out.raw(signature.view()).bytes()) == Code::kRequestBad);
}

TEST_CASE("a file that is no request is refused whatever its size") {
  CHECK(refusal({}) == Code::kRequestBad);
  CHECK(refusal(Bytes(kRequestMax + 1, 's')) == Code::kRequestBad);
  CHECK(refusal(Bytes(100, 0)) == Code::kRequestBad);
}

}  // namespace
}  // namespace satchel::protocol
