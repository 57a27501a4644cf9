#include "tests/unit/session/liar.h"

namespace satchel::tests {

using protocol::Link;

Liar::Liar(CampaignNode& self, const core::Member& victim_member, protocol::Session& victim, const protocol::Hello& hello)
    : setup_(self.session_setup()), link_(Link::caller(setup_.link, victim_member)), victim_(victim) {
  SATCHEL_CHECK(link_.greet(protocol::encode(hello)).has_value());
  static_cast<void>(exchange().has_value());
}

protocol::Hello Liar::plain_hello(const CampaignNode& self) {
  protocol::Hello hello;
  hello.node = self.member.number;
  hello.role = self.member.role;
  return hello;
}

core::Result<void> Liar::say(const protocol::Message& message) {
  core::Bytes frame;
  protocol::append_message(frame, message);
  return say_frame(frame);
}

core::Result<void> Liar::say_frame(core::ByteView plain) {
  SATCHEL_CHECK(link_.send(plain).has_value());
  return exchange();
}

core::Result<void> Liar::exchange() {
  const core::Bytes ours = core::to_bytes(link_.pending());
  link_.sent(ours.size());
  auto received = victim_.receive(ours, now);
  while (!victim_.pending().empty()) {
    const core::Bytes theirs = core::to_bytes(victim_.pending());
    victim_.sent(theirs.size(), now);
    link_.feed(theirs);
    while (true) {
      const auto payload = link_.next();
      if (!payload || !*payload) break;
      if (!std::exchange(greeted_, true)) continue;  // the victim's hello
      const auto messages = protocol::decode_frame(**payload);
      SATCHEL_CHECK(messages.has_value());
      std::size_t at = 0;
      for (std::size_t i = 0; i < messages->size(); ++i) {
        heard_.push_back(static_cast<protocol::MessageKind>((**payload)[at]));
        core::ByteReader in{core::ByteView{**payload}.subspan(at + 1)};
        const std::size_t before = in.remaining();
        const std::size_t size = in.sized(protocol::kFramePlainMax).size();
        static_cast<void>(size);
        at += 1 + before - in.remaining();
      }
    }
  }
  return received;
}

std::vector<protocol::MessageKind> Liar::heard() { return std::exchange(heard_, {}); }

}  // namespace satchel::tests
