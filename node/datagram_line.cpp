#include "node/datagram_line.h"

#include <algorithm>

#include "node/awaiting.h"
#include "node/datagram_socket.h"

namespace satchel::node {

namespace asio = boost::asio;
using core::Code;
using core::Error;
using core::Result;
using Stage = protocol::DatagramStream::Stage;

DatagramLine::DatagramLine(asio::io_context& io, DatagramSocket& socket, protocol::DatagramStream stream,
                           const core::Clock& clock, const Route& route)
    : socket_(&socket), stream_(std::move(stream)), clock_(clock), route_(route), to_read_(io), to_write_(io) {}

bool DatagramLine::over() const { return stream_.stage() == Stage::over || stream_.stage() == Stage::broken; }

void DatagramLine::stir() {
  to_read_.cancel();
  if (over() || stream_.room() > 0) to_write_.cancel();
}

asio::awaitable<Result<std::size_t>> DatagramLine::read(std::span<std::uint8_t> into) {
  while (true) {
    const core::ByteView arrived = stream_.arrived();
    if (closed_) co_return Result<std::size_t>{Error{Code::kLinkBroken, {}}};
    if (!arrived.empty()) {
      const std::size_t n = std::min(arrived.size(), into.size());
      std::copy_n(arrived.begin(), n, into.begin());
      stream_.taken(n);
      co_return Result<std::size_t>{n};
    }
    // When we have said our end, the other side should learn that we have heard its own before a program ends.
    if (stream_.peer_finished() && (!finished_ || over())) co_return Result<std::size_t>{std::size_t{0}};
    if (over()) {
      const auto& failure = stream_.failure();
      co_return Result<std::size_t>{failure ? *failure : Error{Code::kLinkBroken, {}}};
    }
    to_read_.expires_at(asio::steady_timer::time_point::max());
    co_await to_read_.async_wait(kAwaitTuple);
  }
}

asio::awaitable<Result<std::size_t>> DatagramLine::write(core::ByteView bytes) {
  while (!closed_ && !over()) {
    const std::size_t n = std::min(stream_.room(), bytes.size());
    if (n > 0) {
      stream_.write(bytes.first(n));
      if (socket_ != nullptr) socket_->drive(*this);
      co_return Result<std::size_t>{n};
    }
    to_write_.expires_at(asio::steady_timer::time_point::max());
    co_await to_write_.async_wait(kAwaitTuple);
  }
  const auto& failure = stream_.failure();
  co_return Result<std::size_t>{failure ? *failure : Error{Code::kLinkBroken, {}}};
}

void DatagramLine::finish() {
  if (std::exchange(finished_, true) || closed_) return;
  stream_.finish();
  if (socket_ != nullptr) socket_->drive(*this);
}

void DatagramLine::close() {
  if (closed_) return;
  if (stream_.peer_finished()) {
    finish();
  } else {
    stream_.abandon();
  }
  closed_ = true;
  closed_at_ = clock_.mono_us();
  if (socket_ != nullptr) socket_->drive(*this);
  to_read_.cancel();
  to_write_.cancel();
}

}  // namespace satchel::node
