#pragma once

#include <optional>

#include "core/crypto/secret.h"
#include "protocol/datagram/packet.h"

namespace satchel::protocol {

struct NetworkPlaceTag;
/// Where datagrams come from and go to: an IPv6 address (or ::ffff: and an IPv4 one), then the port, both in network order.
using NetworkPlace = core::FixedBytes<NetworkPlaceTag, 18>;

/// What an answerer does with a datagram of no stream that it knows, without remembering anything: a stranger who writes other
/// people's addresses on his datagrams gets nothing kept here, and no more bytes sent there than he spent himself.
class Gate {
 public:
  /// `key` (32 bytes) makes the passes; the same key after a restart keeps them good.
  explicit Gate(core::SecretBytes key) : key_(std::move(key)) {}

  struct Verdict {
    bool admit = false;                 ///< begin a stream with this packet
    std::optional<core::Bytes> answer;  ///< else send this back, if anything
  };
  /// `room`: whether another stream may begin.
  Verdict judge(const Packet& packet, const NetworkPlace& from, bool room) const;
  /// Good for everything at this network address, whatever the port, for as long as the key lives. It opens nothing: it only
  /// spares the round trip that shows that somebody there hears us.
  Pass pass_for(const NetworkPlace& place) const;

 private:
  core::SecretBytes key_;
};

/// "No such stream": the answer to whoever goes on with one that is over.
core::Bytes gone_packet(ConnectionId id, bool by_answerer);

}  // namespace satchel::protocol
