#pragma once

#include <deque>
#include <optional>
#include <set>

#include "core/base/rng.h"
#include "core/base/time.h"
#include "protocol/beacon/datagram.h"

namespace satchel::protocol {

/// How the nodes of one campaign find each other on a local network: when to call, what to say, whom to believe. Sans-IO: the
/// owner sends and receives datagrams, by multicast and to one address.
///
///   A ── call (to everyone, nonce a) ──► B       B has heard A, or somebody who plays an old call of A again
///   A ◄── answer (to A alone, echo a) ── B       A knows: B is alive, and reached from there, now
///
/// Only an answer to our own fresh call proves that a node is there; a call proves nothing but that a member once said it. So
/// whoever plays datagrams again makes nobody dial, and gets at most one answer for each.
class Beacon {
 public:
  struct Setup {
    core::CampaignId campaign;
    core::ByteView group_key;  ///< borrowed for the constructor
    core::NodeNumber self;
    std::uint16_t port = 0;    ///< where we take links; 0: nowhere, others need not try
    core::Rng* rng = nullptr;  ///< borrowed for the beacon's life
  };
  Beacon(const Setup& setup, core::MonoMs now);

  /// The next call to everyone is due.
  core::MonoMs deadline() const { return next_call_; }
  /// The call, when it is due.
  std::optional<core::Bytes> wake(core::MonoMs now);
  /// An interface came up or got an address: calls soon, and quickly at first.
  void network_changed(core::MonoMs now);

  struct Heard {
    core::NodeNumber node;
    std::uint16_t port = 0;
    bool proven = false;  ///< it answered a fresh call of ours; else it called
    core::Nonce24 nonce{};
  };
  /// From anybody, any bytes. nullopt: nothing to heed (a stranger's, our own, one that was here before, an answer to nothing).
  std::optional<Heard> receive(core::ByteView datagram, core::MonoMs now);
  /// The answer to a call that was heard, for its sender alone; nullopt when we have said enough for the moment.
  std::optional<core::Bytes> answer(const Heard& call, core::MonoMs now);
  /// A call to the sender of a call that was heard, so that it proves itself; nullopt when we have said enough for the moment.
  std::optional<core::Bytes> ask(core::MonoMs now);

 private:
  using Echo = std::array<std::uint8_t, kBeaconEchoSize>;
  struct Asked {
    Echo echo{};
    core::MonoMs at;
  };
  core::Bytes call(core::MonoMs now);
  core::Bytes seal(const BeaconWord& word, const core::Nonce24& nonce) const;
  core::Nonce24 fresh_nonce();
  bool may_reply(core::MonoMs now);
  std::int64_t jittered(std::int64_t ms);

  core::CampaignId campaign_;
  core::SecretBytes key_;
  core::NodeNumber self_;
  std::uint16_t port_;
  core::Rng* rng_;
  core::MonoMs next_call_;
  std::size_t quick_ = 0;
  std::deque<Asked> asked_;
  std::deque<Echo> heard_;  ///< oldest first
  std::set<Echo> heard_set_;
  std::int64_t replies_milli_;  ///< thousandths of datagrams that we may still send
  core::MonoMs replies_at_;
};

}  // namespace satchel::protocol
