#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <functional>
#include <optional>
#include <set>

#include "core/base/bytes.h"

namespace satchel::node {

/// Where beacons are heard (protocol/SPEC.md, "Beacon"): the groups and the port.
inline constexpr std::uint16_t kBeaconPort = 7421;
inline constexpr const char* kBeaconGroup4 = "239.255.74.20";
inline constexpr const char* kBeaconGroup6 = "ff12::5361:7463";

/// Indices of the interfaces that are up and carry multicast; lines to one other side only (PPP, mobile) are left out.
std::set<unsigned> multicast_interfaces();

/// Multicast on the local network: two sockets a version of IP, one that hears the group, one that speaks and is answered.
/// Whatever this machine does not have (no IPv6, no network at all) is left out without an error.
class BeaconSocket {
 public:
  using Endpoint = boost::asio::ip::udp::endpoint;
  /// A datagram came; the bytes are borrowed for the call.
  using Arrived = std::function<void(core::ByteView, const Endpoint&)>;

  BeaconSocket(boost::asio::io_context& io, Arrived arrived);

  /// Opens what is to be had and begins to hear. False when there is no multicast here at all.
  bool open();
  /// Joins the groups on interfaces that have come since.
  void refresh();
  /// To the groups, on every interface.
  void say_to_all(core::ByteView datagram);
  void say_to(core::ByteView datagram, const Endpoint& to);
  void close();

 private:
  using Socket = boost::asio::ip::udp::socket;
  bool open_pair(bool v6, Socket& group, Socket& voice);
  boost::asio::awaitable<void> hear(Socket* socket);

  boost::asio::io_context& io_;
  Arrived arrived_;
  Socket group4_;
  Socket voice4_;
  Socket group6_;
  Socket voice6_;
  std::set<unsigned> joined4_;
  std::set<unsigned> joined6_;
  bool closed_ = false;
};

}  // namespace satchel::node
