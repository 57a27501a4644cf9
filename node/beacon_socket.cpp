#include "node/beacon_socket.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/awaiting.h"

namespace satchel::node {

namespace asio = boost::asio;
using boost::system::error_code;
using udp = asio::ip::udp;

namespace {

/// Of a flood we hear so many datagrams, then pause: the rest is the kernel's to drop. 640 a second of 1 µs each.
constexpr int kHeardAtOnce = 64;
constexpr auto kFloodPause = std::chrono::milliseconds(100);

void speak_on(int fd, bool v6, unsigned interface) {
  const int index = static_cast<int>(interface);
  if (v6) {
    ::setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index);
  } else {
    ip_mreqn choice{};
    choice.imr_ifindex = index;
    ::setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &choice, sizeof choice);
  }
}

/// Already there, or joined now.
bool join(int fd, bool v6, unsigned interface) {
  int failed = 0;
  if (v6) {
    ipv6_mreq wish{};
    const auto group = asio::ip::make_address_v6(kBeaconGroup6).to_bytes();
    std::copy(group.begin(), group.end(), wish.ipv6mr_multiaddr.s6_addr);
    wish.ipv6mr_interface = interface;
    failed = ::setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &wish, sizeof wish);
  } else {
    ip_mreqn wish{};
    wish.imr_multiaddr.s_addr = htonl(asio::ip::make_address_v4(kBeaconGroup4).to_uint());
    wish.imr_ifindex = static_cast<int>(interface);
    failed = ::setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &wish, sizeof wish);
  }
  return failed == 0 || errno == EADDRINUSE;
}

/// Also joins again where the kernel still remembers: an index that went and came is a new interface.
void join_all(udp::socket& socket, bool v6, const std::set<unsigned>& interfaces, std::set<unsigned>& joined) {
  if (!socket.is_open()) return;
  std::erase_if(joined, [&](unsigned index) { return !interfaces.contains(index); });
  for (const unsigned index : interfaces) {
    if (!joined.contains(index) && join(socket.native_handle(), v6, index)) joined.insert(index);
  }
}

}  // namespace

std::set<unsigned> multicast_interfaces() {
  std::set<unsigned> out;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return out;
  for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
    constexpr unsigned kWanted = IFF_UP | IFF_MULTICAST;
    if ((one->ifa_flags & kWanted) != kWanted || (one->ifa_flags & IFF_POINTOPOINT) != 0) continue;
    if (const unsigned index = ::if_nametoindex(one->ifa_name); index != 0) out.insert(index);
  }
  ::freeifaddrs(all);
  return out;
}

BeaconSocket::BeaconSocket(asio::io_context& io, Arrived arrived)
    : io_(io), arrived_(std::move(arrived)), group4_(io), voice4_(io), group6_(io), voice6_(io) {}

bool BeaconSocket::open_pair(bool v6, Socket& group, Socket& voice) {
  const udp protocol = v6 ? udp::v6() : udp::v4();
  error_code failed;
  group.open(protocol, failed);
  if (!failed) voice.open(protocol, failed);
  if (!failed && v6) group.set_option(asio::ip::v6_only(true), failed);
  if (!failed && v6) voice.set_option(asio::ip::v6_only(true), failed);
  // Several nodes of one computer hear the same group.
  if (!failed) group.set_option(udp::socket::reuse_address(true), failed);
  if (!failed) voice.set_option(asio::ip::multicast::hops(1), failed);
  if (!failed) voice.set_option(asio::ip::multicast::enable_loopback(true), failed);
  // Bound to the group itself, so that nothing else that comes to this port is heard; of IPv6 that would take a socket an
  // interface.
  const asio::ip::address here = v6 ? asio::ip::address(asio::ip::address_v6::any()) : asio::ip::make_address(kBeaconGroup4);
  if (!failed) group.bind(Endpoint(here, kBeaconPort), failed);
  if (!failed) voice.bind(Endpoint(protocol, 0), failed);
  // A full queue must not hold up the node: what cannot be said at once is said the next time.
  if (!failed) voice.non_blocking(true, failed);
  if (!failed) return true;
  error_code ignored;
  group.close(ignored);
  voice.close(ignored);
  return false;
}

bool BeaconSocket::open() {
  const bool v4 = open_pair(false, group4_, voice4_);
  const bool v6 = open_pair(true, group6_, voice6_);
  refresh();
  for (Socket* socket : {&group4_, &voice4_, &group6_, &voice6_}) {
    if (socket->is_open()) asio::co_spawn(io_, hear(socket), no_exception);
  }
  return v4 || v6;
}

void BeaconSocket::refresh() {
  const std::set<unsigned> interfaces = multicast_interfaces();
  join_all(group4_, false, interfaces, joined4_);
  join_all(group6_, true, interfaces, joined6_);
}

void BeaconSocket::say_to_all(core::ByteView datagram) {
  const auto bytes = asio::buffer(datagram.data(), datagram.size());
  error_code ignored;  // an interface that has no address of this version, or just went away
  for (const unsigned index : joined4_) {
    speak_on(voice4_.native_handle(), false, index);
    voice4_.send_to(bytes, Endpoint(asio::ip::make_address(kBeaconGroup4), kBeaconPort), 0, ignored);
  }
  for (const unsigned index : joined6_) {
    asio::ip::address_v6 group = asio::ip::make_address_v6(kBeaconGroup6);
    group.scope_id(index);
    speak_on(voice6_.native_handle(), true, index);
    voice6_.send_to(bytes, Endpoint(group, kBeaconPort), 0, ignored);
  }
}

void BeaconSocket::say_to(core::ByteView datagram, const Endpoint& to) {
  Socket& voice = to.address().is_v6() ? voice6_ : voice4_;
  if (!voice.is_open()) return;
  error_code ignored;
  voice.send_to(asio::buffer(datagram.data(), datagram.size()), to, 0, ignored);
}

asio::awaitable<void> BeaconSocket::hear(Socket* socket) {
  std::array<std::uint8_t, 256> bytes{};  // longer ones are cut, and refused for their length
  int heard = 0;
  while (!closed_) {
    Endpoint from;
    const auto target = asio::buffer(bytes);
    const auto [failed, n] = co_await socket->async_receive_from(target, from, kAwaitTuple);
    if (closed_ || failed == asio::error::operation_aborted || failed == asio::error::bad_descriptor) break;
    if (!failed) arrived_(core::ByteView{bytes.data(), n}, from);
    // An error here is an echo of something that we sent and nobody took; many of them are a flood as well.
    if (++heard < kHeardAtOnce) continue;
    heard = 0;
    asio::steady_timer timer{io_};
    timer.expires_after(kFloodPause);
    co_await timer.async_wait(kAwaitTuple);
  }
}

void BeaconSocket::close() {
  closed_ = true;
  error_code ignored;
  for (Socket* socket : {&group4_, &voice4_, &group6_, &voice6_}) socket->close(ignored);
}

}  // namespace satchel::node
