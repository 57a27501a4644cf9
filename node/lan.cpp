#include "node/lan.h"

#include <boost/asio/co_spawn.hpp>

#include "node/awaiting.h"

namespace satchel::node {

namespace asio = boost::asio;

Lan::Lan(asio::io_context& io, Node& node, Exchange& exchange, const Enrolled& all, std::uint16_t port)
    : io_(io),
      node_(node),
      exchange_(exchange),
      membership_(*all.membership),
      beacon_(
          {all.certificate.campaign, all.campaign.secrets.group_key.view(), all.campaign.number, port, &node.surroundings().rng},
          node.surroundings().clock.mono()),
      peers_(all.campaign.number, port, node.surroundings().rng),
      socket_(io, [this](core::ByteView datagram, const BeaconSocket::Endpoint& from) { on_datagram(datagram, from); }),
      network_(io, [this] { on_network(); }),
      due_(io) {}

bool Lan::start() {
  if (!socket_.open()) return false;
  network_.open();
  asio::co_spawn(io_, call(), no_exception);
  return true;
}

void Lan::stop() {
  stopping_ = true;
  network_.close();
  socket_.close();
  due_.cancel();
}

asio::awaitable<void> Lan::call() {
  while (!stopping_) {
    const std::int64_t wait_ms = std::max<std::int64_t>(0, beacon_.deadline() - now());
    due_.expires_after(std::chrono::milliseconds(wait_ms));
    co_await due_.async_wait(kAwaitTuple);
    if (stopping_) break;
    const auto said = beacon_.wake(now());
    if (!said) continue;
    socket_.refresh();
    socket_.say_to_all(*said);
    close_spares();
  }
}

void Lan::on_network() {
  socket_.refresh();
  beacon_.network_changed(now());
  due_.cancel();
}

void Lan::on_datagram(core::ByteView datagram, const BeaconSocket::Endpoint& from) {
  const auto word = beacon_.receive(datagram, now());
  if (!word || membership_.revoked(word->node)) return;
  const std::string host = from.address().to_string();
  const Peers::Heard heard{word->node, host, word->port, exchange_.links_with(word->node) > 0};
  if (word->proven) {
    if (!peers_.on_proof(heard, now())) return;
    asio::co_spawn(io_, visit(word->node, Address{host, std::to_string(word->port)}), no_exception);
    return;
  }
  std::optional<core::Bytes> reply;
  switch (peers_.on_call(heard, now())) {
    case Peers::Reply::nothing: return;
    case Peers::Reply::ask: reply = beacon_.ask(now()); break;
    case Peers::Reply::answer: reply = beacon_.answer(*word, now()); break;
  }
  if (reply) socket_.say_to(*reply, from);
}

asio::awaitable<void> Lan::visit(core::NodeNumber node, Address address) {
  visiting_.insert(node);
  const bool met = co_await exchange_.meet_found(address, node);
  visiting_.erase(node);
  peers_.dialled_out(node, address.host, met, now());
  if (met && !stopping_) {  // it may have come back already, at another address
    beacon_.network_changed(now());
    due_.cancel();
  }
}

void Lan::close_spares() {
  for (const core::NodeNumber node : visiting_) {
    const std::size_t links = exchange_.links_with(node);
    if (links > 1 && peers_.spare(node, exchange_.calls_to(node) > 1, now())) exchange_.leave_found(node);
  }
}

}  // namespace satchel::node
