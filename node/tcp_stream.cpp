#include "node/tcp_stream.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <boost/asio/buffer.hpp>

#include "node/awaiting.h"

namespace satchel::node {

namespace asio = boost::asio;
using core::Code;
using core::Error;
using core::Result;

TcpStream::TcpStream(asio::ip::tcp::socket socket, const core::Clock& clock)
    : socket_(std::move(socket)), clock_(clock), moved_at_(clock.mono()) {
  tune();
}

void TcpStream::tune() {
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  const int fd = socket_.native_handle();
  // Where the kernel has it: the usual loss-based control collapses at 5 to 8 % loss. Without it the default stays.
  ::setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "bbr", 3);
}

/// A default send buffer is 85 s of waiting at 20 kbit/s.
void TcpStream::hold_at_most(std::size_t bytes) {
  const int unsent = static_cast<int>(bytes);
  ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

asio::awaitable<Result<std::size_t>> TcpStream::read(std::span<std::uint8_t> into) {
  const auto target = asio::buffer(into.data(), into.size());
  const auto [failed, n] = co_await socket_.async_read_some(target, kAwaitTuple);
  if (failed == asio::error::eof) co_return Result<std::size_t>{std::size_t{0}};
  if (failed) co_return Result<std::size_t>{Error{Code::kLinkBroken, {}}};
  moved_at_ = clock_.mono();
  co_return Result<std::size_t>{n};
}

asio::awaitable<Result<std::size_t>> TcpStream::write(core::ByteView bytes) {
  const auto source = asio::buffer(bytes.data(), bytes.size());
  const auto [failed, n] = co_await socket_.async_write_some(source, kAwaitTuple);
  if (failed) co_return Result<std::size_t>{Error{Code::kLinkBroken, {}}};
  written_ += n;
  co_return Result<std::size_t>{n};
}

void TcpStream::finish() {
  boost::system::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void TcpStream::close() {
  boost::system::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

std::int64_t TcpStream::still_ms() {
  int held = 0;
  if (!socket_.is_open() || ::ioctl(socket_.native_handle(), SIOCOUTQ, &held) != 0 || held <= 0) {
    moved_at_ = clock_.mono();
    return 0;
  }
  const std::uint64_t acknowledged = written_ - std::min<std::uint64_t>(written_, static_cast<std::uint64_t>(held));
  if (acknowledged != acknowledged_) {
    acknowledged_ = acknowledged;
    moved_at_ = clock_.mono();
  }
  return clock_.mono() - moved_at_;
}

}  // namespace satchel::node
