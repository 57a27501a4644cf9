#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <functional>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "protocol/datagram/gate.h"

namespace satchel::node {

/// By which of our addresses and interfaces a datagram came: what goes back goes the same way, or a computer with two addresses
/// would answer from the one that a router lets nobody hear. Zeros: as the system likes.
struct Route {
  boost::asio::ip::address_v6::bytes_type own{};
  unsigned interface = 0;
};

protocol::NetworkPlace place_of(const boost::asio::ip::udp::endpoint& endpoint);

/// One UDP socket for both versions of IP, or for IPv4 where the machine has no other.
class UdpPort {
 public:
  using Arrived = std::function<void(core::ByteView bytes, const protocol::NetworkPlace& from, const Route& by)>;
  using Refused = std::function<void(const protocol::NetworkPlace& to)>;
  explicit UdpPort(boost::asio::io_context& io) : socket_(io) {}

  /// kListenFailed.
  core::Result<void> open(const boost::asio::ip::udp::endpoint& here);
  bool is_open() const { return socket_.is_open(); }
  void close();

  /// True when something may have come; false when the port was closed.
  boost::asio::awaitable<bool> readable();
  /// True when datagrams may go out again; false when the port was closed.
  boost::asio::awaitable<bool> writable();
  /// Takes in at most one batch of what has come; false when nothing had. `refused`: a system somewhere says that nobody takes
  /// what we sent to that place. Anybody could say so.
  bool receive(const Arrived& arrived, const Refused& refused);
  /// False when the system's queue is full: try again once writable(). What cannot go out for any other reason is lost, as on the
  /// line.
  bool send(core::ByteView bytes, const protocol::NetworkPlace& to, const Route& by);

 private:
  int send_once(core::ByteView bytes, const protocol::NetworkPlace& to, const Route& by);
  void hear_refusals(const Refused& refused);
  void tune();

  /// Taken in by one call of the system.
  static constexpr std::size_t kBatch = 32;
  /// Longer datagrams are nobody's of ours; one byte more tells them apart from the longest.
  static constexpr std::size_t kReceiveSize = protocol::kDatagramMax + 1;

  boost::asio::ip::udp::socket socket_;
  std::array<std::array<std::uint8_t, kReceiveSize>, kBatch> bytes_{};
  bool v6_ = true;
};

}  // namespace satchel::node
