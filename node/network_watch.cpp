#include "node/network_watch.h"

#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>

#include "node/awaiting.h"

namespace satchel::node {

namespace asio = boost::asio;

void NetworkWatch::open() {
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (fd < 0) return;
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
  sockaddr generic{};
  static_assert(sizeof generic >= sizeof address);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    return;
  }
  socket_.assign(fd);
  asio::co_spawn(socket_.get_executor(), watch(), no_exception);
}

asio::awaitable<void> NetworkWatch::watch() {
  std::array<char, 8192> news{};
  while (socket_.is_open()) {
    const auto target = asio::buffer(news);
    const auto [failed, n] = co_await socket_.async_read_some(target, kAwaitTuple);
    if (!socket_.is_open() || failed == asio::error::operation_aborted || failed == asio::error::eof) break;
    changed_();  // also when news were lost (ENOBUFS): then there were many
  }
}

void NetworkWatch::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace satchel::node
