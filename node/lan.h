#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <set>

#include "node/beacon_socket.h"
#include "node/exchange.h"
#include "node/network_watch.h"
#include "node/peers.h"
#include "protocol/beacon/beacon.h"

namespace satchel::node {

/// Finds the other nodes of the campaign on the local network and keeps links to them: the beacon, its sockets, and whom to meet.
class Lan {
 public:
  /// For an enrolled node. `port`: where the exchange takes links from the local network; 0: nowhere.
  Lan(boost::asio::io_context& io, Node& node, Exchange& exchange, const Enrolled& all, std::uint16_t port);
  /// False when this machine has no multicast: then typed addresses remain.
  bool start();
  void stop();

 private:
  boost::asio::awaitable<void> call();
  boost::asio::awaitable<void> visit(core::NodeNumber node, Address address);
  void on_datagram(core::ByteView datagram, const BeaconSocket::Endpoint& from);
  void on_network();
  void close_spares();
  core::MonoMs now() const { return node_.surroundings().clock.mono(); }

  boost::asio::io_context& io_;
  Node& node_;
  Exchange& exchange_;
  const core::Membership& membership_;
  protocol::Beacon beacon_;
  Peers peers_;
  BeaconSocket socket_;
  NetworkWatch network_;
  boost::asio::steady_timer due_;
  std::set<core::NodeNumber> visiting_;
  bool stopping_ = false;
};

}  // namespace satchel::node
