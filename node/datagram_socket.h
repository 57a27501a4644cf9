#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "core/base/rng.h"
#include "core/base/time.h"
#include "node/datagram_line.h"
#include "node/udp_port.h"
#include "protocol/datagram/gate.h"

namespace satchel::node {

/// All streams of datagrams that go over one UDP socket: gives each what is its own, sends what they have to say when it is due,
/// and answers callers at the gate. A stranger's datagrams leave nothing behind here.
class DatagramSocket {
 public:
  /// A stream that somebody called begins.
  using Called = std::function<void(std::shared_ptr<DatagramLine>)>;
  DatagramSocket(boost::asio::io_context& io, const core::Clock& clock, core::Rng& rng);
  ~DatagramSocket();
  DatagramSocket(const DatagramSocket&) = delete;
  DatagramSocket& operator=(const DatagramSocket&) = delete;

  /// Binds, and begins to hear. Port 0: any, for calling. kListenFailed.
  core::Result<void> open(const boost::asio::ip::udp::endpoint& here);
  /// From now on callers are answered, at most `streams_most` at a time.
  void answer(protocol::Gate gate, std::size_t streams_most, Called called);
  /// Calls. open() first.
  std::shared_ptr<DatagramLine> call(const boost::asio::ip::udp::endpoint& to, std::optional<protocol::Pass> pass,
                                     std::optional<protocol::LineModel::Memory> memory);
  /// Every stream ends; the other sides are told.
  void close();

  /// Sends what `line` has to say now, and sees to what is due later.
  void drive(DatagramLine& line);

 private:
  using Line = std::shared_ptr<DatagramLine>;
  boost::asio::awaitable<void> hear();
  boost::asio::awaitable<void> wait_for_room();
  void on_datagram(core::ByteView bytes, const protocol::NetworkPlace& from, const Route& by);
  void on_stranger(const protocol::Packet& packet, const protocol::NetworkPlace& from, const Route& by);
  void on_refused(const protocol::NetworkPlace& to);
  bool has_room(const protocol::NetworkPlace& from) const;
  void send_due(DatagramLine& line);
  void on_time();
  void arm();
  void let_go();

  boost::asio::io_context& io_;
  const core::Clock& clock_;
  core::Rng& rng_;
  UdpPort port_;
  std::map<protocol::ConnectionId, Line> lines_;
  std::map<protocol::ConnectionId, protocol::NetworkPlace> callers_;  ///< of the streams that we answer: where they began
  std::optional<protocol::Gate> gate_;
  std::size_t streams_most_ = 0;
  Called called_;
  boost::asio::steady_timer due_;
  /// The system's queue is full: this comes first once it is not.
  struct Stuck {
    protocol::DatagramStream::Datagram datagram;
    Route by;
  };
  std::optional<Stuck> stuck_;
  bool closed_ = false;
};

}  // namespace satchel::node
