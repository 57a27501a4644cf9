#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/time.h"
#include "node/carrier.h"
#include "protocol/session/session.h"

namespace satchel::node {

/// One link: moves bytes between a stream and a protocol::Session, and keeps the session's deadlines. All of it runs on one
/// executor: one reader, one writer, one watch, no locks.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// Called after something arrived or was confirmed, on the connection's executor.
  using Changed = std::function<void(Connection&)>;

  Connection(boost::asio::any_io_executor executor, std::shared_ptr<ByteStream> stream, protocol::Session session,
             const core::Clock& clock, Changed changed);

  /// Runs until the session ends: by leave(), by the peer, by an error, by silence. The result is the session's.
  boost::asio::awaitable<core::Result<void>> run();
  /// Something is new in the shelf.
  void shelf_changed();
  /// Ends the connection: at once, or when all that is pending is written.
  void leave();
  void drop();

  const protocol::Session& session() const { return session_; }
  ByteStream& stream() { return *stream_; }
  const ByteStream& stream() const { return *stream_; }
  bool ended() const { return ended_; }
  /// Who is there has been shown, and nothing has gone wrong so far.
  bool proven() const { return session_.peer().has_value() && session_.state() != protocol::Session::State::greeting && !error_; }
  /// Why it ended, if not because both sides were done.
  const std::optional<core::Error>& error() const { return error_; }

 private:
  boost::asio::awaitable<void> read();
  boost::asio::awaitable<void> write();
  boost::asio::awaitable<void> watch();
  void hold_little();
  /// The session's time: it stands still while the line is away.
  core::MonoMs now() const { return {(clock_.mono_us().value - stream_->away_us()) / 1000}; }
  void fail(const core::Error& error);
  void poke();
  void close();

  boost::asio::any_io_executor executor_;
  std::shared_ptr<ByteStream> stream_;
  protocol::Session session_;
  const core::Clock& clock_;
  Changed changed_;
  boost::asio::steady_timer more_to_write_;
  boost::asio::steady_timer deadline_moved_;
  boost::asio::steady_timer parts_left_;
  std::optional<core::Error> error_;
  std::size_t hold_most_ = 0;  ///< what the stream was last told to hold back at most
  bool leaving_ = false;
  bool ended_ = false;
  int running_ = 0;
};

}  // namespace satchel::node
