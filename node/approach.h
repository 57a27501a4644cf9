#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "node/connection.h"
#include "node/datagram_line.h"
#include "node/dialling.h"
#include "node/exchange.h"
#include "node/place_memory.h"

namespace satchel::node {

/// One meeting's way to a place: calls it over one carrier or both as Dialling says, keeps the link that proved itself first, and
/// changes to a fresh one when that sleeps. Its owner calls look() whenever wait() returns, until it says no more.
class Approach : public std::enable_shared_from_this<Approach> {
 public:
  using Live = std::shared_ptr<Connection>;
  /// `peer`: whom we expect there, if anybody.
  Approach(Exchange& exchange, Address address, CarrierChoice choice, std::optional<core::Member> peer);

  /// Finds the addresses of the name. kPeerUnreachable.
  boost::asio::awaitable<core::Result<void>> resolve();
  /// Does what is due. False when the meeting is over, or nobody was reached.
  bool look();
  /// Until something may have happened, at most `most_ms`.
  boost::asio::awaitable<void> wait(std::int64_t most_ms);
  void poke() { stirred_.cancel(); }
  /// Ends all of it at once.
  void drop();

  /// The standing link, or where there is none yet the one that is furthest; null.
  Live link() const;
  /// A link stood at some time.
  bool met() const { return standing_ != nullptr; }
  /// All links, for what they moved.
  const std::vector<Live>& links() const { return links_; }
  /// Why there is no meeting, or why it ended; nullopt when both sides were done.
  std::optional<core::Error> error() const;
  /// What the next meeting should know, begun from what was known before this one.
  PlaceMemory learned() const;

 private:
  struct Attempt {
    explicit Attempt(boost::asio::io_context& io) : socket(io), limit(io) {}
    boost::asio::ip::tcp::socket socket;
    boost::asio::steady_timer limit;
    bool dropped = false;
  };
  core::MonoMs now() const;
  void obey(const Dialling::Order& order);
  void begin_call();
  void call_next_place();
  void begin_dial();
  boost::asio::awaitable<void> connect(std::shared_ptr<Attempt> attempt);
  void begin_link();
  void drop(Carrier by);
  void watch_call();
  void watch_tcp();
  void stand(Live& link);
  void note_failure(const std::optional<core::Error>& error);

  Exchange& exchange_;
  Address address_;
  CarrierChoice choice_;
  std::optional<core::Member> peer_;
  PlaceMemory before_;
  Dialling dialling_;
  std::vector<boost::asio::ip::tcp::endpoint> places_;
  boost::asio::steady_timer stirred_;

  Live standing_;
  Live call_;                           ///< by datagrams, not proven yet
  std::shared_ptr<DatagramLine> line_;  ///< of the last call
  std::size_t call_at_ = 0;             ///< in places_
  core::MonoMs call_began_;
  std::shared_ptr<Attempt> attempt_;  ///< of TCP, until its link begins
  Live tcp_;                          ///< by TCP, not proven yet
  std::vector<Live> links_;
  std::optional<core::Error> error_;
  bool called_ = false;
  bool over_ = false;
};

}  // namespace satchel::node
