#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/time.h"
#include "protocol/session/session.h"

namespace satchel::node {

/// One link over TCP: moves bytes between a socket and a protocol::Session, and keeps the session's deadlines. All of it runs on
/// the socket's executor: one reader, one writer, one watch, no locks.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// Called after something arrived or was confirmed, on the connection's executor.
  using Changed = std::function<void(Connection&)>;

  Connection(boost::asio::ip::tcp::socket socket, protocol::Session session, const core::Clock& clock, Changed changed);

  /// Runs until the session ends: by leave(), by the peer, by an error, by silence. The result is the session's.
  boost::asio::awaitable<core::Result<void>> run();
  /// Something is new in the shelf.
  void shelf_changed();
  /// Ends the connection: at once, or when all that is pending is written.
  void leave();
  void drop();

  const protocol::Session& session() const { return session_; }
  bool ended() const { return ended_; }
  /// Why it ended, if not because both sides were done.
  const std::optional<core::Error>& error() const { return error_; }

 private:
  boost::asio::awaitable<void> read();
  boost::asio::awaitable<void> write();
  boost::asio::awaitable<void> watch();
  void fail(const core::Error& error);
  void poke();
  void close();
  void tune();

  boost::asio::ip::tcp::socket socket_;
  protocol::Session session_;
  const core::Clock& clock_;
  Changed changed_;
  boost::asio::steady_timer more_to_write_;
  boost::asio::steady_timer deadline_moved_;
  boost::asio::steady_timer parts_left_;
  std::optional<core::Error> error_;
  bool leaving_ = false;
  bool ended_ = false;
  int running_ = 0;
};

}  // namespace satchel::node
