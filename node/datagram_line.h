#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "node/carrier.h"
#include "node/udp_port.h"
#include "protocol/datagram/stream.h"

namespace satchel::node {

class DatagramSocket;

/// One stream of datagrams as a link uses it. Its socket drives it: what comes, what goes out, and when.
class DatagramLine final : public ByteStream {
 public:
  DatagramLine(boost::asio::io_context& io, DatagramSocket& socket, protocol::DatagramStream stream, const core::Clock& clock,
               const Route& route);

  boost::asio::awaitable<core::Result<std::size_t>> read(std::span<std::uint8_t> into) override;
  boost::asio::awaitable<core::Result<std::size_t>> write(core::ByteView bytes) override;
  void finish() override;
  /// When both ends are said the socket still answers what was lost of them, for a while; else the other side is told.
  void close() override;
  Carrier carrier() const override { return Carrier::datagrams; }
  bool answered() const override { return stream_.answered(); }
  std::int64_t away_us() const override { return stream_.away_us(clock_.mono_us()); }
  std::int64_t still_ms() override { return stream_.silent_us(clock_.mono_us()) / 1000; }

  const protocol::DatagramStream& stream() const { return stream_; }
  /// A system on the way says that nobody takes datagrams there.
  bool refused() const { return refused_; }

 private:
  friend class DatagramSocket;
  /// Lets those who wait look again.
  void stir();
  bool over() const;

  DatagramSocket* socket_;  ///< null once it is gone
  protocol::DatagramStream stream_;
  const core::Clock& clock_;
  Route route_;
  boost::asio::steady_timer to_read_;
  boost::asio::steady_timer to_write_;
  bool finished_ = false;
  bool closed_ = false;
  bool refused_ = false;
  core::MonoUs closed_at_;
};

}  // namespace satchel::node
