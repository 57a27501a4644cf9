#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "node/answer.h"
#include "node/connection.h"
#include "node/datagram_socket.h"
#include "node/node.h"
#include "node/place_memory.h"

namespace satchel::node {

/// Where a node waits for links when nobody says otherwise.
inline constexpr const char* kUsualPort = "7420";

struct Address {
  std::string host;
  std::string port;
  std::string text() const;
};
/// "192.0.2.7:7420", "[2001:db8::7]:7420", "hub.example:7420". kAddressBad.
core::Result<Address> parse_address(std::string_view text);

class Approach;

/// All the links of one node: dials, listens, and tells every open session when the shelf has something new. Runs on one thread:
/// the io_context's.
class Exchange {
 public:
  Exchange(boost::asio::io_context& io, Node& node, CarrierChoice carrier = CarrierChoice::automatic)
      : io_(io), node_(node), carrier_(carrier), digest_due_(io) {}

  struct MeetingOptions {
    bool until_done = false;
    std::optional<std::int64_t> deadline_ms;
    bool originals = false;                ///< send them however long the line takes (protocol/link/limits.h, kOriginalsWithinMs)
    std::optional<CarrierChoice> carrier;  ///< else that of the exchange
  };
  /// Meets the node at `address` as `sync` does: one meeting, or again and again until all that is ours has a receipt and all
  /// that is for us is here. The answer is satchel.sync/1; errors are those of which the user must know before any meeting took
  /// place.
  boost::asio::awaitable<core::Result<Answer>> sync(Address address, MeetingOptions options, Progress progress);

  /// Waits for callers, by TCP and, on the same port number, by datagrams as far as the choice of carrier allows. Without
  /// datagrams, where their port is taken, TCP remains. kListenFailed. Gives the port that was picked.
  core::Result<boost::asio::ip::tcp::endpoint> listen(const Address& address);
  /// Callers are answered by datagrams as well.
  bool answers_datagrams() const { return answers_ != nullptr; }
  /// Keeps a link to `address` open, and dials again when it breaks; ends with stop().
  boost::asio::awaitable<void> keep_meeting(Address address);
  /// Meets `node`, which was found at `address`, until the link ends. True when there was a meeting.
  boost::asio::awaitable<bool> meet_found(Address address, core::NodeNumber node);
  /// Ends the meeting that meet_found() keeps with `node`, when all that is pending is written.
  void leave_found(core::NodeNumber node);
  /// Links that stand (or are being made) with a node, whoever dialled; and those of them that we dialled.
  std::size_t links_with(core::NodeNumber node) const;
  std::size_t calls_to(core::NodeNumber node) const;
  /// After an operation wrote something: opens what came in, and tells the sessions.
  void changed();
  /// Closes everything.
  void stop();

 private:
  friend class Approach;
  using Live = std::shared_ptr<Connection>;
  /// What a whole sync moved, over all its meetings.
  struct Totals {
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::array<std::uint64_t, 4> sent{};
    std::array<std::uint64_t, 4> received{};
    std::uint64_t refused = 0;
    std::vector<protocol::RefusedBundle> refused_list;
    std::string peer;
    protocol::Tally originals_held;  ///< at the end of the last meeting
    std::optional<Carrier> carrier;  ///< of the last meeting
    int meetings = 0;
    void add(const Approach& approach);
  };
  /// What one `sync` was asked for, and how far it is.
  struct Task {
    Address address;
    MeetingOptions options;
    Progress progress;
    core::MonoMs begun;
    Totals totals;
    bool late(core::MonoMs now) const { return options.deadline_ms && now - begun >= *options.deadline_ms; }
  };

  boost::asio::awaitable<void> accept_callers();
  void answer_datagrams(const boost::asio::ip::tcp::endpoint& beside);
  void on_call(std::shared_ptr<ByteStream> stream);
  boost::asio::awaitable<void> serve(Live connection);
  std::shared_ptr<Approach> approach(const Address& address, CarrierChoice choice, std::optional<core::Member> peer);
  /// Runs an approach to its end, and keeps what was learned.
  boost::asio::awaitable<void> see_through(std::shared_ptr<Approach> approach, Address address);
  /// True when there is nothing left to do at this peer.
  boost::asio::awaitable<core::Result<bool>> meet(std::shared_ptr<Task> task);
  void further(Task& task, Approach& approach, bool& finished);
  void tell_progress(const Task& task, const Connection& link) const;
  boost::asio::awaitable<void> pause(std::int64_t ms);
  core::Result<Live> open(std::shared_ptr<ByteStream> stream, bool calling, std::optional<core::Member> peer);
  core::Result<protocol::SessionSetup> session_setup();
  core::Result<void> learn(const core::Member& member);
  void on_changed(Connection& connection);
  void drop_sleeping(const Connection& awake);
  void stir();
  void digest_soon();
  /// Own bundles that the hub's receipt does not cover; `but_originals`: those of the other lanes.
  core::Result<std::uint64_t> unreceipted(bool but_originals = false) const;
  core::Result<Answer> sync_answer(const Task& task, std::string_view outcome, const std::optional<core::Error>& error) const;
  std::optional<core::Member> remembered(const Address& address);
  void remember(const Address& address, const PlaceMemory& memory);
  /// By which we call with datagrams; null where there are none.
  DatagramSocket* calling_socket();

  boost::asio::io_context& io_;
  Node& node_;
  CarrierChoice carrier_;
  std::optional<boost::asio::ip::tcp::acceptor> acceptor_;
  std::unique_ptr<DatagramSocket> answers_;
  std::unique_ptr<DatagramSocket> calls_;
  std::vector<std::weak_ptr<Approach>> approaches_;
  boost::asio::steady_timer digest_due_;
  bool digest_is_due_ = false;
  std::int64_t digest_took_ms_ = 0;  ///< the last one
  std::optional<core::MonoMs> digested_at_;
  std::set<Live> live_;
  std::set<const Connection*> called_;  ///< those of live_ that we dialled
  std::map<core::NodeNumber, std::shared_ptr<Approach>> found_;
  /// What a session had taken in when we last looked.
  struct Seen {
    std::uint64_t bundles = 0;
    std::uint64_t receipts = 0;
    std::uint64_t beyond = 0;  ///< Shelf::beyond_news(): a new life is due
    bool operator==(const Seen&) const = default;
  };
  std::map<const Connection*, Seen> seen_;
  int originals_wanted_ = 0;  ///< calls of sync() that want originals by any line
  bool stopping_ = false;
};

}  // namespace satchel::node
