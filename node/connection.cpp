#include "node/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>

#include "node/awaiting.h"

namespace satchel::node {

namespace asio = boost::asio;
using core::Error;
using core::Result;

namespace {

/// Read at a time: a few frames.
constexpr std::size_t kReadSize = 32 * 1024;
/// Written at a time: what has been handed to the kernel can no longer be overtaken by something more urgent.
constexpr std::size_t kWriteSize = 4 * 1024;
/// How long a peer may take to hear our last words and hang up: a few round trips of a slow line with what lies in its buffers.
constexpr auto kLastWords = std::chrono::seconds(5);
/// Bytes that the kernel may hold unsent (TCP_NOTSENT_LOWAT): a default send buffer is 85 s of waiting at 20 kbit/s.
constexpr int kUnsentMost = 8 * 1024;

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, protocol::Session session, const core::Clock& clock, Changed changed)
    : socket_(std::move(socket)),
      session_(std::move(session)),
      clock_(clock),
      changed_(std::move(changed)),
      more_to_write_(socket_.get_executor()),
      deadline_moved_(socket_.get_executor()),
      parts_left_(socket_.get_executor()) {
  parts_left_.expires_at(asio::steady_timer::time_point::max());
}

void Connection::tune() {
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  const int fd = socket_.native_handle();
  const int unsent = kUnsentMost;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
  // Where the kernel has it: the usual loss-based control collapses at 5 to 8 % loss. Without it the default stays.
  ::setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "bbr", 3);
}

asio::awaitable<Result<void>> Connection::run() {
  const auto self = shared_from_this();
  tune();
  running_ = 3;
  const auto executor = socket_.get_executor();
  // Each part holds the connection alive and ends by itself once close() was called; an exception in one is a bug and ends the
  // process, because nothing catches it.
  const auto rethrow = [self](const std::exception_ptr& trouble) {
    if (trouble) std::rethrow_exception(trouble);
    if (--self->running_ == 0) self->parts_left_.cancel();
  };
  asio::co_spawn(executor, read(), rethrow);
  asio::co_spawn(executor, write(), rethrow);
  asio::co_spawn(executor, watch(), rethrow);
  while (running_ > 0) co_await parts_left_.async_wait(kAwaitTuple);
  if (error_) co_return Result<void>{*error_};
  co_return Result<void>{};
}

asio::awaitable<void> Connection::read() {
  const auto self = shared_from_this();
  std::array<std::uint8_t, kReadSize> buffer{};
  while (!ended_) {
    const auto target = asio::buffer(buffer);
    const auto [failed, n] = co_await socket_.async_read_some(target, kAwaitTuple);
    if (ended_) break;
    if (failed) {
      if (const auto end = session_.ended(); !end && !leaving_) fail(end.error());
      close();
      break;
    }
    if (error_) continue;  // read to the end all the same: unread bytes would make our last words a reset
    const auto taken = session_.receive(core::ByteView{buffer.data(), n}, clock_.mono());
    if (!taken) {
      fail(taken.error());  // what is pending tells the peer why; the writer closes after it
      continue;
    }
    changed_(*this);
    poke();
  }
}

asio::awaitable<void> Connection::write() {
  const auto self = shared_from_this();
  std::array<std::uint8_t, kWriteSize> chunk{};
  while (!ended_) {
    const core::ByteView pending = session_.pending();
    if (pending.empty()) {
      if (leaving_) break;
      more_to_write_.expires_at(asio::steady_timer::time_point::max());
      co_await more_to_write_.async_wait(kAwaitTuple);
      continue;
    }
    // A copy: what is pending may move when more is added while the socket is busy.
    const std::size_t size = std::min(pending.size(), chunk.size());
    std::copy_n(pending.begin(), size, chunk.begin());
    const auto source = asio::buffer(chunk.data(), size);
    const auto [failed, n] = co_await socket_.async_write_some(source, kAwaitTuple);
    if (failed) {
      close();
      break;
    }
    session_.sent(n, clock_.mono());
    changed_(*this);
    deadline_moved_.cancel();
  }
  // Our side is said; the peer ends its side when it has heard that.
  boost::system::error_code ignored;
  if (!ended_) socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  const auto latest = asio::steady_timer::clock_type::now() + kLastWords;
  while (!ended_ && asio::steady_timer::clock_type::now() < latest) {
    more_to_write_.expires_at(latest);
    co_await more_to_write_.async_wait(kAwaitTuple);
  }
  close();
}

asio::awaitable<void> Connection::watch() {
  const auto self = shared_from_this();
  while (!ended_) {
    const std::int64_t wait_ms = std::max<std::int64_t>(0, session_.deadline() - clock_.mono());
    deadline_moved_.expires_after(std::chrono::milliseconds(wait_ms));
    const auto [interrupted] = co_await deadline_moved_.async_wait(kAwaitTuple);
    if (ended_) break;
    if (interrupted) continue;
    if (const auto woken = session_.wake(clock_.mono()); !woken) {
      fail(woken.error());
      close();
      break;
    }
    changed_(*this);
    poke();
  }
}

void Connection::fail(const Error& error) {
  if (!error_) error_ = error;
  leaving_ = true;
  poke();
}

void Connection::shelf_changed() {
  if (ended_) return;
  session_.shelf_changed(clock_.mono());
  poke();
}

void Connection::leave() {
  leaving_ = true;
  poke();
}

void Connection::drop() { close(); }

void Connection::poke() {
  more_to_write_.cancel();
  deadline_moved_.cancel();
}

void Connection::close() {
  if (ended_) return;
  ended_ = true;
  boost::system::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  poke();
}

}  // namespace satchel::node
