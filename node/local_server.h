#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <optional>
#include <string>

#include "node/exchange.h"
#include "node/node.h"

namespace satchel::node {

/// Longest request on the local socket: a reject of ten thousand students has about 200 KB.
inline constexpr std::size_t kRequestMax = 4U << 20;

/// The table of operations on a Unix socket that only the node's owner may open. One request a connection, as one line of JSON:
///   {"operation":NAME,"arguments":{…}}
/// answered by any number of lines {"progress":{…}} and one last {"exit":N,"body":{…}} or {"error":"E-…","detail":…}.
class LocalServer {
 public:
  LocalServer(boost::asio::io_context& io, Node& node, Exchange& exchange) : io_(io), node_(node), exchange_(exchange) {}
  /// kListenFailed. A socket file that a killed node left behind is replaced: the database's lock says that none runs.
  core::Result<void> listen();
  void stop();

 private:
  using Socket = boost::asio::local::stream_protocol::socket;
  boost::asio::awaitable<void> accept_clients();
  boost::asio::awaitable<void> serve(std::shared_ptr<Socket> client);
  boost::asio::awaitable<core::Result<Answer>> run(std::shared_ptr<Socket> client, std::string request);

  boost::asio::io_context& io_;
  Node& node_;
  Exchange& exchange_;
  std::optional<boost::asio::local::stream_protocol::acceptor> acceptor_;
  bool stopping_ = false;
};

/// Options of `sync` out of its arguments; kUsage or kAddressBad.
struct SyncRequest {
  Address address;
  Exchange::MeetingOptions options;
};
core::Result<SyncRequest> parse_sync(const boost::json::object& arguments);

/// One line of a client: which operation, and what it is given. kUsage for anything else.
struct LocalRequest {
  std::string operation;
  boost::json::object arguments;
};
core::Result<LocalRequest> parse_local_request(std::string_view line);

/// The Error that an {"error":…} line stands for.
core::Error error_from(std::string_view id, std::string detail);

}  // namespace satchel::node
