#include "core/code/issue.h"

#include <catch2/catch.hpp>

#include "core/crypto/campaign_secrets.h"
#include "core/crypto/identity.h"
#include "tests/support/seeded_rng.h"

using namespace satchel::core;
using satchel::tests::SeededRng;

namespace {

/// A campaign with its keys, and one student who does not exist.
struct Campaign {
  explicit Campaign(std::uint64_t seed)
      : rng((crypto_init(), seed)),
        hub(make_identity(rng)),
        founding(make_founding("test", hub, make_box_keys(rng).public_key, rng)),
        secrets(make_campaign_secrets(rng)),
        content{founding.id(), student_ref(secrets.index_key.view(), "202199000001"), "202199000001", "测试甲",
                "99999919990101001X"} {}

  std::string seal() { return *seal_code(content, secrets.code_key.view(), hub.sign, rng); }
  Result<CodeContent> open(std::string_view text) const { return open_code(text, founding, secrets.code_key.view()); }

  SeededRng rng;
  Identity hub;
  Founding founding;
  CampaignSecrets secrets;
  CodeContent content;
};

Code refusal(const Result<CodeContent>& result) {
  REQUIRE(!result.has_value());
  return result.error().code;
}

}  // namespace

TEST_CASE("a code that the hub issued opens with the campaign's key") {
  Campaign campaign{1};
  const std::string text = campaign.seal();
  CHECK(text.starts_with("SC1."));
  CHECK(text.size() < 260);
  const auto content = campaign.open(text);
  REQUIRE(content.has_value());
  CHECK(*content == campaign.content);
}

TEST_CASE("a code shows nothing of the student, and two codes of one student differ and both open") {
  Campaign campaign{2};
  const std::string first = campaign.seal();
  const std::string second = campaign.seal();
  CHECK(first != second);
  CHECK(campaign.open(second).has_value());
  CHECK(first.find("202199000001") == std::string::npos);
  CHECK(first.find("测试甲") == std::string::npos);
}

TEST_CASE("a changed character is found, wherever it stands") {
  Campaign campaign{3};
  const std::string text = campaign.seal();
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    INFO("position " << i);
    CHECK(!campaign.open(changed).has_value());
  }
}

TEST_CASE("a code that is cut short or longer is damaged") {
  Campaign campaign{4};
  const std::string text = campaign.seal();
  for (std::size_t n = 4; n < text.size(); ++n) CHECK(refusal(campaign.open(text.substr(0, n))) == Code::kCodeDamaged);
  CHECK(refusal(campaign.open(text + "A")) == Code::kCodeDamaged);
  CHECK(refusal(campaign.open(text + "=")) == Code::kCodeDamaged);
  CHECK(refusal(campaign.open("SC1." + std::string(100'000, 'A'))) == Code::kCodeDamaged);
}

TEST_CASE("somebody else's QR code is foreign") {
  Campaign campaign{5};
  for (const char* text : {"", "SC1", "sc1.AAAA", "https://example.invalid/", "SC2.AAAA"}) {
    INFO(text);
    CHECK(refusal(campaign.open(text)) == Code::kCodeForeign);
  }
}

TEST_CASE("a code of another campaign is told apart from a damaged one") {
  Campaign campaign{6};
  Campaign other{7};
  CHECK(refusal(campaign.open(other.seal())) == Code::kCodeOtherCampaign);
}

TEST_CASE("a node that has the code key but is not the hub cannot make a code") {
  Campaign campaign{8};
  const Identity site = make_identity(campaign.rng);
  const auto forged = seal_code(campaign.content, campaign.secrets.code_key.view(), site.sign, campaign.rng);
  REQUIRE(forged.has_value());
  CHECK(refusal(campaign.open(*forged)) == Code::kCodeDamaged);
}

TEST_CASE("a field that is too long is refused when the code is made") {
  Campaign campaign{9};
  campaign.content.name = std::string(201, 'x');
  const auto sealed = seal_code(campaign.content, campaign.secrets.code_key.view(), campaign.hub.sign, campaign.rng);
  REQUIRE(!sealed.has_value());
  CHECK(sealed.error().code == Code::kLimitExceeded);
}

TEST_CASE("the digest of a code depends on the text and on the key") {
  Campaign campaign{10};
  const ByteView key = campaign.secrets.index_key.view();
  CHECK(code_digest(key, "a") == code_digest(key, "a"));
  CHECK(code_digest(key, "a") != code_digest(key, "b"));
  CHECK(code_digest(key, "a") != code_digest(campaign.secrets.code_key.view(), "a"));
}

TEST_CASE("a code carries its issue, and one of the first issue is written as before there were issues") {
  Campaign campaign{9};
  const std::size_t plain = campaign.seal().size();
  for (const std::uint64_t issue : {1ULL, 127ULL, 128ULL, ~0ULL}) {
    campaign.content.issue = issue;
    const std::string text = campaign.seal();
    CHECK(text.size() > plain);
    const auto content = campaign.open(text);
    REQUIRE(content.has_value());
    CHECK(content->issue == issue);
  }
}
