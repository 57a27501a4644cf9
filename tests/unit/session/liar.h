#pragma once

#include "protocol/link/link.h"
#include "tests/sim/campaign.h"

namespace satchel::tests {

/// An enrolled node with a mind of its own: says on a proper channel what no session would say.
class Liar {
 public:
  /// Calls `victim`'s node and opens the channel with `hello`.
  Liar(CampaignNode& self, const core::Member& victim_member, protocol::Session& victim, const protocol::Hello& hello);

  static protocol::Hello plain_hello(const CampaignNode& self);
  /// One frame with this message; what the victim's session says to that.
  core::Result<void> say(const protocol::Message& message);
  core::Result<void> say_frame(core::ByteView plain);
  /// Kinds of the messages that the victim has said since the last call.
  std::vector<protocol::MessageKind> heard();

  core::MonoMs now{1'000};

 private:
  core::Result<void> exchange();
  protocol::SessionSetup setup_;
  protocol::Link link_;
  protocol::Session& victim_;
  std::vector<protocol::MessageKind> heard_;
  bool greeted_ = false;
};

}  // namespace satchel::tests
