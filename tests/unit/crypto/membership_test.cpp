#include "core/crypto/membership.h"

#include <catch2/catch.hpp>

#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

using namespace satchel::core;
using satchel::tests::SeededRng;

namespace {

struct Campaign {
  SeededRng rng;
  Identity hub = make_identity(rng);
  BoxKeys recovery = make_box_keys(rng);
  Founding founding = make_founding("2026 秋季采集", hub, recovery.public_key, rng);

  explicit Campaign(std::uint64_t seed) : rng(seed) {}
  Member member(std::uint32_t number, std::string name, const Identity& of) {
    return make_member(founding.id(), {number}, number == 0 ? Role::hub : Role::site, std::move(name), of.sign.public_key,
                       of.box.public_key, hub.sign);
  }
};

LogId log_of(std::uint32_t node, Lane lane) { return {{{node}, {77}}, kToHub, lane}; }

template <class T>
Code refusal(const Result<T>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().code;
}

/// `bytes` with `unsigned_part` changed by one byte and signed again by `keys`.
Bytes resigned(const Bytes& bytes, std::size_t at, std::uint8_t value, const SignKeys& keys, std::string_view context) {
  Bytes out{bytes.begin(), bytes.end() - static_cast<std::ptrdiff_t>(Signature::kSize)};
  out[at] = value;
  const Signature signature = sign(keys, context, out);
  append(out, signature.view());
  return out;
}

}  // namespace

TEST_CASE("a founding is read back and every changed byte of it is refused") {
  Campaign c{31};
  const Bytes bytes = encode(c.founding);
  const auto back = decode_founding(bytes);
  REQUIRE(back.has_value());
  CHECK(back->name == c.founding.name);
  CHECK(back->id() == c.founding.id());
  CHECK(encode(*back) == bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes bad = bytes;
    bad[i] ^= 0x10;
    CHECK_FALSE(decode_founding(bad).has_value());
    CHECK_FALSE(decode_founding(ByteView{bytes}.first(i)).has_value());
  }
  Bytes extended = bytes;
  extended.push_back(0);
  CHECK(refusal(decode_founding(extended)) == Code::kMalformed);
  Bytes newer = bytes;
  newer[0] = 2;
  CHECK(refusal(decode_founding(newer)) == Code::kVersionUnknown);
}

TEST_CASE("two foundings of one hub under one name are two campaigns") {
  Campaign c{32};
  const Founding again = make_founding(c.founding.name, c.hub, c.recovery.public_key, c.rng);
  CHECK(again.id() != c.founding.id());
}

TEST_CASE("a founding with a recovery key of low order is refused although it is signed") {
  Campaign c{33};
  Founding bad = c.founding;
  bad.recovery_box = {};
  Bytes bytes = encode(bad);
  bytes = resigned(bytes, 0, bytes[0], c.hub.sign, "satchel founding");
  CHECK(refusal(decode_founding(bytes)) == Code::kMalformed);
}

TEST_CASE("a certificate is read back and every changed byte of it is refused") {
  Campaign c{34};
  const Identity site = make_identity(c.rng);
  const Member member = c.member(300, "山村教学点", site);
  const Bytes bytes = encode(member);
  const auto back = decode_member(bytes, c.founding);
  REQUIRE(back.has_value());
  CHECK(back->number == member.number);
  CHECK(back->name == "山村教学点");
  CHECK(encode(*back) == bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes bad = bytes;
    bad[i] ^= 0x01;
    CHECK_FALSE(decode_member(bad, c.founding).has_value());
    CHECK_FALSE(decode_member(ByteView{bytes}.first(i), c.founding).has_value());
  }
}

TEST_CASE("a certificate of another campaign or by another signer is refused") {
  Campaign c{35};
  Campaign other{36};
  const Identity site = make_identity(c.rng);
  CHECK(refusal(decode_member(encode(other.member(1, "A", site)), c.founding)) == Code::kOtherCampaign);
  const Member forged =
      make_member(c.founding.id(), {1}, Role::site, "A", site.sign.public_key, site.box.public_key, other.hub.sign);
  CHECK(refusal(decode_member(encode(forged), c.founding)) == Code::kSignatureBad);
}

TEST_CASE("a signed certificate with an unknown role or a site numbered 0 is malformed") {
  Campaign c{37};
  const Bytes bytes = encode(c.member(1, "A", make_identity(c.rng)));
  constexpr std::size_t kNumberAt = 9;
  constexpr std::size_t kRoleAt = 10;
  CHECK(refusal(decode_member(resigned(bytes, kRoleAt, 3, c.hub.sign, "satchel member"), c.founding)) == Code::kMalformed);
  CHECK(refusal(decode_member(resigned(bytes, kRoleAt, 0, c.hub.sign, "satchel member"), c.founding)) == Code::kMalformed);
  CHECK(refusal(decode_member(resigned(bytes, kNumberAt, 0, c.hub.sign, "satchel member"), c.founding)) == Code::kMalformed);
}

TEST_CASE("names are bounded UTF-8 without control characters") {
  CHECK(valid_name("山村教学点", kMemberNameMax));
  CHECK_FALSE(valid_name("", kMemberNameMax));
  CHECK_FALSE(valid_name(std::string(101, 'a'), kMemberNameMax));
  CHECK_FALSE(valid_name("a\nb", kMemberNameMax));
  CHECK_FALSE(valid_name("a\x1b[31m", kMemberNameMax));
  CHECK_FALSE(valid_name("\xc0\xaf", kMemberNameMax));
  CHECK_FALSE(valid_name("\xed\xa0\x80", kMemberNameMax));
  CHECK_FALSE(valid_name("\xf4\x90\x80\x80", kMemberNameMax));
  CHECK_FALSE(valid_name("\xe5\xb1", kMemberNameMax));
}

TEST_CASE("members are found by number, key and name") {
  Campaign c{38};
  const Identity site = make_identity(c.rng);
  Membership membership{c.founding};
  REQUIRE(membership.add(c.member(0, "中心", c.hub)).has_value());
  REQUIRE(membership.add(c.member(5, "A", site)).has_value());
  REQUIRE(membership.add(c.member(5, "A", site)).has_value());
  CHECK(membership.find(NodeNumber{5})->name == "A");
  CHECK(membership.find(site.box.public_key)->number == NodeNumber{5});
  CHECK(membership.find_name("中心")->number == kHubNumber);
  CHECK_FALSE(membership.find(NodeNumber{6}).has_value());
  CHECK(membership.all().size() == 2);
}

TEST_CASE("a second key under one number is an equivocation and changes nothing") {
  Campaign c{39};
  const Identity first = make_identity(c.rng);
  Membership membership{c.founding};
  REQUIRE(membership.add(c.member(5, "A", first)).has_value());
  CHECK(refusal(membership.add(c.member(5, "A", make_identity(c.rng)))) == Code::kEquivocation);
  CHECK(membership.find(NodeNumber{5})->box == first.box.public_key);
  Campaign other{40};
  CHECK(refusal(membership.add(other.member(6, "B", first))) == Code::kOtherCampaign);
}

TEST_CASE("a revoked node is trusted up to its position and nowhere else") {
  Campaign c{41};
  Membership membership{c.founding};
  CHECK_FALSE(membership.trusted({log_of(5, Lane::record), {1}}));
  REQUIRE(membership.add(c.member(5, "A", make_identity(c.rng))).has_value());
  CHECK(membership.trusted({log_of(5, Lane::record), {1000}}));
  membership.revoke({{5}, {{log_of(5, Lane::record), {10}}}});
  CHECK(membership.revoked({5}));
  CHECK(membership.trusted({log_of(5, Lane::record), {10}}));
  CHECK_FALSE(membership.trusted({log_of(5, Lane::record), {11}}));
  CHECK_FALSE(membership.trusted({log_of(5, Lane::photo), {1}}));
}

TEST_CASE("revocations of one node come to the same in any order") {
  Campaign c{42};
  const Revocation one{{5}, {{log_of(5, Lane::record), {10}}, {log_of(5, Lane::photo), {3}}}};
  const Revocation two{{5}, {{log_of(5, Lane::record), {7}}, {log_of(5, Lane::control), {9}}}};
  Membership ab{c.founding};
  Membership ba{c.founding};
  const Member site = c.member(5, "A", make_identity(c.rng));
  for (Membership* m : {&ab, &ba}) REQUIRE(m->add(site).has_value());
  ab.revoke(one);
  ab.revoke(two);
  ba.revoke(two);
  ba.revoke(one);
  for (const Lane lane : kLanes) {
    for (std::uint64_t seq = 1; seq < 12; ++seq) {
      const BundleId id{log_of(5, lane), {seq}};
      CHECK(ab.trusted(id) == ba.trusted(id));
      CHECK(ab.trusted(id) == (lane == Lane::record && seq <= 7));
    }
  }
}

TEST_CASE("a revocation of the hub is ignored") {
  Campaign c{43};
  Membership membership{c.founding};
  REQUIRE(membership.add(c.member(0, "中心", c.hub)).has_value());
  membership.revoke({kHubNumber, {}});
  CHECK(membership.trusted({log_of(0, Lane::control), {1}}));
}
