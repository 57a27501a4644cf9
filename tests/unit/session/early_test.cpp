// What goes with the first message of the handshake, before the other side has said a word.
#include <catch2/catch.hpp>

#include "tests/unit/session/liar.h"
#include "tests/unit/session/meeting.h"

using namespace satchel;
using core::BundleId;
using core::Code;
using core::Lane;
using protocol::MessageKind;
using protocol::Session;
using tests::Campaign;
using tests::CampaignNode;
using tests::Liar;
using tests::Meeting;

namespace {

/// The first message of a call, and nothing more.
core::Bytes first_message(CampaignNode& from, CampaignNode& to) {
  return core::to_bytes(Session::caller(from.session_setup(), to.member, core::MonoMs{1'000}).pending());
}

void hear(CampaignNode& node, core::ByteView first) {
  Session session = Session::answerer(node.session_setup(), core::MonoMs{1'000});
  CHECK(session.receive(first, core::MonoMs{1'000}));
}

/// All that lies in its store.
core::MemoryStore::Map rows_of(const CampaignNode& node) {
  core::MemoryStore::Map out;
  const auto visit = [&out](core::ByteView key, core::ByteView value) {
    out.emplace(core::to_bytes(key), core::to_bytes(value));
    return true;
  };
  CHECK(node.store.scan({}, {}, visit));
  return out;
}

}  // namespace

TEST_CASE("control and records lie at the hub when its first answer leaves, photos do not") {
  Campaign campaign{80};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  const BundleId photo = east.write(Lane::photo, 500);
  const BundleId record = east.write(Lane::record, 500);
  const BundleId control = east.write(Lane::control, 100);
  hear(hub, first_message(east, hub));
  CHECK(hub.holding(control) == east.holding(control));
  CHECK(hub.holding(record) == east.holding(record));
  CHECK(hub.holding(photo).empty());
}

TEST_CASE("the answer confirms what came with the first message, and brings what is for the caller") {
  Campaign campaign{81};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  east.write(Lane::record, 500);
  const BundleId verdict = hub.write(Lane::record, 100, core::Audience{east.member.number.value});
  Session caller = Session::caller(east.session_setup(), hub.member, core::MonoMs{1'000});
  Session answerer = Session::answerer(hub.session_setup(), core::MonoMs{1'000});
  REQUIRE(answerer.receive(caller.pending(), core::MonoMs{1'000}));
  REQUIRE(caller.receive(answerer.pending(), core::MonoMs{1'000}));
  CHECK(caller.stats().bundles_sent[core::lane_index(Lane::record)] == 1);
  CHECK(east.holding(verdict) == hub.holding(verdict));
}

TEST_CASE("a first message that is played back a hundred times changes nothing after the first") {
  Campaign campaign{82};
  CampaignNode& east = campaign["east"];
  CampaignNode& hub = campaign.hub();
  for (int i = 0; i < 3; ++i) east.write(Lane::record, 300);
  const core::Bytes first = first_message(east, hub);
  hear(hub, first);
  REQUIRE(hub.digest());
  Meeting{east, hub}.run();
  const auto before = rows_of(hub);
  const core::Frontier reached = hub.shelf->frontier();
  for (int i = 0; i < 100; ++i) hear(hub, first);
  CHECK(hub.shelf->frontier() == reached);
  CHECK_FALSE(hub.digest());
  CHECK(rows_of(hub) == before);
  // And the true caller goes on as if nothing had been.
  Meeting meeting{east, hub};
  meeting.run();
  CHECK(meeting.both_idle());
  CHECK(meeting.moved() <= 220);
}

TEST_CASE("an old first message brings back what a relay has freed only as far as any carrier could") {
  Campaign campaign{83};
  CampaignNode& east = campaign["east"];
  CampaignNode& relay = campaign["relay"];
  const BundleId id = east.write(Lane::record, 300);
  const core::Bytes first = first_message(east, relay);
  hear(relay, first);
  CHECK_FALSE(relay.holding(id).empty());
  Meeting{relay, campaign.hub()}.run();
  REQUIRE(relay.holding(id).empty());  // freed under the receipt
  hear(relay, first);
  CHECK(relay.holding(id).empty());  // which still stands
  relay.membership.revoke({east.member.number, {}});
  Session session = Session::answerer(relay.session_setup(), core::MonoMs{1'000});
  const auto heard = session.receive(first, core::MonoMs{1'000});
  REQUIRE_FALSE(heard);
  CHECK(heard.error().code == Code::kRevoked);
}

TEST_CASE("with the first message come bundles of control and record, and nothing else") {
  const auto refused = [](const protocol::Message& message) {
    Campaign campaign{84};
    Session victim = Session::answerer(campaign.hub().session_setup(), core::MonoMs{1'000});
    protocol::Hello hello = Liar::plain_hello(campaign["relay"]);
    protocol::append_message(hello.messages, message);
    Liar liar{campaign["relay"], campaign.hub().member, victim, hello};
    return victim.failure() && victim.failure()->code == Code::kMalformed;
  };
  const core::Bytes some(20, 1);
  CHECK(refused(protocol::Plain{MessageKind::done}));
  CHECK(refused(protocol::Plain{MessageKind::ping}));
  CHECK(refused(protocol::ReceiptPart{true, some}));
  CHECK(refused(protocol::FrontierPart{}));
  CHECK(refused(protocol::Stored{{0}}));
  CHECK(refused(protocol::DataPiece{Lane::photo, 0, some}));
}

TEST_CASE("who is asked for its certificate brings its bundles again with it") {
  Campaign campaign{85};
  const auto fresh = campaign.stranger(50, core::Role::site);
  const BundleId id = fresh->write(Lane::record, 300);
  Meeting meeting{*fresh, campaign.hub()};
  meeting.run();
  REQUIRE(meeting.both_idle());
  CHECK(campaign.hub().holding(id) == fresh->holding(id));
  CHECK(meeting.caller().stats().bundles_sent[core::lane_index(Lane::record)] == 1);
  CHECK(meeting.answerer().stats().bundles_received[core::lane_index(Lane::record)] == 1);
}

TEST_CASE("what was on the line when it broke does not go with the next first message") {
  Campaign campaign{86};
  CampaignNode& east = campaign["east"];
  for (int i = 0; i < 4; ++i) east.write(Lane::record, 300);
  const std::size_t with_records = first_message(east, campaign.hub()).size();
  Meeting cut{east, campaign.hub(), {.cut_after = with_records + 100}};
  cut.run();
  REQUIRE(cut.cut());
  const std::size_t without = first_message(east, campaign.hub()).size();
  CHECK(with_records > 2'000);
  CHECK(without < 200);
  east.write(Lane::record, 100);
  CHECK(first_message(east, campaign.hub()).size() > without + 300);  // the new one does
  Meeting whole{east, campaign.hub()};
  whole.run();
  CHECK(whole.both_idle());
  CHECK(campaign.hub().shelf->frontier().at(east.log(Lane::record)).value == 5);
}

TEST_CASE("on a line known to be slow the first message holds one second of it") {
  Campaign campaign{87};
  CampaignNode& east = campaign["east"];
  for (int i = 0; i < 30; ++i) east.write(Lane::record, 400);
  Meeting slow{east, campaign.hub()};
  slow.run_for(60'000, 1'500);
  REQUIRE(slow.both_idle());
  for (int i = 0; i < 30; ++i) east.write(Lane::record, 400);
  const std::size_t size = first_message(east, campaign.hub()).size();
  CHECK(size > 1'000);
  CHECK(size < 1'500 + 700);
}
