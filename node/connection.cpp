#include "node/connection.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <vector>

#include "node/awaiting.h"

namespace satchel::node {

namespace asio = boost::asio;
using core::Error;
using core::Result;

namespace {

/// Read at a time, at most: on a line that brings more than we take in, what has piled up meanwhile, so that one sync of the disk
/// confirms all of it.
constexpr std::size_t kReadSize = 256 * 1024;
/// What has been handed to the system can no longer be overtaken by something more urgent: so much of the line's time may wait
/// there, and is written at a time. With a piece before it (protocol::kPieceMs) that stays below a second.
constexpr std::uint64_t kHoldMs = 150;
constexpr std::size_t kHoldLeast = 256;
constexpr std::size_t kHoldMost = 64 * 1024;
/// Until the line is measured.
constexpr std::size_t kHoldUnmeasured = 4 * 1024;
/// Smaller changes are not worth a call.
constexpr std::size_t kHoldStep = 4;
/// How long a peer may take to hear our last words and hang up: a few round trips of a slow line with what lies in its buffers.
constexpr auto kLastWords = std::chrono::seconds(5);

}  // namespace

Connection::Connection(asio::any_io_executor executor, std::shared_ptr<ByteStream> stream, protocol::Session session,
                       const core::Clock& clock, Changed changed)
    : executor_(std::move(executor)),
      stream_(std::move(stream)),
      session_(std::move(session)),
      clock_(clock),
      changed_(std::move(changed)),
      more_to_write_(executor_),
      deadline_moved_(executor_),
      parts_left_(executor_) {
  parts_left_.expires_at(asio::steady_timer::time_point::max());
}

asio::awaitable<Result<void>> Connection::run() {
  const auto self = shared_from_this();
  running_ = 3;
  // Each part holds the connection alive and ends by itself once close() was called; an exception in one is a bug and ends the
  // process, because nothing catches it.
  const auto rethrow = [self](const std::exception_ptr& trouble) {
    if (trouble) std::rethrow_exception(trouble);
    if (--self->running_ == 0) self->parts_left_.cancel();
  };
  asio::co_spawn(executor_, read(), rethrow);
  asio::co_spawn(executor_, write(), rethrow);
  asio::co_spawn(executor_, watch(), rethrow);
  while (running_ > 0) co_await parts_left_.async_wait(kAwaitTuple);
  if (error_) co_return Result<void>{*error_};
  co_return Result<void>{};
}

asio::awaitable<void> Connection::read() {
  const auto self = shared_from_this();
  core::Bytes buffer(kReadSize);
  while (!ended_) {
    const auto arrived = co_await stream_->read(buffer);
    if (ended_) break;
    if (!arrived || *arrived == 0) {
      const auto end = session_.ended();
      // The stream knows better than "broken" why it broke.
      if (!end && !leaving_) fail(arrived || session_.failure()->code != core::Code::kLinkBroken ? end.error() : arrived.error());
      close();
      break;
    }
    if (error_) continue;  // read to the end all the same: unread bytes would make our last words a reset
    const auto taken = session_.receive(core::ByteView{buffer.data(), *arrived}, now());
    if (!taken) {
      fail(taken.error());  // what is pending tells the peer why; the writer closes after it
      continue;
    }
    changed_(*this);
    poke();
  }
}

/// By the pace of the line as the session has measured it.
void Connection::hold_little() {
  const auto rate = session_.send_rate();
  const std::size_t most =
      rate ? static_cast<std::size_t>(std::clamp<std::uint64_t>(*rate * kHoldMs / 1000, kHoldLeast, kHoldMost)) : kHoldUnmeasured;
  const std::size_t change = most > hold_most_ ? most - hold_most_ : hold_most_ - most;
  if (hold_most_ != 0 && change < hold_most_ / kHoldStep) return;
  hold_most_ = most;
  stream_->hold_at_most(most);
}

asio::awaitable<void> Connection::write() {
  const auto self = shared_from_this();
  std::vector<std::uint8_t> chunk(kHoldMost);
  std::optional<Error> broken;
  while (!ended_ && !broken) {
    const core::ByteView pending = session_.pending();
    if (pending.empty()) {
      if (session_.idle() && session_.told_too_much()) leaving_ = true;
      if (leaving_) break;
      more_to_write_.expires_at(asio::steady_timer::time_point::max());
      co_await more_to_write_.async_wait(kAwaitTuple);
      continue;
    }
    hold_little();
    // A copy: what is pending may move when more is added while the stream is busy.
    const std::size_t size = std::min(pending.size(), hold_most_);
    std::copy_n(pending.begin(), size, chunk.begin());
    const core::ByteView source{chunk.data(), size};
    const auto taken = co_await stream_->write(source);
    if (!taken) {
      broken = taken.error();
      continue;
    }
    session_.sent(*taken, now());
    changed_(*this);
    deadline_moved_.cancel();
  }
  // Our side is said, and the peer ends its side when it has heard that; or the line is gone, and what came before it went is
  // still read: it may say why.
  if (!ended_) stream_->finish();
  const auto latest = asio::steady_timer::clock_type::now() + kLastWords;
  while (!ended_ && asio::steady_timer::clock_type::now() < latest) {
    more_to_write_.expires_at(latest);
    co_await more_to_write_.async_wait(kAwaitTuple);
  }
  if (!ended_ && broken && !leaving_) fail(*broken);
  close();
}

asio::awaitable<void> Connection::watch() {
  const auto self = shared_from_this();
  while (!ended_) {
    const std::int64_t wait_ms = std::max<std::int64_t>(0, session_.deadline() - now());
    deadline_moved_.expires_after(std::chrono::milliseconds(wait_ms));
    const auto [interrupted] = co_await deadline_moved_.async_wait(kAwaitTuple);
    if (ended_) break;
    // While the line was away the session's time stood still: it is not that late yet.
    if (interrupted || now() < session_.deadline()) continue;
    if (const auto woken = session_.wake(now()); !woken) {
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
  session_.shelf_changed(now());
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
  stream_->close();
  poke();
}

}  // namespace satchel::node
