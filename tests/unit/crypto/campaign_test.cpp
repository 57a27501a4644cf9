#include <catch2/catch.hpp>

#include "core/crypto/base64.h"
#include "core/crypto/campaign_secrets.h"
#include "core/crypto/hash.h"
#include "core/crypto/signed_profile.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

using namespace satchel::core;
using satchel::tests::SeededRng;

TEST_CASE("a student reference is the first 50 bits of a keyed hash") {
  SeededRng rng{51};
  const CampaignSecrets secrets = make_campaign_secrets(rng);
  const StudentRef ref = student_ref(secrets.index_key.view(), "S20260001");
  const Hash whole = keyed_hash(secrets.index_key.view(), "satchel student ref", as_bytes("S20260001"));
  std::uint64_t bits = 0;
  for (std::size_t bit = 0; bit < 50; ++bit) bits = (bits << 1) | ((whole.value[bit / 8] >> (7 - bit % 8)) & 1U);
  CHECK(ref.value == bits);
  CHECK(ref.value < (1ULL << 50));
  CHECK(student_ref(secrets.code_key.view(), "S20260001") != ref);
  CHECK(student_ref(secrets.index_key.view(), "S20260002") != ref);
}

TEST_CASE("campaign secrets differ from each other and are cloned whole") {
  SeededRng rng{52};
  const CampaignSecrets secrets = make_campaign_secrets(rng);
  const CampaignSecrets copy = secrets.clone();
  CHECK(constant_time_equal(copy.group_key.view(), secrets.group_key.view()));
  CHECK(constant_time_equal(copy.code_key.view(), secrets.code_key.view()));
  CHECK(constant_time_equal(copy.index_key.view(), secrets.index_key.view()));
  CHECK_FALSE(constant_time_equal(secrets.group_key.view(), secrets.code_key.view()));
  CHECK_FALSE(constant_time_equal(secrets.code_key.view(), secrets.index_key.view()));
}

TEST_CASE("a signed profile is read back and every changed byte of it is refused") {
  SeededRng rng{53};
  const SignKeys hub = make_sign_keys(rng);
  const CampaignId campaign{0x1122334455667788};
  const SignedProfile profile = sign_profile(campaign, 300, to_bytes(as_bytes("[portrait]\nwidth_px = 480\n")), hub);
  const Bytes bytes = encode(profile);
  CHECK(*decode_profile(bytes, campaign, hub.public_key) == profile);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes bad = bytes;
    bad[i] ^= 0x02;
    CHECK_FALSE(decode_profile(bad, campaign, hub.public_key).has_value());
    CHECK_FALSE(decode_profile(ByteView{bytes}.first(i), campaign, hub.public_key).has_value());
  }
  CHECK(decode_profile(bytes, {1}, hub.public_key).error().code == Code::kOtherCampaign);
  CHECK(decode_profile(bytes, campaign, make_sign_keys(rng).public_key).error().code == Code::kSignatureBad);
}

TEST_CASE("base64url gives the values of RFC 4648 and only its own form is read") {
  CHECK(to_base64url(as_bytes("foobar")) == "Zm9vYmFy");
  CHECK(to_base64url(as_bytes("fooba")) == "Zm9vYmE");
  CHECK(to_base64url(as_bytes("\xfb\xff")) == "-_8");
  CHECK(*from_base64url("-_8") == to_bytes(as_bytes("\xfb\xff")));
  for (const char* bad : {"-_9", "Zm9vYmE=", "A", "Zm9v YmE", "+/8"}) CHECK_FALSE(from_base64url(bad).has_value());
}
