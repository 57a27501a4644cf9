#include <algorithm>
#include <catch2/catch.hpp>

#include "protocol/bundle/bundle.h"
#include "tests/unit/session/liar.h"
#include "tests/unit/session/meeting.h"

using namespace satchel;
using core::Bytes;
using core::ByteView;
using core::Code;
using core::Lane;
using protocol::Answer;
using protocol::BundleOffer;
using protocol::DataPiece;
using protocol::MessageKind;
using protocol::Session;
using tests::Campaign;
using tests::CampaignNode;
using tests::Liar;

namespace {

/// A relay that lies to the hub.
struct Scene {
  explicit Scene(std::uint64_t seed) : campaign(seed), victim(Session::answerer(campaign.hub().session_setup(), {1'000})) {}
  Liar liar() { return liar(Liar::plain_hello(campaign["relay"])); }
  Liar liar(const protocol::Hello& hello) { return Liar{campaign["relay"], campaign.hub().member, victim, hello}; }
  Campaign campaign;
  Session victim;
};

/// What the relay sends of a site's pictures.
constexpr protocol::Stream foreign_photo{Lane::photo, true};

bool contains(const std::vector<MessageKind>& kinds, MessageKind kind) { return std::ranges::count(kinds, kind) > 0; }

void check_refused(const core::Result<void>& result, Code code) {
  REQUIRE_FALSE(result);
  CHECK(core::info(result.error().code).id == core::info(code).id);
}

}  // namespace

TEST_CASE("bytes that are no greeting end the link, whatever they are") {
  Campaign campaign{50};
  tests::SeededRng rng{51};
  INFO("seed " << rng.seed());
  for (int i = 0; i < 300; ++i) {
    Session hub = Session::answerer(campaign.hub().session_setup(), {1'000});
    Bytes noise(64 * 1024 + 2);
    rng.fill(noise);
    const auto received = hub.receive(noise, {1'000});
    REQUIRE_FALSE(received);
    CHECK(hub.state() == Session::State::failed);
    CHECK_FALSE(hub.receive(noise, {1'001}));
  }
}

TEST_CASE("what no session says ends the link with the right name for it") {
  Scene scene{52};
  Liar liar = scene.liar();
  CampaignNode& east = scene.campaign["east"];
  const core::BundleId id = east.write(Lane::record, 500);
  const auto header = east.shelf->header(id);
  const Bytes bytes = (*header)->bytes;
  const Bytes piece(100, 1);
  Code expected = Code::kMalformed;
  core::Result<void> said;
  SECTION("data without a bundle") { said = liar.say(DataPiece{Lane::record, 0, piece}); }
  SECTION("data in another lane than the bundle's") {
    REQUIRE(liar.say(BundleOffer{0, {}, bytes}));
    said = liar.say(DataPiece{Lane::photo, 0, piece});
  }
  SECTION("data that leaves a gap") {
    REQUIRE(liar.say(BundleOffer{0, {}, bytes}));
    said = liar.say(DataPiece{Lane::record, 1, piece});
  }
  SECTION("data beyond the end") {
    REQUIRE(liar.say(BundleOffer{0, {}, bytes}));
    said = liar.say(DataPiece{Lane::record, (*header)->body_size() - 99, piece});
  }
  SECTION("data far beyond the end") {
    REQUIRE(liar.say(BundleOffer{0, {}, bytes}));
    said = liar.say(DataPiece{Lane::record, ~0ULL, piece});
  }
  SECTION("a bundle that begins beyond its end") { said = liar.say(BundleOffer{(*header)->body_size() + 1, {}, bytes}); }
  SECTION("a header that is none") { said = liar.say(BundleOffer{0, {}, piece}); }
  SECTION("an answer to nothing") { said = liar.say(Answer{MessageKind::skip, 0, 0, Code::kInternal}); }
  SECTION("a confirmation of nothing") { said = liar.say(protocol::Stored{{7}}); }
  SECTION("an empty frame") { said = liar.say_frame({}); }
  SECTION("an unknown kind of message") { said = liar.say_frame(Bytes{99, 0}); }
  SECTION("a message longer than its frame") { said = liar.say_frame(Bytes{12, 5, 0}); }
  SECTION("a certificate that the hub did not sign") {
    tests::SeededRng rng{1};
    const core::SignKeys forger = core::make_sign_keys(rng);
    const auto stranger = scene.campaign.stranger(8, core::Role::site, &forger);
    said = liar.say(protocol::MemberMessage{core::encode(stranger->member)});
    expected = Code::kSignatureBad;
  }
  check_refused(said, expected);
  CHECK(liar.heard().back() == MessageKind::bye);
  CHECK(scene.campaign.hub().shelf->frontier().entries().empty());
}

TEST_CASE("a hello of another node than the one whose key opened the channel is refused") {
  Scene scene{53};
  protocol::Hello hello = Liar::plain_hello(scene.campaign["relay"]);
  hello.node = scene.campaign["east"].member.number;
  Liar liar = scene.liar(hello);
  REQUIRE(scene.victim.failure());
  CHECK(scene.victim.failure()->code == Code::kMalformed);
}

TEST_CASE("a frame that was changed, repeated or made up does not open") {
  Scene scene{54};
  Liar liar = scene.liar();
  REQUIRE_FALSE(scene.victim.failure());
  const Bytes made_up{20, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
  check_refused(scene.victim.receive(made_up, {1'000}), Code::kSealBroken);
}

TEST_CASE("a frame longer than any that we send is refused before its bytes have come") {
  Scene scene{55};
  Liar liar = scene.liar();
  check_refused(scene.victim.receive(Bytes{0xFF, 0xFF}, {1'000}), Code::kLimitExceeded);
}

TEST_CASE("a peer that asks and never reads the answers is cut off") {
  Scene scene{56};
  auto setup = scene.campaign["relay"].session_setup();
  protocol::Link link = protocol::Link::caller(setup.link, scene.campaign.hub().member);
  REQUIRE(link.greet(protocol::encode(Liar::plain_hello(scene.campaign["relay"]))));
  REQUIRE(scene.victim.receive(link.pending(), {1'000}));
  link.sent(link.pending().size());
  link.feed(scene.victim.pending());
  REQUIRE(link.next());
  Bytes pings;
  for (int i = 0; i < 100; ++i) protocol::append_message(pings, protocol::Plain{MessageKind::ping});
  core::Result<void> received;
  int frames = 0;
  for (; received && frames < 10'000; ++frames) {
    REQUIRE(link.send(pings));
    received = scene.victim.receive(link.pending(), {1'000});
    link.sent(link.pending().size());
  }
  check_refused(received, Code::kLimitExceeded);
  CHECK(scene.victim.pending().size() < 2 * protocol::kAheadMax);
}

TEST_CASE("a receipt that the hub did not sign, or that was changed, changes nothing") {
  Campaign campaign{57};
  CampaignNode& east = campaign["east"];
  const core::BundleId id = east.write(Lane::record, 100);
  Session victim = Session::answerer(east.session_setup(), {1'000});
  Liar liar{campaign["relay"], east.member, victim, Liar::plain_hello(campaign["relay"])};
  core::Receipt receipt;
  receipt.campaign = campaign.founding().id();
  receipt.epoch = 9;
  receipt.version = 9;
  receipt.logs[id.log] = {id.seq, id.seq};
  SECTION("signed by the relay") { core::sign_receipt(receipt, campaign["relay"].identity.sign); }
  SECTION("signed by the hub, then raised") {
    core::sign_receipt(receipt, campaign.hub().identity.sign);
    receipt.logs[id.log].stored.value += 1;
    receipt.logs[id.log].opened.value += 1;
  }
  check_refused(liar.say(protocol::ReceiptPart{true, core::encode(receipt)}), Code::kSignatureBad);
  CHECK_FALSE(east.shelf->receipt());
  CHECK((*east.shelf->waiting())[1].bundles == 1);
}

TEST_CASE("a bundle that its author did not sign is refused by name, and the meeting goes on") {
  Scene scene{58};
  Liar liar = scene.liar();
  CampaignNode& east = scene.campaign["east"];
  const auto header = east.shelf->header(east.write(Lane::record, 500));
  Bytes forged = (*header)->bytes;
  forged.back() = static_cast<std::uint8_t>(forged.back() ^ 1U);
  REQUIRE(liar.say(BundleOffer{0, {}, forged}));
  CHECK(contains(liar.heard(), MessageKind::refuse));
  REQUIRE(scene.victim.stats().refused_list.size() == 1);
  CHECK(scene.victim.stats().refused_list[0].code == Code::kSignatureBad);
  CHECK(scene.campaign.hub().shelf->partials().empty());
  CHECK_FALSE(scene.victim.failure());
}

TEST_CASE("a damaged body is asked for again from the start of its chunk, and given up when it never comes right") {
  Scene scene{59};
  Liar liar = scene.liar();
  CampaignNode& east = scene.campaign["east"];
  CampaignNode& hub = scene.campaign.hub();
  const core::BundleId id = east.write(Lane::photo, 900);
  const auto header = east.shelf->header(id);
  const Bytes body = *east.shelf->read_body(id);
  Bytes bad = body;
  bad[500] = static_cast<std::uint8_t>(bad[500] ^ 1U);
  REQUIRE(liar.say(BundleOffer{0, {}, (*header)->bytes}));
  SECTION("it comes right the second time") {
    REQUIRE(liar.say(DataPiece{foreign_photo, 0, bad}));
    CHECK(contains(liar.heard(), MessageKind::back));
    // What was on its way when we asked is not wanted, and does no harm.
    REQUIRE(liar.say(DataPiece{foreign_photo, 600, ByteView{bad}.subspan(600)}));
    REQUIRE(liar.say(DataPiece{foreign_photo, 0, body}));
    CHECK(contains(liar.heard(), MessageKind::stored));
    CHECK(hub.holding(id) == east.holding(id));
  }
  SECTION("it never does") {
    for (int i = 0; i < protocol::kDamagedMost; ++i) {
      REQUIRE(liar.say(DataPiece{foreign_photo, 0, bad}));
      CHECK(liar.heard() == std::vector{MessageKind::back});
    }
    REQUIRE(liar.say(DataPiece{foreign_photo, 0, bad}));
    CHECK(contains(liar.heard(), MessageKind::refuse));
    CHECK(hub.shelf->partials().empty());
    CHECK(scene.victim.stats().refused_list[0].code == Code::kHashBad);
  }
}

TEST_CASE("a sender with a wrong idea of what we hold is put right in both directions") {
  Scene scene{63};
  Liar liar = scene.liar();
  CampaignNode& east = scene.campaign["east"];
  CampaignNode& hub = scene.campaign.hub();
  const core::BundleId id = east.write(Lane::photo, 900);
  const auto header = east.shelf->header(id);
  const Bytes body = *east.shelf->read_body(id);
  const ByteView all{body};
  REQUIRE(liar.say(BundleOffer{600, {}, (*header)->bytes}));  // we hold nothing
  CHECK(liar.heard() == std::vector{MessageKind::back});
  REQUIRE(liar.say(DataPiece{foreign_photo, 600, all.subspan(600)}));  // it was on its way
  REQUIRE(liar.say(DataPiece{foreign_photo, 0, all.first(300)}));
  CHECK(hub.shelf->partials()[0].offset == 300);
  REQUIRE(liar.say(BundleOffer{0, {}, (*header)->bytes}));  // we hold 300
  CHECK(liar.heard() == std::vector{MessageKind::accept});
  REQUIRE(liar.say(DataPiece{foreign_photo, 0, all.first(300)}));
  REQUIRE(liar.say(DataPiece{foreign_photo, 300, all.subspan(300)}));
  CHECK(contains(liar.heard(), MessageKind::stored));
  REQUIRE(liar.say(BundleOffer{0, {}, (*header)->bytes}));  // we hold all
  CHECK(contains(liar.heard(), MessageKind::skip));
  CHECK(hub.holding(id) == east.holding(id));
}

TEST_CASE("a peer that lives, promises a newer receipt and never brings it is given up after a while") {
  Campaign campaign{60};
  CampaignNode& east = campaign["east"];
  east.write(Lane::record, 100);
  Session victim = Session::answerer(east.session_setup(), {1'000});
  protocol::Hello hello = Liar::plain_hello(campaign["relay"]);
  hello.receipt = {7, 7};
  Liar liar{campaign["relay"], east.member, victim, hello};
  int pings = 0;
  while (!victim.failure()) {
    liar.now = victim.deadline();
    static_cast<void>(victim.wake(liar.now).has_value());
    if (!victim.failure()) static_cast<void>(liar.say(protocol::Plain{MessageKind::pong}).has_value());
    REQUIRE(++pings < 100);
  }
  CHECK(victim.failure()->code == Code::kPeerSilent);
  CHECK(liar.now - core::MonoMs{1'000} == protocol::kStallSilences * protocol::kSilenceMs);
}

TEST_CASE("a relay that claims to hold everything keeps nobody from asking the hub") {
  Campaign campaign{61};
  CampaignNode& east = campaign["east"];
  const core::BundleId id = east.write(Lane::record, 100);
  Session victim = Session::answerer(east.session_setup(), {1'000});
  protocol::Hello hello = Liar::plain_hello(campaign["relay"]);
  hello.frontier.raise(id.log, core::Seq{~0ULL});
  Liar liar{campaign["relay"], east.member, victim, hello};
  REQUIRE_FALSE(victim.failure());
  CHECK((*east.shelf->waiting())[1].bundles == 1);
  tests::Meeting meeting{east, campaign.hub()};
  meeting.run();
  CHECK(campaign.hub().holding(id) == east.holding(id));
}

TEST_CASE("a frontier of more logs than a campaign can have is refused") {
  Scene scene{62};
  Liar liar = scene.liar();
  core::Result<void> said;
  std::uint64_t life = 0;
  for (int parts = 0; said && parts < 400; ++parts) {
    protocol::FrontierPart part{false, {}};
    for (int i = 0; i < 500; ++i) {
      part.frontier.raise({{core::NodeNumber{1}, core::Incarnation{++life}}, core::kToHub, Lane::record}, core::Seq{1});
    }
    said = liar.say(part);
  }
  check_refused(said, Code::kLimitExceeded);
}
