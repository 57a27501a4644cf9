// `run`: the node in the foreground.
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "node/awaiting.h"
#include "node/client.h"
#include "node/exchange.h"
#include "node/lan.h"
#include "node/local_server.h"

namespace satchel::node {

namespace asio = boost::asio;
using core::Result;

namespace {

/// Nobody named an address: neighbours must be able to reach us all the same. The usual port if it is free, so that one rule in a
/// firewall is enough; both versions of IP where the machine has both.
std::optional<asio::ip::tcp::endpoint> listen_for_neighbours(Exchange& exchange) {
  for (const char* port : {kUsualPort, "0"}) {
    for (const char* host : {"::", "0.0.0.0"}) {
      const Address address{host, port};
      if (const auto endpoint = exchange.listen(address)) return *endpoint;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<void> run_node(const Surroundings& surroundings, const RunOptions& options, const Progress& ready) {
  SATCHEL_TRY_ASSIGN(const auto node, Node::open(surroundings, options.home));
  SATCHEL_TRY_ASSIGN(Enrolled * all, node->enrolled());
  std::vector<Address> peers;
  for (const std::string& text : options.peers) {
    SATCHEL_TRY_ASSIGN(Address address, parse_address(text));
    peers.push_back(std::move(address));
  }
  const auto carrier = options.carrier.empty() ? CarrierChoice::automatic : parse_carrier(options.carrier);
  if (!carrier) return core::Error{core::Code::kUsage, "carrier"};
  asio::io_context io;
  Exchange exchange{io, *node, *carrier};
  LocalServer local{io, *node, exchange};
  boost::json::object about;
  about["schema"] = "satchel.run/1";
  about["listen"] = nullptr;
  std::uint16_t lan_port = 0;
  if (!options.listen.empty()) {
    SATCHEL_TRY_ASSIGN(const Address address, parse_address(options.listen));
    SATCHEL_TRY_ASSIGN(const auto endpoint, exchange.listen(address));
    about["listen"] = Address{address.host, std::to_string(endpoint.port())}.text();
    if (!endpoint.address().is_loopback()) lan_port = endpoint.port();
  } else if (options.lan) {
    if (const auto endpoint = listen_for_neighbours(exchange)) {
      about["listen"] = Address{endpoint->address().to_string(), std::to_string(endpoint->port())}.text();
      lan_port = endpoint->port();
    }
  }
  about["datagrams"] = exchange.answers_datagrams();
  SATCHEL_TRY(local.listen());
  exchange.changed();  // what lay in the inbox when the last process ended
  for (const Address& peer : peers) asio::co_spawn(io, exchange.keep_meeting(peer), no_exception);
  std::optional<Lan> lan;
  if (options.lan) {
    lan.emplace(io, *node, exchange, *all, lan_port);
    about["lan"] = lan->start();
  } else {
    about["lan"] = false;
  }

  asio::signal_set signals{io, SIGTERM, SIGINT};
  signals.async_wait([&](const boost::system::error_code& cancelled, int) {
    if (cancelled) return;
    if (lan) lan->stop();
    local.stop();
    exchange.stop();
    // What still waits on a timer (a pause before a new dial, a command's meeting) has nothing more to lose: all that was
    // promised is on disk.
    io.stop();
  });
  about["role"] = core::role_name(node->self().role);
  about["name"] = node->self().name;
  about["number"] = all->campaign.number.value;
  about["pid"] = static_cast<std::int64_t>(::getpid());
  node->log().note("running");
  if (ready) ready(about);
  io.run();
  node->log().note("stopped");
  return {};
}

}  // namespace satchel::node
