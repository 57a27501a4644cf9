#include "protocol/card/card.h"

#include <catch2/catch.hpp>

#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

namespace satchel::protocol {
namespace {

using core::Bytes;
using core::ByteView;
using core::Code;

/// A hub, the node that asked, and a neighbour.
struct Office {
  tests::SeededRng rng{17};
  core::Identity hub = core::make_identity(rng);
  core::Identity site = core::make_identity(rng);
  core::Identity neighbour = core::make_identity(rng);
  core::BoxKeys recovery = core::make_box_keys(rng);
  core::Founding founding = core::make_founding("春季采集", hub, recovery.public_key, rng);

  core::Member certificate(std::uint32_t number, core::Role role, std::string name, const core::Identity& whose) const {
    return core::make_member(founding.id(), core::NodeNumber{number}, role, std::move(name), whose.sign.public_key,
                             whose.box.public_key, hub.sign);
  }
  Card card() {
    return {founding,
            certificate(0, core::Role::hub, "hub", hub),
            certificate(2, core::Role::site, "东站", site),
            {certificate(1, core::Role::relay, "邻居", neighbour)},
            core::sign_profile(founding.id(), 3, core::to_bytes(core::as_bytes("title = \"x\"\n")), hub.sign),
            core::make_campaign_secrets(rng)};
  }
  Bytes seal(const Card& card) {
    auto file = seal_card(card, hub, site.box.public_key, rng);
    REQUIRE(file);
    return *std::move(file);
  }
  Code refusal(ByteView file) const {
    const auto card = open_card(file, site);
    REQUIRE_FALSE(card);
    return card.error().code;
  }
};

TEST_CASE("a card brings everything of the campaign to the node that asked") {
  Office office;
  const Card card = office.card();
  const auto opened = open_card(office.seal(card), office.site);
  REQUIRE(opened);
  CHECK(core::encode(opened->founding) == core::encode(card.founding));
  CHECK(core::encode(opened->hub) == core::encode(card.hub));
  CHECK(core::encode(opened->member) == core::encode(card.member));
  REQUIRE(opened->others.size() == 1);
  CHECK(opened->others[0].name == "邻居");
  CHECK(opened->profile == card.profile);
  CHECK(core::constant_time_equal(opened->secrets.group_key.view(), card.secrets.group_key.view()));
  CHECK(core::constant_time_equal(opened->secrets.code_key.view(), card.secrets.code_key.view()));
  CHECK(core::constant_time_equal(opened->secrets.index_key.view(), card.secrets.index_key.view()));
}

TEST_CASE("every single flipped or missing byte of a card is refused as damage") {
  Office office;
  const Bytes file = office.seal(office.card());
  for (std::size_t i = 0; i < file.size(); ++i) {
    INFO("byte " << i);
    Bytes flipped = file;
    flipped[i] = static_cast<std::uint8_t>(flipped[i] ^ (1U << (i % 8)));
    const Code code = office.refusal(flipped);
    CHECK((code == Code::kCardBad || (i == 13 && code == Code::kVersionUnknown)));
    CHECK(office.refusal(ByteView{file}.first(i)) == Code::kCardBad);
  }
  Bytes longer = file;
  longer.push_back(0);
  CHECK(office.refusal(longer) == Code::kCardBad);
}

TEST_CASE("a sound card for another node says so") {
  Office office;
  const Bytes file = office.seal(office.card());
  const auto opened = open_card(file, office.neighbour);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Code::kCardNotOurs);
}

TEST_CASE("a card with somebody else's certificate is not ours, although it is sealed to us") {
  Office office;
  Card card = office.card();
  card.member = office.certificate(2, core::Role::site, "东站", office.neighbour);
  CHECK(office.refusal(office.seal(card)) == Code::kCardNotOurs);
  card.member = card.hub;
  CHECK(office.refusal(office.seal(card)) == Code::kCardNotOurs);
}

TEST_CASE("a card that the campaign's hub did not sign is refused") {
  Office office;
  const Card card = office.card();
  auto forged = seal_card(card, office.neighbour, office.site.box.public_key, office.rng);
  REQUIRE(forged);
  CHECK(office.refusal(*forged) == Code::kCardBad);
}

TEST_CASE("a card whose parts are of another campaign is refused") {
  Office office;
  const core::Founding other = core::make_founding("other", office.neighbour, office.recovery.public_key, office.rng);
  Card card = office.card();
  card.founding = other;
  CHECK(office.refusal(office.seal(card)) == Code::kCardBad);
  card = office.card();
  card.profile = core::sign_profile(other.id(), 3, card.profile.toml, office.hub.sign);
  CHECK(office.refusal(office.seal(card)) == Code::kCardBad);
  card = office.card();
  card.profile = core::sign_profile(office.founding.id(), 3, card.profile.toml, office.neighbour.sign);
  CHECK(office.refusal(office.seal(card)) == Code::kCardBad);
  card = office.card();
  card.others[0] = core::make_member(office.founding.id(), core::NodeNumber{1}, core::Role::relay, "x",
                                     office.neighbour.sign.public_key, office.neighbour.box.public_key, office.neighbour.sign);
  CHECK(office.refusal(office.seal(card)) == Code::kCardBad);
}

TEST_CASE("the certificate in the hub's place must be the hub's, with the keys of the founding") {
  Office office;
  Card card = office.card();
  card.hub = office.certificate(5, core::Role::relay, "relay", office.neighbour);
  CHECK(office.refusal(office.seal(card)) == Code::kCardBad);
  card.hub = office.certificate(0, core::Role::hub, "hub", office.neighbour);
  CHECK(office.refusal(office.seal(card)) == Code::kCardBad);
}

TEST_CASE("more certificates than a card takes are refused by its maker") {
  Office office;
  Card card = office.card();
  const core::Member other = card.others[0];
  card.others.assign(kCardMembersMax + 1, other);
  const auto file = seal_card(card, office.hub, office.site.box.public_key, office.rng);
  REQUIRE_FALSE(file);
  CHECK(file.error().code == Code::kLimitExceeded);
}

TEST_CASE("a card shows no name and no secret from outside") {
  Office office;
  const Card card = office.card();
  const Bytes file = office.seal(card);
  const std::string_view text = core::as_text(file);
  CHECK(text.find("东站") == std::string_view::npos);
  CHECK(text.find("春季采集") == std::string_view::npos);
  CHECK(text.find(core::as_text(card.secrets.group_key.view())) == std::string_view::npos);
  CHECK(text.find(core::as_text(office.site.box.public_key.view())) == std::string_view::npos);
}

}  // namespace
}  // namespace satchel::protocol
