// What an enrolled peer may say. The first byte chooses: 0 a hello, 1 a frame's messages, read alone and written again; 2 a hello
// over a real channel; 3 frames (each after its length in two bytes) over a real channel.
#include "protocol/link/link.h"
#include "tests/sim/campaign.h"

namespace {

using namespace satchel;
using core::Bytes;
using core::ByteView;
using protocol::Link;
using protocol::Session;

void check_hello(ByteView bytes) {
  const auto hello = protocol::decode_hello(bytes);
  if (hello) SATCHEL_CHECK(core::same_bytes(protocol::encode(*hello), bytes));
}

/// A code of a newer version is read as a refusal: such a message is not written as it was.
bool names_a_code(const protocol::Message& message) {
  if (std::holds_alternative<protocol::Bye>(message)) return true;
  return std::holds_alternative<protocol::Answer>(message) &&
         std::get<protocol::Answer>(message).kind == protocol::MessageKind::refuse;
}

void check_messages(ByteView bytes) {
  const auto decoded = protocol::decode_frame(bytes);
  if (!decoded) return;
  const std::vector<protocol::Message> messages = *decoded;
  Bytes again;
  for (const protocol::Message& message : messages) {
    if (names_a_code(message)) return;
    protocol::append_message(again, message);
  }
  SATCHEL_CHECK(core::same_bytes(again, bytes));
}

protocol::Hello plain_hello(const tests::CampaignNode& self) {
  protocol::Hello hello;
  hello.node = self.member.number;
  hello.role = self.member.role;
  return hello;
}

/// A site with something to send is told all this by a relay.
void over_a_channel(ByteView hello, ByteView frames) {
  static tests::Campaign campaign{1};
  static const core::BundleId waiting = campaign["east"].write(core::Lane::record, 100);
  tests::CampaignNode& east = campaign["east"];
  tests::CampaignNode& relay = campaign["relay"];
  const core::MonoMs now{1'000};
  const protocol::SessionSetup setup = relay.session_setup();
  Link link = Link::caller(setup.link, east.member);
  Session session = Session::answerer(east.session_setup(), now);
  const Bytes ours = hello.empty() ? protocol::encode(plain_hello(relay)) : core::to_bytes(hello);
  if (ours.size() > protocol::kHelloMax || !link.greet(ours)) return;
  static_cast<void>(session.receive(link.pending(), now).has_value());
  link.sent(link.pending().size());
  link.feed(session.pending());
  session.sent(session.pending().size(), now);
  static_cast<void>(link.next().has_value());
  core::ByteReader in{frames};
  while (in.remaining() > 2 && link.stage() == Link::Stage::open && !session.failure()) {
    const ByteView plain = in.raw(std::min<std::size_t>({in.u16(), in.remaining(), protocol::kFramePlainMax}));
    if (!link.send(plain)) break;
    static_cast<void>(session.receive(link.pending(), now).has_value());
    link.sent(link.pending().size());
    session.sent(session.pending().size(), now);
  }
  SATCHEL_CHECK(!east.shelf->receipt());  // only the hub can sign one
  SATCHEL_CHECK((*east.shelf->waiting())[core::lane_index(core::Lane::record)].bundles == 1);
  SATCHEL_CHECK(!east.holding(waiting).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView rest{data + 1, size - 1};
  switch (data[0] & 3U) {
    case 0: check_hello(rest); break;
    case 1: check_messages(rest); break;
    case 2: over_a_channel(rest, {}); break;
    default: over_a_channel({}, rest);
  }
  return 0;
}
