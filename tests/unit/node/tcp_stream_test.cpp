#include "node/tcp_stream.h"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "node/system_clock.h"

using namespace satchel;
using boost::asio::ip::tcp;

namespace {

int unsent_most(int descriptor) {
  int value = 0;
  socklen_t size = sizeof value;
  REQUIRE(::getsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &value, &size) == 0);
  return value;
}

}  // namespace

TEST_CASE("a TCP stream holds back as much as it is told, and may be told again") {
  boost::asio::io_context io;
  tcp::acceptor door{io, {boost::asio::ip::address_v4::loopback(), 0}};
  tcp::socket socket{io};
  socket.connect(door.local_endpoint());
  const int watched = ::dup(socket.native_handle());
  REQUIRE(watched >= 0);
  const node::SystemClock clock;
  node::TcpStream stream{std::move(socket), clock};
  stream.hold_at_most(375);
  CHECK(unsent_most(watched) == 375);
  stream.hold_at_most(64 * 1024);
  CHECK(unsent_most(watched) == 64 * 1024);
  ::close(watched);
}
