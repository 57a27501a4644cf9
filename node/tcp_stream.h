#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "core/base/time.h"
#include "node/carrier.h"

namespace satchel::node {

/// A connected TCP socket, tuned so that little lies below the scheduler.
class TcpStream final : public ByteStream {
 public:
  TcpStream(boost::asio::ip::tcp::socket socket, const core::Clock& clock);

  boost::asio::awaitable<core::Result<std::size_t>> read(std::span<std::uint8_t> into) override;
  boost::asio::awaitable<core::Result<std::size_t>> write(core::ByteView bytes) override;
  void hold_at_most(std::size_t bytes) override;
  void finish() override;
  void close() override;
  Carrier carrier() const override { return Carrier::tcp; }
  bool answered() const override { return true; }
  /// Since the system last heard an acknowledgement or bytes, while it holds bytes of ours that were not acknowledged.
  std::int64_t still_ms() override;

 private:
  void tune();

  boost::asio::ip::tcp::socket socket_;
  const core::Clock& clock_;
  std::uint64_t written_ = 0;
  std::uint64_t acknowledged_ = 0;
  core::MonoMs moved_at_;
};

}  // namespace satchel::node
