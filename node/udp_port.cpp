#include "node/udp_port.h"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <cstring>

#include "node/awaiting.h"

namespace satchel::node {

namespace asio = boost::asio;
using boost::system::error_code;
using core::Code;
using core::Error;
using core::Result;
using protocol::NetworkPlace;
using udp = asio::ip::udp;

namespace {

constexpr std::size_t kControlSize = 256;
/// A quarter of a second at 20 Mbit/s; the system may give less.
constexpr int kSystemQueue = 512 * 1024;
constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool is_mapped(const std::uint8_t* address) { return std::equal(kMapped.begin(), kMapped.end(), address); }

NetworkPlace place_of(const sockaddr_storage& from) {
  std::array<std::uint8_t, NetworkPlace::kSize> bytes{};
  if (from.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &from, sizeof v4);
    std::copy(kMapped.begin(), kMapped.end(), bytes.begin());
    std::memcpy(&bytes[12], &v4.sin_addr, 4);
    std::memcpy(&bytes[16], &v4.sin_port, 2);
  } else {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &from, sizeof v6);
    std::memcpy(&bytes[0], &v6.sin6_addr, 16);
    std::memcpy(&bytes[16], &v6.sin6_port, 2);
  }
  return *NetworkPlace::from(bytes);
}

/// Its length, or 0 when this socket cannot write there.
socklen_t put_address(sockaddr_storage& out, const NetworkPlace& to, const Route& by, bool v6) {
  const core::ByteView bytes = to.view();
  if (v6) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    std::memcpy(&address.sin6_addr, &bytes[0], 16);
    std::memcpy(&address.sin6_port, &bytes[16], 2);
    if (IN6_IS_ADDR_LINKLOCAL(&address.sin6_addr)) address.sin6_scope_id = by.interface;
    std::memcpy(&out, &address, sizeof address);
    return sizeof address;
  }
  if (!is_mapped(bytes.data())) return 0;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  std::memcpy(&address.sin_addr, &bytes[12], 4);
  std::memcpy(&address.sin_port, &bytes[16], 2);
  std::memcpy(&out, &address, sizeof address);
  return sizeof address;
}

Route route_of(msghdr& message) {
  Route out;
  for (cmsghdr* one = CMSG_FIRSTHDR(&message); one != nullptr; one = CMSG_NXTHDR(&message, one)) {
    if (one->cmsg_level == IPPROTO_IPV6 && one->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(one), sizeof info);
      std::memcpy(out.own.data(), &info.ipi6_addr, out.own.size());
      out.interface = info.ipi6_ifindex;
    } else if (one->cmsg_level == IPPROTO_IP && one->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(one), sizeof info);
      std::copy(kMapped.begin(), kMapped.end(), out.own.begin());
      std::memcpy(&out.own[12], &info.ipi_spec_dst, 4);
      out.interface = static_cast<unsigned>(info.ipi_ifindex);
    }
  }
  return out;
}

bool known(const Route& by) {
  return std::any_of(by.own.begin(), by.own.end(), [](std::uint8_t byte) { return byte != 0; });
}

/// The control message that names our address; the interface only where an address means nothing without it.
std::size_t put_route(std::array<std::uint8_t, kControlSize>& control, const Route& by, bool v6) {
  cmsghdr head{};
  if (v6) {
    in6_pktinfo info{};
    std::memcpy(&info.ipi6_addr, by.own.data(), by.own.size());
    if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) info.ipi6_ifindex = by.interface;
    head.cmsg_level = IPPROTO_IPV6;
    head.cmsg_type = IPV6_PKTINFO;
    head.cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(&control[CMSG_LEN(0)], &info, sizeof info);
    std::memcpy(control.data(), &head, sizeof head);
    return CMSG_SPACE(sizeof info);
  }
  in_pktinfo info{};
  std::memcpy(&info.ipi_spec_dst, &by.own[12], 4);
  head.cmsg_level = IPPROTO_IP;
  head.cmsg_type = IP_PKTINFO;
  head.cmsg_len = CMSG_LEN(sizeof info);
  std::memcpy(&control[CMSG_LEN(0)], &info, sizeof info);
  std::memcpy(control.data(), &head, sizeof head);
  return CMSG_SPACE(sizeof info);
}

}  // namespace

NetworkPlace place_of(const udp::endpoint& endpoint) {
  sockaddr_storage raw{};
  std::memcpy(&raw, endpoint.data(), endpoint.size());
  return place_of(raw);
}

Result<void> UdpPort::open(const udp::endpoint& here) {
  error_code failed;
  socket_.open(udp::v6(), failed);
  v6_ = !failed;
  asio::ip::address own = here.address();
  if (v6_) {
    socket_.set_option(asio::ip::v6_only(false), failed);
    if (own.is_v4()) own = asio::ip::make_address_v6(asio::ip::v4_mapped, own.to_v4());
  } else {
    socket_.open(udp::v4(), failed);
    if (own.is_v6()) own = asio::ip::address_v4::any();
  }
  if (!failed) socket_.bind(udp::endpoint(own, here.port()), failed);
  if (!failed) socket_.non_blocking(true, failed);
  if (failed) {
    close();
    return Error{Code::kListenFailed, "udp: " + failed.message()};
  }
  tune();
  return {};
}

void UdpPort::tune() {
  const int fd = socket_.native_handle();
  const int yes = 1;
  const int whole = IP_PMTUDISC_DONT;
  ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kSystemQueue, sizeof kSystemQueue);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kSystemQueue, sizeof kSystemQueue);
  if (v6_) {
    ::setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &yes, sizeof yes);
    ::setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &yes, sizeof yes);
  } else {
    ::setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &yes, sizeof yes);
  }
  ::setsockopt(fd, IPPROTO_IP, IP_RECVERR, &yes, sizeof yes);
  // Routers on the way may cut a datagram where a line is narrower still: better than to lose every long one.
  ::setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &whole, sizeof whole);
}

void UdpPort::close() {
  error_code ignored;
  socket_.close(ignored);
}

asio::awaitable<bool> UdpPort::readable() {
  const auto [failed] = co_await socket_.async_wait(udp::socket::wait_read, kAwaitTuple);
  co_return !failed && socket_.is_open();
}

asio::awaitable<bool> UdpPort::writable() {
  const auto [failed] = co_await socket_.async_wait(udp::socket::wait_write, kAwaitTuple);
  co_return !failed && socket_.is_open();
}

bool UdpPort::receive(const Arrived& arrived, const Refused& refused) {
  hear_refusals(refused);
  std::array<std::array<std::uint8_t, kControlSize>, kBatch> control;
  std::array<sockaddr_storage, kBatch> from{};
  std::array<iovec, kBatch> parts{};
  std::array<mmsghdr, kBatch> batch{};
  for (std::size_t i = 0; i < kBatch; ++i) {
    parts[i] = {bytes_[i].data(), bytes_[i].size()};
    msghdr& one = batch[i].msg_hdr;
    one.msg_name = &from[i];
    one.msg_namelen = sizeof from[i];
    one.msg_iov = &parts[i];
    one.msg_iovlen = 1;
    one.msg_control = control[i].data();
    one.msg_controllen = control[i].size();
  }
  const int count = ::recvmmsg(socket_.native_handle(), batch.data(), kBatch, MSG_DONTWAIT, nullptr);
  // An error here is a refusal's echo: it has been told above, and datagrams may wait behind it.
  if (count < 0) return errno != EAGAIN && errno != EWOULDBLOCK && errno != EBADF;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    const std::size_t size = batch[i].msg_len;
    if (size > protocol::kDatagramMax) continue;
    arrived(core::ByteView{bytes_[i].data(), size}, place_of(from[i]), route_of(batch[i].msg_hdr));
  }
  return count > 0;
}

void UdpPort::hear_refusals(const Refused& refused) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    sockaddr_storage to{};
    std::array<std::uint8_t, kControlSize> control{};
    std::array<std::uint8_t, 64> start{};
    iovec part{start.data(), start.size()};
    msghdr message{};
    message.msg_name = &to;
    message.msg_namelen = sizeof to;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (::recvmsg(socket_.native_handle(), &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return;
    for (cmsghdr* one = CMSG_FIRSTHDR(&message); one != nullptr; one = CMSG_NXTHDR(&message, one)) {
      const bool v4 = one->cmsg_level == IPPROTO_IP && one->cmsg_type == IP_RECVERR;
      const bool v6 = one->cmsg_level == IPPROTO_IPV6 && one->cmsg_type == IPV6_RECVERR;
      if (!v4 && !v6) continue;
      sock_extended_err error{};
      std::memcpy(&error, CMSG_DATA(one), sizeof error);
      if (error.ee_errno == ECONNREFUSED) refused(place_of(to));
    }
  }
}

bool UdpPort::send(core::ByteView bytes, const NetworkPlace& to, const Route& by) {
  int error = send_once(bytes, to, by);
  // The system tells an old refusal before it sends something new; and an address of ours may have gone.
  if (error == ECONNREFUSED) error = send_once(bytes, to, by);
  if (error == EINVAL || error == EADDRNOTAVAIL || error == ENETUNREACH || error == ENODEV) {
    error = send_once(bytes, to, Route{{}, by.interface});
  }
  return error != EAGAIN && error != EWOULDBLOCK;
}

int UdpPort::send_once(core::ByteView bytes, const NetworkPlace& to, const Route& by) {
  sockaddr_storage address{};
  const socklen_t size = put_address(address, to, by, v6_);
  if (size == 0) return EAFNOSUPPORT;
  std::array<std::uint8_t, kControlSize> control{};
  iovec part{const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
  msghdr message{};
  message.msg_name = &address;
  message.msg_namelen = size;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (known(by)) {
    message.msg_control = control.data();
    message.msg_controllen = put_route(control, by, v6_);
  }
  return ::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? errno : 0;
}

}  // namespace satchel::node
